// The objects of the JSON formats, the same in json and jsonl; report.schema.json describes them.
#pragma once

#include "analyzer/report/json_output.h"
#include "analyzer/report/report.h"

namespace tapdeck {

/// Of the document as a whole: raised when a reader of an older one could misunderstand it.
inline constexpr std::uint64_t json_schema_version = 1;

/// The members schema_version, captures, hygiene and totals, into an object that is open.
void write_json_summary(JsonOutput& json, const Summary& summary);
void write_json_connection(JsonOutput& json, const ConnectionReport& connection);
void write_json_anomaly(JsonOutput& json, const Anomaly& anomaly);

}  // namespace tapdeck
