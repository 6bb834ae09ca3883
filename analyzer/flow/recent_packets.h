// The last packets of a conversation, by their marks: finds what the capture holds twice, because a
// mirror copied it on its way in and out, because it passed two interfaces or VLANs that were both
// captured, or because a router sent it on. Such a copy is nothing that a host sent or received.
#pragma once

#include <algorithm>
#include <array>
#include <bitset>
#include <cstdint>

#include "analyzer/flow/packet_mark.h"
#include "analyzer/flow/slab.h"
#include "analyzer/tcp/moment.h"

namespace tapdeck {

/// How often each kind of copy was found, and where.
struct CopyCounters {
  std::uint64_t other_interface = 0;
  std::uint64_t other_vlan = 0;
  std::uint64_t routed = 0;       // the hop limit differs
  std::uint64_t mirrored = 0;     // nothing differs, and the whole conversation is doubled
  std::uint64_t loop_passes = 0;  // from the third pass of one packet on, its hop limit falling
  Moment first, last;
  Moment first_loop, last_loop;

  [[nodiscard]] std::uint64_t total() const {
    return other_interface + other_vlan + routed + mirrored;
  }
};

struct SeenPacket {
  std::uint32_t fingerprint = 0;
  std::uint32_t time = 0;     // in units of 1024 ns, modulo 2^32
  std::uint32_t ordinal = 0;  // how many telling ones were before it
  std::uint8_t interface = 0;
  std::uint8_t vlans = 0;
  std::uint8_t hop_limit = 0;
  std::uint8_t sightings : 4 = 1;  // up to 15
  std::uint8_t falls : 3 = 0;      // of the hop limit, at one place; up to 7
  bool captured_twice : 1 = false;
};

/// More packets, kept of a conversation once one of them came twice, or where more than one
/// interface was captured: each delivers its packets in blocks.
struct DoubledPackets {
  static constexpr std::size_t sets = 16, ways = 8, size = sets * ways;
  using Set = std::array<SeenPacket, ways>;

  [[nodiscard]] static constexpr std::size_t set_of(std::uint32_t fingerprint) {
    return (fingerprint >> 1U) % sets;
  }
  [[nodiscard]] SeenPacket& next_place(std::uint32_t fingerprint) {
    const std::size_t set = set_of(fingerprint);
    return recent[set][next_way[set]++ % ways];
  }

  std::array<Set, sets> recent;
  std::array<std::uint8_t, sets> next_way{};
  std::bitset<size> came_twice;  // of the last telling packets, the newest first
  std::uint64_t undecided = 0;   // copies that the network may have made
  CopyCounters counters;
};

struct DoubledPacketsSlab : Slab<DoubledPackets> {
  /// Records in use at once; a conversation without one finds fewer copies.
  static constexpr std::size_t bound = 256;
  std::uint64_t refused = 0;  // conversations that got none when they asked
};

/// Whether a packet twice the same says something: empty segments without IP ID may be two
/// acknowledgments, a SYN is never sent again as soon as copies come.
enum class Repeatable : std::uint8_t { yes, unlikely, no };

enum class Sighting : std::uint8_t {
  fresh,
  again,  // a copy, maybe of the network's making
  copy,   // the capture's own
};

class RecentPackets {
 public:
  /// Two sightings that lie further apart are two packets.
  static constexpr std::int64_t longest_apart_ns = 10'000'000;
  /// After so long since the newest packet none can be a copy, and none is to be looked up: times
  /// are told apart within an hour only.
  [[nodiscard]] static constexpr bool forgets_after(std::int64_t silence_ns) {
    return silence_ns > 2 * longest_apart_ns;
  }

  /// False: look_up would find it fresh.
  [[nodiscard]] bool may_hold(const PacketMark& mark) const {
    bool holds = x_record != no_slab_index;
    for (const SeenPacket& seen : x_seen) holds |= seen.fingerprint == mark.fingerprint;
    return holds && mark.fingerprint != 0;
  }

  /// What the packet is; one that is `fresh` is then to be remembered.
  [[nodiscard]] Sighting look_up(DoubledPacketsSlab& slab, const PacketMark& mark, Moment moment,
                                 Repeatable repeatable);
  void remember(DoubledPacketsSlab& slab, const PacketMark& mark, Moment moment,
                Repeatable repeatable);

  /// Whatever was found, undecided copies included where most packets came twice.
  [[nodiscard]] CopyCounters copies(const DoubledPacketsSlab& slab) const;
  void clear(DoubledPacketsSlab& slab);
  /// That it takes of the slab.
  [[nodiscard]] std::size_t octets() const {
    return x_record == no_slab_index ? 0 : sizeof(DoubledPackets);
  }

 private:
  static constexpr std::size_t size = 4;

  [[nodiscard]] SeenPacket* find(DoubledPacketsSlab& slab, std::uint32_t fingerprint,
                                 std::uint32_t time);
  [[nodiscard]] Sighting judge(DoubledPacketsSlab& slab, SeenPacket& seen, const PacketMark& mark,
                               Moment moment, Repeatable repeatable);
  void take_record(DoubledPacketsSlab& slab);
  [[nodiscard]] bool is_doubled(const DoubledPackets& record, const SeenPacket& seen) const;

  std::array<SeenPacket, size> x_seen{};
  SlabIndex x_record = no_slab_index;
  std::uint32_t x_telling = 0;  // packets that would tell of doubling
  std::uint8_t x_next = 0;
  bool x_refused = false;  // a record was, at least once
};

}  // namespace tapdeck
