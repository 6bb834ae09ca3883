// Ctrl-C between two measurements: what was made for them is removed on the way out.
#pragma once

namespace tapdeck {

/// From now on SIGINT, SIGTERM and SIGHUP end the program at the next end_if_interrupted().
void watch_for_interruption();

/// Throws Failure(usage) if one came.
void end_if_interrupted();

}  // namespace tapdeck
