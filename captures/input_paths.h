// From what the user names to the files that are read: directories become the captures in them.
#pragma once

#include <string>
#include <vector>

#include "captures/capture_info.h"

namespace tapdeck {

/// A fault only where a directory turned out to hold no captures.
struct InputPath {
  std::string path;
  std::vector<CaptureFault> faults;
};

/// In the order given; the files in and below a directory by path, without those that are no
/// captures. Throws Failure(unreadable_input) for a path that doesn't exist, Failure(usage) for no
/// path at all and for standard input named twice.
[[nodiscard]] std::vector<InputPath> find_inputs(const std::vector<std::string>& paths);

}  // namespace tapdeck
