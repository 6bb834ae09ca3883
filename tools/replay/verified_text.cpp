// What the capture at the far interface proved, in lines for people.
#include <fmt/format.h>

#include "analyzer/report/quantity.h"
#include "analyzer/report/time.h"
#include "tools/replay/replay_report.h"

namespace tapdeck {
namespace {

std::string packets(std::uint64_t count) { return count_of(count, "packet"); }

std::string error_line(std::string_view name, std::string_view of, const Histogram& errors) {
  if (errors.count() == 0) return {};
  const auto at = [&](double share) { return duration_text(errors.quantile(share)); };
  return report_line(name, fmt::format("{} off by p50 {}, p99 {}, p99.9 {}, max {}", of, at(0.5),
                                       at(0.99), at(0.999), duration_text(errors.max())));
}

std::string arrival_line(const MatchCounts& matched) {
  std::string text = fmt::format("{} of {} arrived with the same bytes",
                                 count_text(matched.arrived), packets(matched.expected));
  text += matched.out_of_order == 0
              ? ", in order"
              : fmt::format(", {} out of order", count_text(matched.out_of_order));
  return report_line("verified", text);
}

}  // namespace

std::string verified_text(const VerifierResult& result) {
  const MatchCounts& matched = result.matched;
  std::string text = arrival_line(matched);
  if (matched.missing != 0) {
    text += report_line("missing", fmt::format("{}, the first of them number {} of the capture",
                                               packets(matched.missing), matched.first_missing));
  }
  if (matched.others != 0) {
    text += report_line("others", packets(matched.others) + " came that nobody sent like this");
  }
  if (result.dropped_by_capture != 0) {
    text += report_line("dropped", fmt::format("{} by the capture itself, which may be what is "
                                               "missing",
                                               packets(result.dropped_by_capture)));
  }
  if (result.dropped_by_interface != 0) {
    text += report_line("dropped", packets(result.dropped_by_interface) + " by that interface");
  }
  if (!result.trouble.empty()) text += report_line("trouble", result.trouble);
  return text + error_line("gaps", "between packets", matched.gap_error_ns) +
         error_line("places", "on the schedule", matched.place_error_ns);
}

}  // namespace tapdeck
