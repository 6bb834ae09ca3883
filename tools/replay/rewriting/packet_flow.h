// The ends of a packet's conversation: read from its headers, and written back into them.
#pragma once

#include <cstdint>

#include "dissectors/dissection.h"
#include "dissectors/edit/frame_edit.h"
#include "tools/replay/rewriting/flow_ends.h"

namespace tapdeck {

/// The headers of one packet in a frame: the innermost one, or the one that an ICMP error quotes.
struct PacketHeaders {
  const Layer* network = nullptr;
  const Layer* transport = nullptr;  ///< nullptr where there is none or it can't be read.
  std::uint8_t ip_protocol = 0;
};

/// Requires: dissection.network is a layer.
[[nodiscard]] PacketHeaders innermost_headers(const Dissection& dissection);
/// Requires: dissection.quoted_network is a layer.
[[nodiscard]] PacketHeaders quoted_headers(const Dissection& dissection);

/// `frame` is the dissection's, as it was or edited.
[[nodiscard]] FlowEnds read_ends(Bytes frame, const PacketHeaders& headers);

void write_ends(FrameEdit& edit, const PacketHeaders& headers, const FlowEnds& ends);

/// Octets from the header's start to the source; the destination follows it.
[[nodiscard]] std::uint32_t addresses_at(const Layer& network);

[[nodiscard]] IpAddress read_address(Bytes frame, std::size_t at, std::uint8_t version);

}  // namespace tapdeck
