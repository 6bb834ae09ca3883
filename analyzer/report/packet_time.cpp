#include "analyzer/report/packet_time.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "analyzer/report/time.h"

namespace tapdeck {
namespace {

struct NamedFormat {
  std::string_view name;
  PacketTimeFormat format;
};

constexpr std::array formats{
    NamedFormat{"relative", PacketTimeFormat::relative},
    NamedFormat{"utc", PacketTimeFormat::utc},
    NamedFormat{"local", PacketTimeFormat::local},
    NamedFormat{"delta", PacketTimeFormat::delta},
    NamedFormat{"epoch", PacketTimeFormat::epoch},
};

constexpr std::uint64_t ns_per_second = 1'000'000'000;

/// RFC 3339 §5.6: the time as clocks there show it, and how far they are from UTC.
std::string local_time(const Packet& packet, const PacketTimeStyle& style) {
  constexpr std::int64_t second = 1'000'000'000;
  const std::int32_t offset =
      style.utc_offset == nullptr ? 0 : style.utc_offset(packet.time_ns / second);
  std::int64_t shifted = 0;
  if (__builtin_add_overflow(packet.time_ns, offset * second, &shifted)) shifted = packet.time_ns;
  std::string text = rfc3339(shifted, packet.time_digits);
  if (text.ends_with('Z')) text.pop_back();
  const std::int32_t minutes = (offset < 0 ? -offset : offset) / 60;
  return text + fmt::format("{}{:02}:{:02}", offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

}  // namespace

std::optional<PacketTimeFormat> find_packet_time_format(std::string_view name) {
  const auto found = std::ranges::find(formats, name, &NamedFormat::name);
  if (found == formats.end()) return std::nullopt;
  return found->format;
}

std::string packet_time(const PacketView& view, const PacketTimeStyle& style) {
  const Packet& packet = view.packet;
  switch (style.format) {
    case PacketTimeFormat::relative:
      return seconds_between(view.first_ns, packet.time_ns, packet.time_digits);
    case PacketTimeFormat::utc:
      return rfc3339(packet.time_ns, packet.time_digits);
    case PacketTimeFormat::local:
      return local_time(packet, style);
    case PacketTimeFormat::delta:
      return seconds_between(view.previous_ns, packet.time_ns, packet.time_digits);
    case PacketTimeFormat::epoch:
      return seconds_between(0, packet.time_ns, packet.time_digits);
  }
  return {};
}

std::string seconds_between(std::int64_t earlier_ns, std::int64_t later_ns, std::uint8_t digits) {
  const bool negative = later_ns < earlier_ns;
  // Any two times are less than 2^64 ns apart, so this can't overflow.
  const auto earlier = static_cast<std::uint64_t>(negative ? later_ns : earlier_ns);
  const auto later = static_cast<std::uint64_t>(negative ? earlier_ns : later_ns);
  const std::uint64_t distance = later - earlier;
  std::string text = fmt::format("{}{}.{:09}", negative ? "-" : "", distance / ns_per_second,
                                 distance % ns_per_second);
  const std::size_t surplus = 9U - std::min<std::size_t>(digits, 9);
  text.resize(text.size() - surplus - (surplus == 9 ? 1 : 0));
  return text;
}

}  // namespace tapdeck
