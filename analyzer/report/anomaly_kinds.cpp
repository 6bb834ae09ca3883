#include "analyzer/report/anomaly_kinds.h"

#include <string>

#include <fmt/format.h>

#include "analyzer/anomalies/family.h"

namespace tapdeck {

void write_anomaly_kinds(Page& page) {
  constexpr std::size_t indent = 2, hanging = 10;
  page.paragraph(
      "What 'tapdeck analyze' tells of captures and connections. The severity is the usual one: "
      "what is found may raise or lower it.",
      0, 0);
  for (const AnomalyFamily* family : anomaly_families()) {
    page.blank();
    page.heading(family->name);
    for (const AnomalyKind& kind : family->kinds) {
      page.paragraph(
          fmt::format("{:<8}{}: {}", to_string(kind.severity), kind.name, kind.definition), indent,
          hanging);
    }
  }
}

}  // namespace tapdeck
