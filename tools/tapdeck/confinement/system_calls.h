// seccomp: the calling thread, and those it starts, can ask of the kernel what parsing and
// reporting take and nothing else: no opening, executing, connecting, tracing or signalling.
#pragma once

#include <optional>

namespace tapdeck {

/// What isn't allowed fails with EPERM from now on, so that a library that asks in vain goes on.
/// `never_written` is a descriptor that can be read alone: a socket on an interface, on which
/// writing would be sending. Throws Failure(no_permission). Requires: no_new_privs is set.
void forbid_system_calls(std::optional<int> never_written);

}  // namespace tapdeck
