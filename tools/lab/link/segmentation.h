// What an interface does for a host whose offloads are on: cuts long segments into frames and fills
// in their checksums.
#pragma once

#include <cstdint>
#include <vector>

#include "captures/bytes.h"
#include "tools/lab/link/tap.h"

namespace tapdeck {

/// The frames that go onto the wire for one that the host sent: at least one.
[[nodiscard]] std::vector<std::vector<std::byte>> frames_on_the_wire(const TapFrame& sent);

/// True for TCP in IPv4 or IPv6 without extension headers, in Ethernet.
[[nodiscard]] bool is_tcp(Bytes frame);

struct SequencePlace {
  std::uint32_t seq = 0;
  std::uint32_t octets = 0;  // SYN and FIN included
  std::uint32_t ports = 0;   // source and destination, as in the header
  bool has_syn = false;
};

/// Requires: is_tcp(frame).
[[nodiscard]] SequencePlace sequence_place_of(Bytes frame);

}  // namespace tapdeck
