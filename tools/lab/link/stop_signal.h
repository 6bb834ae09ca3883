// How the lab's long-running programs are asked to end.
#pragma once

namespace tapdeck {

/// A descriptor that becomes readable on SIGTERM or SIGINT, which don't end the program by
/// themselves any more. Should the program that started this one die, this one is killed.
[[nodiscard]] int open_stop_signal();

}  // namespace tapdeck
