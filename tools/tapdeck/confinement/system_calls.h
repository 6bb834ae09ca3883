// seccomp: the calling thread, and those it starts, can ask of the kernel what parsing and
// reporting take and nothing else: no opening, executing, connecting, tracing or signalling.
#pragma once

#include <vector>

namespace tapdeck {

/// Sockets, by descriptor, that are open already and on which more or less is allowed than reading
/// and writing.
struct SocketRights {
  std::vector<int> only_read;  ///< On an interface, where writing would be sending.
  std::vector<int> sent_on;    ///< To where they are bound; memory may be locked for that.
};

/// What isn't allowed fails with EPERM from now on, so that a library that asks in vain goes on.
/// Throws Failure(no_permission). Requires: no_new_privs is set.
void forbid_system_calls(const SocketRights& sockets);

}  // namespace tapdeck
