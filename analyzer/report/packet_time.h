// The time of a packet in the ways that people want it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "analyzer/report/packet_view.h"

namespace tapdeck {

enum class PacketTimeFormat : std::uint8_t {
  relative,  // seconds since the first packet shown
  utc,       // RFC 3339
  local,     // likewise, in the user's time zone
  delta,     // seconds since the packet shown before
  epoch,     // seconds since 1970
};

/// Empty where there is no such format.
[[nodiscard]] std::optional<PacketTimeFormat> find_packet_time_format(std::string_view name);

struct PacketTimeStyle {
  PacketTimeFormat format = PacketTimeFormat::relative;
  /// Seconds that local time is ahead of UTC at a time since the epoch; needed for `local` alone.
  std::int32_t (*utc_offset)(std::int64_t seconds) = nullptr;
};

/// With the digits that the file has.
[[nodiscard]] std::string packet_time(const PacketView& view, const PacketTimeStyle& style);

/// later - earlier in seconds with `digits` decimals, cut off and not rounded ("-0.000120").
[[nodiscard]] std::string seconds_between(std::int64_t earlier_ns, std::int64_t later_ns,
                                          std::uint8_t digits);

}  // namespace tapdeck
