// Landlock: the calling thread, and those it starts, can open no path any more.
#pragma once

namespace tapdeck {

/// True if the kernel locks the file system away (and, as far as it knows how, TCP, abstract
/// sockets and signals to others); false if it has no Landlock. Requires: no_new_privs is set.
bool lock_paths();

}  // namespace tapdeck
