// The report of a capture as text, for tests that compare two ways of making it.
#pragma once

#include <string>
#include <string_view>

#include "analyzer/analysis.h"
#include "analyzer/report/writer.h"
#include "captures/packet_source.h"

namespace tapdeck::test {

inline std::string report_of(const std::string& path, std::string_view format,
                             const AnalysisOptions& options) {
  StringSink sink;
  const auto writer = find_report_format(format)->make(sink, {});
  Analysis analysis(options, *writer);
  const auto source = open_captures({path}, {});
  PacketBatch batch;
  while (source->next(batch)) analysis.add(batch);
  analysis.finish(source->captures());
  return sink.text();
}

}  // namespace tapdeck::test
