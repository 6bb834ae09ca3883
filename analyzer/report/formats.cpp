#include "analyzer/report/formats.h"

#include <algorithm>
#include <array>

namespace tapdeck {
namespace {

constexpr std::array formats{
    ReportFormat{"text", "for people: the capture's faults, totals, the busiest connections",
                 make_text},
    ReportFormat{"json", "one document with everything, described by a JSON Schema", make_json},
    ReportFormat{"jsonl", "one JSON object a line: connections as they end, then the summary",
                 make_jsonl},
    ReportFormat{"csv", "one row a connection, as they end (RFC 4180)", make_csv},
};

}  // namespace

std::span<const ReportFormat> report_formats() { return formats; }

const ReportFormat* find_report_format(std::string_view name) {
  const auto* const found = std::ranges::find(formats, name, &ReportFormat::name);
  return found == formats.end() ? nullptr : found;
}

}  // namespace tapdeck
