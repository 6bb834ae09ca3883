// The table of commands. A new one is a file with its `run` function, declared below, and a row in
// command.cpp.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "captures/failure.h"

namespace tapdeck {

using Arguments = std::vector<std::string>;

struct Command {
  std::string_view name;
  std::string_view help;  ///< One line, shown by `tapdeck --help`.
  /// Gets what follows the command's name. Failures of the environment are thrown.
  ExitCode (*run)(const Arguments& arguments) = nullptr;
};

ExitCode run_analyze(const Arguments& arguments);
ExitCode run_check(const Arguments& arguments);
ExitCode run_interfaces(const Arguments& arguments);
ExitCode run_live(const Arguments& arguments);
ExitCode run_netstat(const Arguments& arguments);
ExitCode run_packets(const Arguments& arguments);
ExitCode run_replay(const Arguments& arguments);
ExitCode run_rewrite(const Arguments& arguments);
ExitCode run_show(const Arguments& arguments);

[[nodiscard]] std::span<const Command> commands();

/// The whole program: finds the command and runs it.
ExitCode run_program(const Arguments& arguments);

}  // namespace tapdeck
