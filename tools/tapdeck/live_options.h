// What the options of a live capture say: lengths of time, when files rotate, how much may be lost.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "captures/live_source.h"
#include "captures/rotating_capture.h"
#include "tools/tapdeck/options.h"

namespace tapdeck {

/// "100M", "10m", "50000p", or several of them joined by commas: whichever comes first.
/// Failure(usage) for anything else.
[[nodiscard]] Rotation parse_rotation(const std::string& text);

/// Of the kernel's buffer: kibibytes, as tcpdump has it, or with a unit. Failure(usage) for
/// anything else.
[[nodiscard]] std::uint64_t parse_buffer_size(const std::string& text);

/// As parse_duration, but more than zero.
[[nodiscard]] std::int64_t parse_time_span(std::string_view option, const std::string& text);

/// That --interface names; empty: none. Failure(no_permission) for what none can be called.
[[nodiscard]] std::string chosen_interface(const CommandOptions& options);

/// How many packets may be dropped before it counts as a failure.
struct DropAllowance {
  std::uint64_t packets = 0;
  double percent = 0;
  bool is_percent = false;

  [[nodiscard]] bool is_exceeded_by(const LiveCounts& counts) const;
};

/// "0", "100" or "0.5%". Failure(usage) for anything else.
[[nodiscard]] DropAllowance parse_drop_allowance(const std::string& text);

/// What tcpdump says at the end, in its words: captured, received by filter, dropped by kernel, and
/// where there are any, dropped by interface; a line each.
[[nodiscard]] std::string counts_text(const LiveCounts& counts);

}  // namespace tapdeck
