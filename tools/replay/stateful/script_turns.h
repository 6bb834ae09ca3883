// Where a script's steps are questions that the peer answers, and how much of the peer each needs.
#pragma once

#include "tools/replay/stateful/script.h"

namespace tapdeck {

/// Sets what a script's sides tell of each other only when both are complete. Before, `heard` and
/// `needs` count the peer's FIN as one octet more.
void mark_turns(Script& script);

}  // namespace tapdeck
