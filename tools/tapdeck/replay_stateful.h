// tapdeck replay --as client|server: one side of each captured connection against a live peer.
#pragma once

#include <string_view>

#include "tools/tapdeck/options.h"

namespace tapdeck {

/// What `tapdeck replay --help` says of it.
extern const std::string_view stateful_replay_help;

/// Declares --as and whatever only means something with it.
void declare_stateful_replay(CommandOptions& options);

/// Requires: the options, add_input() among them, were parsed and hold "as".
ExitCode run_stateful_replay(const CommandOptions& options);

}  // namespace tapdeck
