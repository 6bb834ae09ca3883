// Header prediction: most segments bring the next bytes in order or acknowledge some, while nothing
// is wrong. What the other units would find of such a segment is known before it is asked.
#include <algorithm>

#include "analyzer/tcp/delivery_evidence.h"
#include "analyzer/tcp/empty_segments.h"
#include "analyzer/tcp/judge.h"
#include "analyzer/tcp/missing_packets.h"
#include "analyzer/tcp/round_trip_samples.h"
#include "analyzer/tcp/sent_records.h"
#include "analyzer/tcp/window_use.h"
#include "captures/elapsed.h"

namespace tapdeck {
namespace {

bool is_quiet(const Transfer& transfer, const SendSpace& space) {
  return space.has_sent() && space.has_snd_una() && space.is_whole() && transfer.sacked.empty() &&
         transfer.held.idle() && transfer.recovery.phase() == Recovery::Phase::open &&
         !transfer.probing && !transfer.asking && !transfer.probed_with_byte &&
         transfer.lost_at_top == 0 && !transfer.sent.empty() && transfer.window.known &&
         transfer.window.scaled && !transfer.window.of_syn && !transfer.window.closed();
}

/// The octets that its sender offers to take. Requires: the view is of that sender, and the scale
/// is known.
std::uint32_t window_of(const Segment& segment, const ReceiverView& view) {
  return std::uint32_t{segment.window_field} << *view.shift();
}

}  // namespace

bool Judge::is_quiet(const Case& at_hand) const {
  if (x_transfers == no_slab_index) return false;
  const Transfers& transfers = at_hand.slabs.transfers[x_transfers];
  for (const Side side : {Side::client, Side::server}) {
    if (!tapdeck::is_quiet(transfers[index_of(side)], at_hand.endpoints[index_of(side)].send)) {
      return false;
    }
  }
  return true;
}

bool Judge::predicts(const Case& at_hand) const {
  const Segment& segment = at_hand.segment;
  const Transfer& own = transfer(at_hand.slabs, at_hand.from);
  const Transfer& peers = transfer(at_hand.slabs, other(at_hand.from));
  const std::int64_t now = at_hand.moment.time_ns;
  if (segment.window_field == 0 || precedes(segment.seg_ack, peers.window.ack)) return false;
  if (segment.flow_label != own.flow_label.current()) return false;
  const std::uint32_t offered = window_of(segment, at_hand.states.view(at_hand.from));
  if (precedes(segment.seg_ack + offered, peers.window.right_edge)) return false;
  if (segment.payload_octets == 0) {
    return segment.ip_id == 0 || ip_id_distance(own.ip_ids.highest(), segment.ip_id) > 0;
  }
  if (!precedes(segment.data_end(), own.window.right_edge)) return false;
  // Behind a pause it may be a lost tail.
  if (segment.ip_id != 0 && (ip_id_distance(own.ip_ids.highest(), segment.ip_id) == 1)) return true;
  const std::int64_t round_trip = own.round_trip.least() + peers.round_trip.least();
  return wait_ns(own.recovery.last_sent_ns(), now) <= round_trip * 7 / 4;
}

Judge::Result Judge::on_predicted(const Case& at_hand) {
  const Segment& segment = at_hand.segment;
  Transfer& own = transfer(at_hand.slabs, at_hand.from);
  Transfer& peers = transfer(at_hand.slabs, other(at_hand.from));
  const std::int64_t now = at_hand.moment.time_ns;
  if (has_pending()) settle_overdue(at_hand.slabs, at_hand.moment);
  Result result{.seen = at_hand.own_space().on_sent_at_snd_nxt(at_hand.slabs.missing, segment),
                .acknowledged = {},
                .predicted = true,
                .states_before = {TcpState::established, TcpState::established}};
  if (segment.payload_octets != 0) {
    keep_predicted_record(at_hand, own, peers);
    account_flight(own, at_hand.own_space(), now);
  } else {
    note_empty_segment(at_hand, own, peers);
  }
  account_flight(peers, at_hand.peer_space(), now);
  MissingPackets before;
  if (own.ip_ids.steps_over(segment.ip_id)) before.possible = acks_overtaken(at_hand, peers);
  result.acknowledged =
      at_hand.peer_space().on_acknowledged(at_hand.slabs.missing, segment.seg_ack, {});
  if (result.acknowledged.advances)
    note_answer(at_hand, own, peers, x_pending, result.acknowledged);
  measure_round_trip(at_hand, peers, result.acknowledged);
  if (result.acknowledged.advances) peers.recovery.on_advance(segment.seg_ack, now);
  const std::uint32_t offered = window_of(segment, at_hand.states.view(at_hand.from));
  peers.window.field = segment.window_field;
  peers.window.ack = segment.seg_ack;
  peers.window.right_edge = segment.seg_ack + offered;
  peers.flight.greatest_window = std::max(peers.flight.greatest_window, offered);
  note_marks(at_hand, own, before);
  own.flow_label.on_sent(segment.flow_label, now, false);
  return result;
}

}  // namespace tapdeck
