#include "tools/tapdeck/live_limits.h"

#include "tools/tapdeck/memory_budget.h"

namespace tapdeck {

/// What is open and silent for so long is over: RFC 5382 REQ-5. An attempt is over when Linux gives
/// it up, a closed connection when Linux forgets it.
FlowLimits live_limits(const std::string& budget, std::uint64_t taken) {
  constexpr std::int64_t second = 1'000'000'000;
  FlowLimits limits;
  limits.two_msl_ns = 60 * second;
  limits.attempt_timeout_ns = 130 * second;
  limits.open_timeout_ns = (2 * 60 + 4) * 60 * second;
  keep_to_budget(budget, limits, taken);
  return limits;
}

}  // namespace tapdeck
