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
  return a.severity != b.severity ? a.severity > b.severity : order_of(a) < order_of(b);
}

}  // namespace

Ink ink_for(Severity severity) {
  if (severity == Severity::error) return Ink::bad;
  return severity == Severity::warning ? Ink::warning : Ink::plain;
}

void AnomalyList::add(const Anomaly& anomaly) {
  ++x_all;
  const bool hurts = anomaly.severity >= Severity::warning;
  if (hurts) ++x_worth_showing;
  if (!hurts && x_most != 0) return;
  x_kept.push_back(anomaly);
  if (x_most != 0 && x_kept.size() >= 2 * x_most) keep_the_worst();
}

void AnomalyList::keep_the_worst() {
  std::ranges::stable_sort(x_kept, is_worse);
  if (x_most != 0 && x_kept.size() > x_most) x_kept.resize(x_most);
}

void AnomalyList::write(Page& page) {
  if (x_all == 0) return;
  keep_the_worst();
  const std::uint64_t shown = x_kept.size();
  page.blank();
  page.heading(shown == 0 ? "NOTHING WENT WRONG THAT HURTS" : "ANOMALIES, THE WORST FIRST");
  for (const Anomaly& anomaly : x_kept) write_anomaly(page, anomaly);
  if (shown < x_all) {
    const std::uint64_t notes = x_all - x_worth_showing;
    const std::string hidden =
        shown < x_worth_showing
            ? fmt::format("{} and {}",
                          count_of(x_worth_showing - shown, "more like these", "more like these"),
                          count_of(notes, "note"))
            : count_of(notes, "note", "notes of what is worth knowing");
    page.line(fmt::format("  {}; --top 0 lists all.", hidden));
  }
}

}  // namespace tapdeck
