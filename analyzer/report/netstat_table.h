// A connection table as netstat prints it, or as a document: pure functions of the table.
#pragma once

#include <string_view>

#include "analyzer/netstat/connection_table.h"
#include "analyzer/report/json_output.h"
#include "analyzer/report/netstat_view.h"
#include "analyzer/report/writer.h"

namespace tapdeck {

/// As netstat calls it: "SYN_RECV", "FIN_WAIT1".
[[nodiscard]] std::string_view netstat_word(TcpState state);

/// As wide as its cells need; only names are shortened to fit into the style's width.
void write_netstat_text(const ConnectionTable& table, const NetstatView& view, const Style& style,
                        ByteSink& sink);

/// One document, as netstat.schema.json describes it.
void write_netstat_json(const ConnectionTable& table, const NetstatView& view, JsonOutput& json);

}  // namespace tapdeck
