#include "tools/tapdeck/memory_budget.h"

#include <limits>

#include <fmt/format.h>

#include "analyzer/tracker.h"
#include "captures/failure.h"
#include "tools/tapdeck/options.h"

namespace tapdeck {

void keep_to_budget(const std::string& size, FlowLimits& limits, std::uint64_t taken) {
  // What is remembered of hosts and ports, for floods and scans, is bounded by itself.
  constexpr std::uint64_t across_flows = std::uint64_t{128} << 20U;
  constexpr std::uint64_t least = std::uint64_t{192} << 20U;
  const std::uint64_t budget = parse_size("memory-budget", size);
  if (budget < least + taken) {
    throw Failure(ExitCode::usage,
                  fmt::format("--memory-budget: the least is {}M", (least + taken) >> 20U));
  }
  limits.octets = (budget - taken - across_flows) / Tracker::shard_count;
  limits.open_conversations = std::numeric_limits<std::size_t>::max();
}

}  // namespace tapdeck
