// By which way the packets of one side come, and what is peculiar about single ones.
#pragma once

#include <cstdint>

#include "analyzer/tcp/seq_num.h"

namespace tapdeck {

/// What a datagram may show that hardly any does: a set.
struct Oddity {
  static constexpr std::uint8_t bad_checksum = 1, fragments_overlap = 2, fragments_conflict = 4,
                                no_udp_checksum = 8,  // over IPv6
      udp_length_differs = 16;                        // from what the IP header leaves
};

struct WayOfSide {
  static constexpr std::uint16_t no_vlan_yet = 0xffff;

  /// What became of the last segment with a bad checksum.
  enum class Damaged : std::uint8_t { nothing, waits, repeated, accepted };

  /// As far as it could be verified.
  enum class Checksums : std::uint8_t { unknown, right_once, never_right };

  std::uint8_t hop_limit = 0;        // that they arrive with; 0: none seen yet
  std::uint8_t other_hop_limit = 0;  // that some arrived with lately
  std::uint8_t others_in_row = 0;    // 0: the last one came the usual way
  Damaged damaged{};
  std::uint16_t vlan = no_vlan_yet;  // outermost; 0: untagged
  Checksums checksums{};
  SeqNum damaged_end;  // of its bytes
};

}  // namespace tapdeck
