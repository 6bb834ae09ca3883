#include "analyzer/flow/early_packets.h"

#include <limits>
#include <utility>

#include "analyzer/flow/conversation.h"
#include "captures/elapsed.h"

namespace tapdeck {
namespace {

constexpr std::uint8_t ecn_flags = TcpFlags::ece | TcpFlags::cwr;

/// It has nothing that an EarlyPacket can't hold.
bool is_plain(const Datagram& datagram) {
  constexpr std::uint32_t most = std::numeric_limits<std::uint16_t>::max();
  const Segment& segment = datagram.segment;
  const TcpOptions& options = segment.options;
  const PacketMark& mark = datagram.mark;
  return datagram.frames == 1 && datagram.oddities == 0 && !datagram.bad_checksum &&
         datagram.vlan_count == 0 && datagram.tunnels == 0 && datagram.frame_octets <= most &&
         datagram.payload_octets <= most && segment.payload_octets == datagram.payload_octets &&
         segment.urgent_pointer == 0 && segment.opening.late == LateSign::none &&
         options.sack_block_count == 0 && !options.has_fast_open && !options.has_multipath &&
         !options.has_signature && !options.malformed && mark.vlans == 0 &&
         mark.hop_limit == segment.hop_limit && mark.has_ip_id == (segment.ip_id != 0) &&
         !mark.of_several_interfaces;
}

bool is_opening(const Datagram& datagram) {
  return (datagram.segment.flags | ecn_flags) == (TcpFlags::syn | ecn_flags) &&
         datagram.payload_octets == 0;
}

}  // namespace

bool EarlyPackets::takes(const EarlyPacketSlab& slab, const Conversation& conversation,
                         const Datagram& datagram) const {
  if (x_count == bound || !is_plain(datagram)) return false;
  if (empty()) return is_opening(datagram);
  return goes_on(conversation, datagram) && !may_be_copy(slab, conversation, datagram);
}

/// The SYN once more or the SYN+ACK that answers it, then bytes in order and ACKs of what was sent:
/// what changes no other state and ends nothing. What became of a SYN before it was sent again is
/// shown by segments alone.
bool EarlyPackets::goes_on(const Conversation& conversation, const Datagram& datagram) const {
  constexpr std::uint64_t most_frames = std::numeric_limits<std::uint32_t>::max();
  if (datagram.time_ns < conversation.end_ns ||
      datagram.frame_number - conversation.first_frame > most_frames) {
    return false;
  }
  const Segment& segment = datagram.segment;
  const Side from = conversation.side_of(datagram.direction);
  const SeqNum peers_snd_nxt = x_snd_nxt[index_of(other(from))];
  const bool is_first = conversation.stage == Stage::attempt && from == Side::server;
  if (!is_first && segment.flow_label != x_flow_labels[index_of(from)]) return false;
  if (conversation.stage == Stage::attempt) {
    constexpr std::uint8_t syn_ack = TcpFlags::syn | TcpFlags::ack;
    if (from == Side::client) {
      return is_opening(datagram) && segment.seg_seq + 1 == x_snd_nxt[index_of(from)];
    }
    return (segment.flags | ecn_flags) == (syn_ack | ecn_flags) && segment.payload_octets == 0 &&
           segment.seg_ack == peers_snd_nxt;
  }
  return (segment.flags | TcpFlags::psh) == (TcpFlags::ack | TcpFlags::psh) &&
         segment.seg_seq == x_snd_nxt[index_of(from)] &&
         at_or_before(segment.seg_ack, peers_snd_nxt);
}

/// As RecentPackets will find, who looks closer.
bool EarlyPackets::may_be_copy(const EarlyPacketSlab& slab, const Conversation& conversation,
                               const Datagram& datagram) const {
  const std::int64_t silence_ns = elapsed_ns(conversation.end_ns, datagram.time_ns);
  if (datagram.mark.fingerprint == 0 || RecentPackets::forgets_after(silence_ns)) return false;
  SlabIndex index = x_newest;
  for (std::size_t left = x_count; left != 0; --left, index = slab[index].before) {
    if (slab[index].fingerprint == datagram.mark.fingerprint) return true;
  }
  return false;
}

void EarlyPackets::add(EarlyPacketSlab& slab, const Conversation& conversation,
                       const Datagram& datagram) {
  const Segment& segment = datagram.segment;
  const TcpOptions& options = segment.options;
  const Side from = conversation.side_of(datagram.direction);
  const SlabIndex index = slab.take();
  slab[index] = EarlyPacket{
      .time_ns = datagram.time_ns,
      .frames_since_first =
          static_cast<std::uint32_t>(datagram.frame_number - conversation.first_frame),
      .fingerprint = datagram.mark.fingerprint,
      .seg_seq = segment.seg_seq,
      .seg_ack = segment.seg_ack,
      .timestamp_value = options.timestamp_value,
      .timestamp_echo_reply = options.timestamp_echo_reply,
      .before = std::exchange(x_newest, index),
      .frame_octets = static_cast<std::uint16_t>(datagram.frame_octets),
      .payload_octets = static_cast<std::uint16_t>(segment.payload_octets),
      .window_field = segment.window_field,
      .checksum = segment.checksum,
      .payload_sum = segment.payload_sum,
      .ip_id = segment.ip_id,
      .maximum_segment_size = options.maximum_segment_size,
      .flags = segment.flags,
      .hop_limit = segment.hop_limit,
      .traffic_class = segment.traffic_class,
      .interface = datagram.mark.interface,
      .window_scale = options.window_scale,
      .from_client = from == Side::client,
      .has_payload_sum = segment.has_payload_sum,
      .has_timestamps = options.has_timestamps,
      .has_maximum_segment_size = options.has_maximum_segment_size,
      .has_window_scale = options.has_window_scale,
      .sack_permitted = options.sack_permitted,
      .ip_id_counter = segment.opening.ip_id_counter,
  };
  x_snd_nxt[index_of(from)] = segment.seg_seq + segment.seg_len();
  x_flow_labels[index_of(from)] = segment.flow_label;
  ++x_count;
}

void EarlyPackets::restore(const EarlyPacket& packet, const Conversation& conversation,
                           Datagram& datagram) const {
  const Direction forth = conversation.client_direction;
  datagram.key = conversation.key;
  datagram.direction = packet.from_client ? forth : opposite(forth);
  datagram.kind = Datagram::Kind::tcp;
  datagram.frame_number = conversation.first_frame + packet.frames_since_first;
  datagram.time_ns = packet.time_ns;
  datagram.frame_octets = packet.frame_octets;
  datagram.payload_octets = packet.payload_octets;
  datagram.mark = {.fingerprint = packet.fingerprint,
                   .interface = packet.interface,
                   .hop_limit = packet.hop_limit,
                   .has_ip_id = packet.ip_id != 0};
  Segment& segment = datagram.segment;
  segment.seg_seq = packet.seg_seq;
  segment.seg_ack = packet.seg_ack;
  segment.payload_octets = packet.payload_octets;
  segment.window_field = packet.window_field;
  segment.flags = packet.flags;
  segment.options.timestamp_value = packet.timestamp_value;
  segment.options.timestamp_echo_reply = packet.timestamp_echo_reply;
  segment.options.maximum_segment_size = packet.maximum_segment_size;
  segment.options.window_scale = packet.window_scale;
  segment.options.has_timestamps = packet.has_timestamps;
  segment.options.has_maximum_segment_size = packet.has_maximum_segment_size;
  segment.options.has_window_scale = packet.has_window_scale;
  segment.options.sack_permitted = packet.sack_permitted;
  segment.checksum = packet.checksum;
  segment.payload_sum = packet.payload_sum;
  segment.has_payload_sum = packet.has_payload_sum;
  segment.ip_id = packet.ip_id;
  segment.flow_label = x_flow_labels[index_of(packet.from_client ? Side::client : Side::server)];
  segment.hop_limit = packet.hop_limit;
  segment.opening.ip_id_counter = packet.ip_id_counter;
  segment.traffic_class = packet.traffic_class;
}

void EarlyPackets::clear(EarlyPacketSlab& slab) {
  for (SlabIndex index = x_newest; x_count != 0; --x_count) {
    const SlabIndex before = slab[index].before;
    slab.give_back(index);
    index = before;
  }
  *this = {};
}

}  // namespace tapdeck
