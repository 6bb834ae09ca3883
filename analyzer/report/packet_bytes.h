// Octets for people to read.
#pragma once

#include "analyzer/report/writer.h"
#include "captures/bytes.h"

namespace tapdeck {

/// Sixteen octets a line: offset, hex, ASCII ("  0010  45 00 …  E..").
void write_hex(Bytes bytes, ByteSink& sink);

/// As text: its own line breaks, tabs as they are, a dot for whatever isn't ASCII.
void write_ascii(Bytes bytes, ByteSink& sink);

}  // namespace tapdeck
