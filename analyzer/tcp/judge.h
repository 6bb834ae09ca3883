// Judges every segment of a connection: what happened to it and why. Most verdicts are final at
// once; those about what became of bytes wait for the peer's answer, within bounds.
#pragma once

#include <array>
#include <cstdint>

#include "analyzer/tcp/hearing.h"

namespace tapdeck {

class Judge {
 public:
  struct Result {
    SendSpace::Seen seen;
    SendSpace::Acknowledged acknowledged;
    bool predicted = false;  // nothing but its placement and its ACK can be said of it
    std::array<TcpState, 2> states_before{TcpState::established, TcpState::established};
  };

  /// Takes the segment into both send spaces and judges it. `verdict` comes with what isn't the
  /// judge's to say: its acceptance, and what it is to the connection.
  Result on_segment(const Case& at_hand, Verdict verdict);

  /// Nothing is missing and nothing is being repaired, in either direction: a segment that comes as
  /// predicted will change nothing but how far both ends got, and answer verdicts that wait.
  [[nodiscard]] bool is_quiet(const Case& at_hand) const;
  /// The segment is one of those. Requires: is_quiet() after the segment before it; it begins at
  /// snd_nxt, is acceptable, brings bytes or acknowledges some, and has no SACK block.
  [[nodiscard]] bool predicts(const Case& at_hand) const;
  /// What on_segment does and says of a segment that is predicted, without asking.
  Result on_predicted(const Case& at_hand);

  /// The end that this side's SYN went to answered it for the connection that it still holds.
  void note_syn_held(Side side) { x_syn_held[index_of(side)] = true; }

  /// There was another connection on the same sockets before: its SYN had this port too.
  void note_reopened() { x_reopened = true; }

  /// Evidence counts for a while only: settles what nothing that comes now can change.
  void settle_overdue(TcpSlabs& slabs, Moment now);
  /// The connection is over.
  void settle_all(TcpSlabs& slabs);
  [[nodiscard]] bool has_pending() const { return !x_pending.empty(); }
  /// Until the frame and the time all that wait are in reach of evidence. Requires: has_pending().
  [[nodiscard]] Moment due(const TcpSlabs& slabs) const;

  /// Null before the first segment behind the handshake's SYNs.
  [[nodiscard]] const Transfer* sent_by(const TcpSlabs& slabs, Side side) const {
    if (x_transfers == no_slab_index) return nullptr;
    return &slabs.transfers[x_transfers][index_of(side)];
  }

  /// Ranges and records that did not fit, and verdicts that could not wait for all their evidence.
  [[nodiscard]] std::uint64_t details_dropped(const TcpSlabs& slabs) const;
  void clear(TcpSlabs& slabs);

  /// Of slabs, once it has concluded.
  [[nodiscard]] std::size_t octets(const TcpSlabs& slabs) const;

  /// Both ends closed: little will follow.
  void note_over(TcpSlabs& slabs) {
    if (x_transfers == no_slab_index) return;
    for (Transfer& each : slabs.transfers[x_transfers]) each.sent.fit(slabs.sent);
  }

  /// Nothing more will be judged: keeps what reports need and gives the rest back.
  void conclude(TcpSlabs& slabs);

  /// Ask memory for what every segment reads, one step of the way there each.
  void prefetch_transfers(const TcpSlabs& slabs, Side from, bool with_payload) const {
    if (x_transfers == no_slab_index) return;
    sent_by(slabs, from)->prefetch_for_segment(with_payload);
    sent_by(slabs, other(from))->prefetch_for_ack();
  }
  void prefetch_records(const TcpSlabs& slabs, Side from, bool with_payload) const {
    if (x_transfers == no_slab_index) return;
    const Transfer& peers = *sent_by(slabs, other(from));
    peers.sent.prefetch_last();
    peers.round_trip.prefetch(slabs.round_trips);
    if (with_payload) sent_by(slabs, from)->sent.prefetch_end();
  }
  /// The first of its members that every segment reads.
  [[nodiscard]] const void* hot_begin() const { return &x_transfers; }

 private:
  [[nodiscard]] Transfer& transfer(TcpSlabs& slabs, Side side) const {
    return slabs.transfers[x_transfers][index_of(side)];
  }
  void open_transfers(const Case& at_hand);
  void judge_without_history(const Case& at_hand, const Verdict& verdict, Result& result);

  void judge_bytes(Hearing& hearing, Result& result);
  SendSpace::Seen take_bytes(Hearing& hearing);
  void judge_gap(Hearing& hearing, const SendSpace::Seen& seen);
  void judge_sequence(Hearing& hearing, const SendSpace::Seen& seen, SeqNum snd_nxt_before);
  [[nodiscard]] OriginVerdict tell_origin(Hearing& hearing, const SendSpace::Seen& seen,
                                          const SentSegment* earlier, SeqNum snd_nxt_before);
  [[nodiscard]] OriginVerdict tell_shown(Hearing& hearing, const SendSpace::Seen& seen,
                                         const PathView& path);
  [[nodiscard]] OriginVerdict tell_again(const Hearing& hearing, const SentSegment& earlier,
                                         const PathView& path) const;
  void judge_retransmission(Hearing& hearing, const SentSegment* earlier, SeqNum snd_nxt_before);
  void await_delivery(Hearing& hearing, const SentSegment* earlier) const;

  void judge_acknowledgment(Hearing& hearing, Result& result);
  void judge_advance(Hearing& hearing, const SendSpace::Acknowledged& acknowledged);
  void judge_standing_ack(Hearing& hearing, std::uint32_t newly_sacked, bool d_sack);
  std::uint32_t take_sack(Hearing& hearing, bool& d_sack);
  void note_delivered(const Case& at_hand, SeqNum begin, SeqNum end);

  [[nodiscard]] bool is_behind_original(const Hearing& hearing) const;
  void note_repeat_behind_original(const Hearing& hearing);
  void note_later_sending(const Hearing& hearing);
  void note_order_repaired(const Hearing& hearing);
  [[nodiscard]] std::int64_t reach_ns(const Hearing& hearing) const;
  void note_repeated(const Hearing& hearing);
  void finish(Hearing& hearing);
  void settle(TcpSlabs& slabs, PendingVerdict& pending);
  void count(TcpSlabs& slabs, const JudgedSegment& judged);
  [[nodiscard]] VerdictCounters& counters(TcpSlabs& slabs, Side sender) const;

  /// The first SYN and the first SYN+ACK, kept while there are no transfers.
  struct SynMark {
    std::uint64_t frame = 0;
    std::int64_t time_ns = 0;
    SeqNum iss, end;
    std::uint32_t timestamp = 0;
    std::uint16_t ip_id = 0;
    std::uint32_t flow_label = 0;
    IpIdCounter ip_id_counter{};
    std::uint32_t fingerprint = 0;
    SeqNum ack;  // of a SYN+ACK
    std::uint16_t window = 0;
    bool has_ack = false;
  };

  std::array<SynMark, 2> x_syns;
  std::array<bool, 2> x_syn_held{};
  bool x_reopened = false;
  std::array<bool, 2> x_syn_refused{};  // a reset answered this side's SYN
  PendingVerdicts x_pending;
  SlabIndex x_transfers = no_slab_index;
};

}  // namespace tapdeck
