// The options of commands that fit packets to an interface, and what they say when it is done.
#pragma once

#include <string>
#include <vector>

#include "tools/replay/frame_fitter.h"
#include "tools/tapdeck/options.h"

namespace tapdeck {

/// Declares --oversize, --truncated, --mtu and --ethernet.
void add_fitting_options(CommandOptions& options);

/// What they chose. Link type and, without --mtu, the MTU (0) are the interface's and so left to
/// the caller. Failure(usage) for what can't be understood.
[[nodiscard]] FittingOptions fitting_options(const CommandOptions& options);

/// A sentence for each thing that happened to frames, such as "413 frames over MTU 1500 were
/// segmented into 2,291, the longest had 65,226 octets"; none for frames that went as they were.
[[nodiscard]] std::vector<std::string> fitting_sentences(const FittingCounts& counts,
                                                         const FittingOptions& options);

}  // namespace tapdeck
