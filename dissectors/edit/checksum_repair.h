// Computes a frame's checksums anew, whatever they were.
#pragma once

#include <span>

#include "dissectors/dissection.h"

namespace tapdeck {

/// Writes what each IPv4, TCP, UDP, UDP-Lite, ICMP and IGMP checksum should be, those of quoted
/// packets included, from the innermost outwards. Left alone are the sums that can't be computed
/// from this frame (cut, a fragment's transport) and the zero of UDP without a checksum. True if
/// any was wrong. `dissection` was made by dissect_frame of the octets in `frame` themselves.
bool repair_checksums(const Dissection& dissection, std::span<std::byte> frame);

}  // namespace tapdeck
