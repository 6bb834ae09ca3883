// The parts of the text format, in the order in which people read them.
#pragma once

#include "analyzer/report/page.h"
#include "analyzer/report/report.h"

namespace tapdeck {

/// What was captured; at most `most` files.
void write_captures(Page& page, const Summary& summary, std::size_t most);

/// How far the capture can be trusted.
void write_quality(Page& page, const Summary& summary);

void write_totals(Page& page, const Summary& summary);

void write_connection_header(Page& page);
void write_connection(Page& page, const ConnectionReport& connection);

/// How a connection began, ended and what is odd about it, in words; empty if there is nothing to
/// say. `ink` tells whether that is trouble.
struct Story {
  std::string text;
  Ink ink = Ink::plain;
};
[[nodiscard]] Story tell_story(const ConnectionReport& connection);

}  // namespace tapdeck
