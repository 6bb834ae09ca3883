// netstat of this host as it is: the kernel's table alone, or beside what an interface shows.
#pragma once

#include "captures/failure.h"
#include "tools/tapdeck/options.h"

namespace tapdeck {

/// Once, or again and again until a signal or the end of --duration.
ExitCode run_netstat_kernel(const CommandOptions& options);

/// Requires: options.has("interface").
ExitCode run_netstat_live(const CommandOptions& options);

}  // namespace tapdeck
