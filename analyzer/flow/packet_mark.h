// By what a packet is known again when the capture holds it twice.
#pragma once

#include <cstdint>

#include "captures/packet.h"
#include "dissectors/dissection.h"

namespace tapdeck {

struct PacketMark {
  /// Of the network header but for what changes from hop to hop, the transport header and the first
  /// octets behind it: equal for two sightings of one packet. 0: none was taken.
  std::uint32_t fingerprint = 0;
  /// Where this sighting was made.
  std::uint8_t interface = 0;              // of which capture, as a hash
  std::uint8_t vlans = 0;                  // likewise of the stack of ids
  std::uint8_t hop_limit = 0;              // IPv4's time to live
  bool has_ip_id : 1 = false;              // two packets of one sender differ in it
  bool of_several_interfaces : 1 = false;  // more than one was seen so far
};

/// But for `vlans` and `of_several_interfaces`. Requires: the dissection has a network layer.
[[nodiscard]] PacketMark read_mark(const Packet& packet, const Dissection& dissection);

}  // namespace tapdeck
