// Numbers of the pcap format that are read and written alike.
#pragma once

#include <cstdint>

namespace tapdeck::pcap {

inline constexpr std::uint32_t microseconds_magic = 0xa1b2c3d4;
inline constexpr std::uint32_t nanoseconds_magic = 0xa1b23c4d;

/// In the field of the link type: its upper four bits say how many 16-bit words of frame check
/// sequence end each packet.
inline constexpr std::uint32_t fcs_length_given = 0x0400'0000;
inline constexpr unsigned fcs_length_shift = 28;

}  // namespace tapdeck::pcap
