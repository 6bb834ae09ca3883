// The check sequence at the end of an Ethernet frame that was captured with it (IEEE 802.3 §3.2.9).
#pragma once

#include <span>

#include "captures/packet.h"
#include "dissectors/dissection.h"

namespace tapdeck {

/// True if the frame ends with its check sequence and that is right. Where the file doesn't say
/// whether frames have one, only what follows an IP packet can be one.
[[nodiscard]] bool has_right_check_sequence(const Packet& packet, const Dissection& dissection);

/// Writes the last 4 octets anew. Requires: frame.size() >= 4.
void renew_check_sequence(std::span<std::byte> frame);

}  // namespace tapdeck
