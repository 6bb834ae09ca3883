#include "tools/tapdeck/live_options.h"

#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "tools/duration.h"
#include "tools/tapdeck/wording.h"

namespace tapdeck {
namespace {

[[noreturn]] void refuse(std::string_view option, const std::string& text,
                         std::string_view wanted) {
  throw Failure(ExitCode::usage, fmt::format("--{}: '{}' is no {}", option, shown(text), wanted));
}

struct NumberWithUnit {
  double number = -1;  // negative: there is none
  std::string_view unit;
};

NumberWithUnit split_unit(std::string_view text) {
  NumberWithUnit result;
  const auto [stopped, error] = std::from_chars(text.data(), text.data() + text.size(),
                                                result.number, std::chars_format::fixed);
  if (error != std::errc{} || !std::isfinite(result.number)) return {};
  result.unit = text.substr(static_cast<std::size_t>(stopped - text.data()));
  return result;
}

void add_limit(const std::string& word, Rotation& rotation) {
  constexpr std::string_view wanted =
      "rotation as in 100M (size), 10m (time), 50000p (packets),\nor several joined by commas";
  const char unit = word.empty() ? ' ' : word.back();
  const std::string number = word.substr(0, word.empty() ? 0 : word.size() - 1);
  if (unit == 'p') {
    rotation.packets = parse_count("rotate", number);
  } else if (std::string_view("KMGT").find(unit) != std::string_view::npos) {
    rotation.octets = parse_size("rotate", word);
  } else if (std::string_view("smhd").find(unit) != std::string_view::npos) {
    rotation.duration_ns = parse_duration("rotate", word);
  } else {
    refuse("rotate", word, wanted);
  }
}

std::string line_of(std::uint64_t count, std::string_view what) {
  return fmt::format("{} packet{} {}\n", count, count == 1 ? "" : "s", what);
}

}  // namespace

Rotation parse_rotation(const std::string& text) {
  Rotation rotation;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    add_limit(text.substr(begin, end - begin), rotation);
    begin = end + 1;
  }
  if (!rotation.rotates()) refuse("rotate", text, "rotation: each limit is 0");
  return rotation;
}

std::uint64_t parse_buffer_size(const std::string& text) {
  const bool has_unit = !text.empty() && (text.back() < '0' || text.back() > '9');
  const std::uint64_t octets = parse_size("buffer-size", has_unit ? text : text + "K");
  if (octets == 0 || octets > std::uint64_t{std::numeric_limits<int>::max()}) {
    refuse("buffer-size", text, "size of a buffer: more than 0 and less than 2G");
  }
  return octets;
}

std::int64_t parse_time_span(std::string_view option, const std::string& text) {
  const std::int64_t span_ns = parse_duration(option, text);
  if (span_ns == 0) refuse(option, text, "time to wait for: more than 0");
  return span_ns;
}

std::string chosen_interface(const CommandOptions& options) {
  const std::string name = options.value("interface");
  if (name.find_first_of(" \t\n\v\f\r") == std::string::npos) return name;
  throw Failure(ExitCode::no_permission, shown(name) + ": no interface has such a name");
}

DropAllowance parse_drop_allowance(const std::string& text) {
  if (!text.ends_with('%')) return {.packets = parse_count("max-drop", text)};
  const auto [number, unit] = split_unit(text);
  if (number < 0 || number > 100 || unit != "%") {
    refuse("max-drop", text, "share as in 0.5%");
  }
  return {.percent = number, .is_percent = true};
}

bool DropAllowance::is_exceeded_by(const LiveCounts& counts) const {
  const std::uint64_t dropped = counts.dropped_by_kernel + counts.dropped_by_interface;
  if (!is_percent) return dropped > packets;
  const std::uint64_t all = counts.received + counts.dropped_by_interface;
  return static_cast<double>(dropped) * 100 > percent * static_cast<double>(all);
}

std::string counts_text(const LiveCounts& counts) {
  std::string text = line_of(counts.captured, "captured") +
                     line_of(counts.received, "received by filter") +
                     line_of(counts.dropped_by_kernel, "dropped by kernel");
  if (counts.dropped_by_interface != 0) {
    text += line_of(counts.dropped_by_interface, "dropped by interface");
  }
  return text;
}

}  // namespace tapdeck
