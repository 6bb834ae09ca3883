// tapdeck replay: one side of captured connections again.
#include "tools/tapdeck/command.h"
#include "tools/tapdeck/replay_stateful.h"

namespace tapdeck {

ExitCode run_replay(const Arguments& arguments) {
  CommandOptions options("replay", "FILE... [FILTER] --as SIDE [options]", stateful_replay_help);
  declare_stateful_replay(options);
  options.add_input();
  if (!options.parse(arguments)) return ExitCode::fine;
  if (!options.has("as")) throw Failure(ExitCode::usage, "replay takes --as client or --as server");
  return run_stateful_replay(options);
}

}  // namespace tapdeck
