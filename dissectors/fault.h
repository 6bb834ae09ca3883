// Where and why a header could not be read. Bad data is a value: the layers before stay good.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tapdeck {

/// Index of a dissector in the registry.
using ProtocolId = std::uint8_t;

enum class FaultKind : std::uint8_t {
  cut_short,        // the capture holds less than the header needs; the wire may have had it all
  too_short,        // the enclosing header leaves less room than the header needs
  bad_length,       // a length field contradicts itself or its surroundings
  bad_version,      // not the version that the selector promised
  too_many_layers,  // the bound on headers of one packet is reached
};

struct Fault {
  ProtocolId protocol = 0;  // the header that could not be read
  FaultKind kind{};
  std::uint32_t offset = 0;  // octets from the start of the frame (or reassembled datagram)
  std::uint32_t needed = 0;
  std::uint32_t available = 0;

  friend constexpr bool operator==(const Fault&, const Fault&) = default;
};

}  // namespace tapdeck
