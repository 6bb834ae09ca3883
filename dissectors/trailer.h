// What stands in a frame behind the packet that it carries: padding, a switch's or a tap's trailer,
// the frame check sequence.
#pragma once

#include "dissectors/dissection.h"
#include "dissectors/field.h"

namespace tapdeck {

/// CRC-32 of IEEE 802.3 §3.2.9, as the four octets at a frame's end hold it (least significant
/// octet first).
[[nodiscard]] std::uint32_t frame_check_sequence(Bytes frame);

/// Adds "padding" (up to `shortest_frame` octets of the frame), "trailer" and
/// "frame_check_sequence", each where there is one. Where the file doesn't say whether frames end
/// with a check sequence, four octets that are the right one are taken for it.
void describe_trailer(const Dissection& dissection, const Layer& layer, std::size_t shortest_frame,
                      FieldSink& sink);

}  // namespace tapdeck
