// tapdeck replay --as client|server: one side of each captured connection against a live peer.
#pragma once

#include <string_view>

#include "tools/tapdeck/options.h"

namespace tapdeck {

/// What `tapdeck replay --help` says of it.
extern const std::string_view stateful_replay_help;

/// Declares --as and what only means something with it. --speed, --top-speed, --format and
/// --output are declared by whoever sends packets.
void declare_stateful_replay(CommandOptions& options);

/// Requires, here and below: the options were parsed, add_input() among them. Failure(usage) for
/// options that don't go with each other.
[[nodiscard]] bool wants_stateful_replay(const CommandOptions& options);

ExitCode run_stateful_replay(const CommandOptions& options);

}  // namespace tapdeck
