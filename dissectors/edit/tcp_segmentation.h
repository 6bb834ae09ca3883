// Cuts a TCP segment that is longer than a link carries, as segmentation or receive offload left it
// in the capture, into segments that fit: what the interface would have done, or had undone.
#pragma once

#include <cstddef>

#include "dissectors/dissection.h"
#include "dissectors/edit/frame_pieces.h"

namespace tapdeck {

struct SegmentLimits {
  std::size_t frame_octets = 0;  ///< Of the longest frame, its MAC addresses and tags included.
  /// As the receiver's SYN offered it (RFC 9293 §3.7.1), so without options; 0: not known.
  std::size_t maximum_segment_size = 0;
};

/// False, and nothing in `pieces`: it isn't TCP in an IpFrame, the capture doesn't hold all of it,
/// or the headers leave no room for an octet. Lengths, the IPv4 identification, sequence numbers,
/// flags and urgent pointer go as RFC 9293 has them for segments sent one by one; all other octets
/// are copied, and both checksums are computed anew. A jumbo payload option (RFC 2675), with which
/// Linux marks segments of over 65,535 octets, goes.
[[nodiscard]] bool segment_tcp(const Dissection& dissection, const SegmentLimits& limits,
                               FramePieces& pieces);

}  // namespace tapdeck
