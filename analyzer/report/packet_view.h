// What the formats for packets see: one packet, its dissection, and where it stands in the capture.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "captures/packet.h"
#include "dissectors/dissection.h"
#include "dissectors/dissector.h"

namespace tapdeck {

struct PacketView {
  const Packet& packet;
  const Dissection& dissection;
  std::int64_t first_ns = 0;        ///< Time of the first packet shown.
  std::int64_t previous_ns = 0;     ///< Time of the packet shown before, its own for the first.
  std::string_view interface_name;  ///< Bytes as found in the file; empty where it has none.
};

/// Octets of the frame, or of a reassembled datagram, that no field holds.
struct LooseOctets {
  std::string_view name;     ///< "payload", "fragment" (of an unfinished datagram), "octets"
  std::uint8_t buffer = 0;   ///< As Layer::reassembled.
  std::uint32_t offset = 0;  ///< Octets from the start of that buffer.
  Bytes bytes;
};

/// The field tree and these are the whole frame: no octet is left out. In the order of the bytes.
[[nodiscard]] std::vector<LooseOctets> loose_octets(const Dissection& dissection,
                                                    const std::vector<LayerFields>& tree);

/// The last layer that isn't part of a quoted packet; null where nothing was dissected.
[[nodiscard]] const Layer* top_layer(const Dissection& dissection);

}  // namespace tapdeck
