// What happens on the wire, told while it happens: a line each, for people or for machines.
#pragma once

#include <memory>

#include "analyzer/report/writer.h"

namespace tapdeck {

/// "2026-11-21T17:18:13.123456Z closed tcp 192.0.2.10:40000 -> 192.0.2.20:80 …": connections that
/// open and close, conversations that end without a word, anomalies when they are found.
[[nodiscard]] std::unique_ptr<ReportWriter> make_live_lines(ByteSink& sink, const Style& style);

/// An object a line; "event" says what it is: opened, closed, found, ended (the whole report of a
/// connection, a while after it closed), anomaly (of the connection that ended last, or of none, as
/// it turned out), end.
[[nodiscard]] std::unique_ptr<ReportWriter> make_live_jsonl(ByteSink& sink, const Style& style);

}  // namespace tapdeck
