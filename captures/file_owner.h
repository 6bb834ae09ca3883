// Whom the files belong to that a program makes with more rights than it wants to give.
#pragma once

#include <optional>

#include <sys/types.h>
#include <unistd.h>

namespace tapdeck {

struct FileOwner {
  uid_t user = 0;
  gid_t group = 0;
};

/// A file that was just made, to its owner if there is one. Where the file system knows no owners
/// it belongs to whom that gives it.
inline void give_to(const std::optional<FileOwner>& owner, int descriptor) {
  if (owner) static_cast<void>(!::fchown(descriptor, owner->user, owner->group));
}

}  // namespace tapdeck
