// The makers of the report formats, each in a file of its own.
#pragma once

#include <memory>

#include "analyzer/report/writer.h"

namespace tapdeck {

[[nodiscard]] std::unique_ptr<ReportWriter> make_text(ByteSink& sink, const Style& style);
[[nodiscard]] std::unique_ptr<ReportWriter> make_json(ByteSink& sink, const Style& style);
[[nodiscard]] std::unique_ptr<ReportWriter> make_jsonl(ByteSink& sink, const Style& style);
[[nodiscard]] std::unique_ptr<ReportWriter> make_csv(ByteSink& sink, const Style& style);

}  // namespace tapdeck
