// The first packets of a TCP connection, as long as they are few and ordinary: the handshake, its
// SYN sent again included, and bytes in order behind it. They are kept as they came, for a fraction
// of the memory that tracking takes: most connections of a flood or of an idle crowd never have
// others. Taken in later, they give what they would have given at once.
#pragma once

#include <array>
#include <cstdint>

#include "analyzer/flow/datagram.h"
#include "analyzer/flow/side.h"
#include "analyzer/flow/slab.h"

namespace tapdeck {

/// A datagram without what is the connection's, and without what an ordinary one doesn't have.
struct EarlyPacket {
  std::int64_t time_ns = 0;
  std::uint32_t frames_since_first = 0;
  std::uint32_t fingerprint = 0;  // of its PacketMark
  SeqNum seg_seq, seg_ack;
  std::uint32_t timestamp_value = 0;
  std::uint32_t timestamp_echo_reply = 0;
  SlabIndex before = no_slab_index;  // the packet before it
  std::uint16_t frame_octets = 0;
  std::uint16_t payload_octets = 0;
  std::uint16_t window_field = 0;
  std::uint16_t checksum = 0;
  std::uint16_t payload_sum = 0;
  std::uint16_t ip_id = 0;
  std::uint16_t maximum_segment_size = 0;
  std::uint8_t flags = 0;
  std::uint8_t hop_limit = 0;
  std::uint8_t traffic_class = 0;
  std::uint8_t interface = 0;  // of its PacketMark
  std::uint8_t window_scale = 0;
  bool from_client : 1 = false;
  bool has_payload_sum : 1 = false;
  bool has_timestamps : 1 = false;
  bool has_maximum_segment_size : 1 = false;
  bool has_window_scale : 1 = false;
  bool sack_permitted : 1 = false;
  IpIdCounter ip_id_counter : 2 = IpIdCounter::unknown;
};
static_assert(sizeof(EarlyPacket) == 56);

using EarlyPacketSlab = Slab<EarlyPacket>;

struct Conversation;

class EarlyPackets {
 public:
  /// Kept of one connection at most: a handshake, and a question with its answer.
  static constexpr std::uint8_t bound = 8;

  [[nodiscard]] bool empty() const { return x_count == 0; }
  [[nodiscard]] std::uint8_t count() const { return x_count; }
  [[nodiscard]] std::size_t octets() const { return x_count * sizeof(EarlyPacket); }

  /// Whether the datagram is one of those that can be kept. It is the conversation's next one, if
  /// it has none yet its first.
  [[nodiscard]] bool takes(const EarlyPacketSlab& slab, const Conversation& conversation,
                           const Datagram& datagram) const;
  /// Requires: it takes it.
  void add(EarlyPacketSlab& slab, const Conversation& conversation, const Datagram& datagram);

  /// Calls visit(datagram) for each, in their order, as they came.
  template <class Visit>
  void for_each(const EarlyPacketSlab& slab, const Conversation& conversation, Visit visit) const {
    std::array<SlabIndex, bound> order;
    SlabIndex index = x_newest;
    for (std::size_t left = x_count; left != 0; index = slab[index].before) order[--left] = index;
    Datagram datagram;
    for (std::size_t i = 0; i < x_count; ++i) {
      restore(slab[order[i]], conversation, datagram);
      visit(datagram);
    }
  }

  void clear(EarlyPacketSlab& slab);

  /// Asks memory for the newest.
  void prefetch(const EarlyPacketSlab& slab) const {
    if (x_newest != no_slab_index) prefetch_lines(&slab[x_newest], &slab[x_newest] + 1);
  }

 private:
  void restore(const EarlyPacket& packet, const Conversation& conversation,
               Datagram& datagram) const;
  [[nodiscard]] bool goes_on(const Conversation& conversation, const Datagram& datagram) const;
  [[nodiscard]] bool may_be_copy(const EarlyPacketSlab& slab, const Conversation& conversation,
                                 const Datagram& datagram) const;

  SlabIndex x_newest = no_slab_index;
  // By the sender's Side, once it sent something; all its packets have the one label:
  std::array<SeqNum, 2> x_snd_nxt;
  std::array<std::uint32_t, 2> x_flow_labels{};
  std::uint8_t x_count = 0;
};

}  // namespace tapdeck
