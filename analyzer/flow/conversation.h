// What is kept of every conversation, whatever its protocol.
#pragma once

#include <array>
#include <cstdint>

#include "analyzer/anomalies/episodes.h"
#include "analyzer/flow/datagram.h"
#include "analyzer/flow/early_packets.h"
#include "analyzer/flow/flow_key.h"
#include "analyzer/flow/recent_packets.h"
#include "analyzer/flow/side.h"
#include "analyzer/flow/slab.h"

namespace tapdeck {

struct Traffic {
  std::uint64_t packets = 0;
  std::uint64_t frame_octets = 0;
  std::uint64_t payload_octets = 0;
};

/// Where the octets that an ICMP error quotes lie among those that their sender sent.
enum class QuotedPlace : std::uint8_t { unknown, in_flight, acknowledged, never_sent };

struct IcmpErrors {
  static constexpr std::size_t bound = 8;
  struct Entry {
    std::uint64_t frame = 0;
    std::int64_t time_ns = 0;
    IcmpNotice notice;
    Direction direction{};  // of the quoted packet
    QuotedPlace place{};
    std::uint64_t more = 0;  // past the bound, that say the same
    Moment last;             // of these
  };
  std::array<Entry, bound> entries{};  // the first ones
  std::uint64_t count = 0;
};

/// The place among conversations that expire alike. The order is that of `since_ns`; activity since
/// then shows in Conversation::end_ns, and only whoever looks for silent ones brings it up to date,
/// so that a packet touches no neighbour.
struct ActivityLinks {
  std::int64_t since_ns = 0;
  SlabIndex older = no_slab_index;
  SlabIndex newer = no_slab_index;
};

/// Kinds of conversations that end alike. Where memory is short they give way in this order.
enum class Stage : std::uint8_t {
  attempt,  // TCP: nothing of the handshake but the first SYN
  over,     // TCP: as TcpConnection::is_over
  idle,     // what has no connection of its own
  open,     // TCP
};

/// What a conversation shows as its packets are taken in. In the order of use: what each packet
/// touches lies together.
struct alignas(64) ConversationDetails {
  std::array<Traffic, 2> traffic;  // by the sender's Side
  std::uint64_t last_frame = 0;
  RecentPackets recent;
  std::array<WayOfSide, 2> ways;  // by the sender's Side
  std::int64_t start_ns = 0;
  SlabIndex watch = no_slab_index;  // TCP: what the detectors of anomalies remember

  SlabIndex icmp_errors = no_slab_index;
  std::uint64_t ended_frame = 0;
  Episodes episodes;
  std::uint32_t tunnels = 0;  // of the first packet, one-way ids included
  ClientKnownBy client_known_by{};
  bool flipped = false;                       // the server was seen first
  std::uint8_t icmp_type = 0, icmp_code = 0;  // of the first packet
  bool vlans_dropped = false;                 // there were more than `vlans` holds
  std::uint8_t vlan_count = 0;
  std::array<std::uint16_t, Datagram::vlan_bound> vlans{};  // ids seen, in order of appearance

  void note_vlans(const Datagram& datagram);

  /// Asks memory for what every packet touches.
  void prefetch() const { prefetch_lines_of(*this, this, &icmp_errors); }
};

/// What finds a conversation, and ends it.
struct alignas(64) Conversation {
  FlowKey key;
  std::uint32_t hash = 0;
  SlabIndex tcp = no_slab_index;
  /// The connection on the same sockets that this one, still an attempt, would replace.
  SlabIndex predecessor = no_slab_index;
  Direction client_direction{};  // of packets that the client sends
  Stage stage{};
  bool unsettled = false;                  // TCP: verdicts wait, and the table knows
  ConversationDetails* details = nullptr;  // in a slab; null until it is tracked
  std::int64_t end_ns = 0;
  std::uint64_t first_frame = 0;
  ActivityLinks activity;
  EarlyPackets early;  // TCP: all there are, while it isn't tracked

  [[nodiscard]] bool is_tracked() const { return details != nullptr; }
  [[nodiscard]] Side side_of(Direction direction) const {
    return direction == client_direction ? Side::client : Side::server;
  }
  [[nodiscard]] Socket socket_of(Side side) const {
    return key.sender(side == Side::client ? client_direction : opposite(client_direction));
  }
  [[nodiscard]] bool awaits_damage_report() const {
    constexpr auto waits = WayOfSide::Damaged::waits;
    return details->ways[0].damaged == waits || details->ways[1].damaged == waits;
  }
  /// A packet of this conversation, whatever it is. Requires: it is tracked.
  void count(const Datagram& datagram);
};

}  // namespace tapdeck
