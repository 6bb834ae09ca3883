// What went wrong, for people: the worst first, with frames.
#include <algorithm>

#include <fmt/format.h>

#include "analyzer/anomalies/family.h"
#include "analyzer/report/explanation.h"
#include "analyzer/report/quantity.h"
#include "analyzer/report/text_parts.h"

namespace tapdeck {
namespace {

constexpr std::size_t indent = 2, words_indent = 10;

Ink ink_for(Severity severity) {
  if (severity == Severity::error) return Ink::bad;
  return severity == Severity::warning ? Ink::warning : Ink::plain;
}

std::string frames_text(const Anomaly& anomaly) {
  if (anomaly.first.frame == anomaly.last.frame)
    return fmt::format("frame {}", anomaly.first.frame);
  return fmt::format("frames {} to {}", anomaly.first.frame, anomaly.last.frame);
}

void write_anomaly(Page& page, const Anomaly& anomaly) {
  const std::string where =
      anomaly.connection == 0 ? std::string() : fmt::format("connection {}, ", anomaly.connection);
  page.paragraph(fmt::format("{:<8}{}: {}{}", to_string(anomaly.severity), to_string(anomaly.type),
                             where, frames_text(anomaly)),
                 indent, words_indent, ink_for(anomaly.severity));
  page.paragraph(explanation_of(anomaly), words_indent, 0);
}

bool is_worse(const Anomaly& a, const Anomaly& b) {
  return a.severity != b.severity ? a.severity > b.severity : a.first.frame < b.first.frame;
}

}  // namespace

void write_anomalies(Page& page, std::vector<Anomaly> found, std::size_t most) {
  if (found.empty()) return;
  std::ranges::stable_sort(found, is_worse);
  const auto milder = std::ranges::find_if(
      found, [](const Anomaly& anomaly) { return anomaly.severity < Severity::warning; });
  const auto worth_showing = static_cast<std::size_t>(milder - found.begin());
  const std::size_t shown = most == 0 ? found.size() : std::min(most, worth_showing);
  page.blank();
  page.heading(shown == 0 ? "NOTHING WENT WRONG THAT HURTS" : "ANOMALIES, THE WORST FIRST");
  for (std::size_t i = 0; i < shown; ++i) write_anomaly(page, found[i]);
  if (shown < found.size()) {
    const std::size_t notes = found.size() - worth_showing;
    const std::string hidden =
        shown < worth_showing
            ? fmt::format("{} and {}",
                          count_of(worth_showing - shown, "more like these", "more like these"),
                          count_of(notes, "note"))
            : count_of(notes, "note", "notes of what is worth knowing");
    page.line(fmt::format("  {}; --top 0 lists all.", hidden));
  }
}

}  // namespace tapdeck
