// Packets from captures into a capture: `packets -w`.
#pragma once

#include <string>

#include "tools/tapdeck/input.h"

namespace tapdeck {

/// Writes what the filter passes; "-" is standard output.
void write_packets(Input& input, const std::string& path, FileOpener& opener);

}  // namespace tapdeck
