// The C library has no names for these calls, and the headers may be older than the kernel.
#include "tools/tapdeck/confinement/path_lock.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tools/tapdeck/confinement/sanitizer.h"

namespace tapdeck {
namespace {

/// What may be forbidden; a kernel that knows less takes it as long as that is zero.
struct Forbidden {
  std::uint64_t files;
  std::uint64_t network;
  std::uint64_t scopes;
};

constexpr std::uint64_t lowest_bits(unsigned count) { return (std::uint64_t{1} << count) - 1; }

/// Rights on files by version: execute to make_sym; refer; truncate; the same; ioctl on devices.
constexpr std::array<unsigned, 5> file_rights{13, 14, 15, 15, 16};
constexpr std::uint64_t bind_and_connect_tcp = lowest_bits(2);          // from version 4
constexpr std::uint64_t abstract_sockets_and_signals = lowest_bits(2);  // from version 6

Forbidden all_known_to(long version) {
  const auto known = static_cast<std::size_t>(version);
  return {.files = lowest_bits(file_rights[std::min(known, file_rights.size()) - 1]),
          .network = version >= 4 ? bind_and_connect_tcp : 0,
          .scopes = version >= 6 ? abstract_sockets_and_signals : 0};
}

/// A sanitizer reads about the process when it ends.
void spare_process_directory(int rules) {
  const int directory = ::open("/proc", O_PATH | O_CLOEXEC);
  landlock_path_beneath_attr rule{};
  rule.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
  rule.parent_fd = directory;
  ::syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
  ::close(directory);
}

}  // namespace

bool lock_paths() {
  const long version =
      ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (version < 1) return false;
  const Forbidden forbidden = all_known_to(version);
  const long rules = ::syscall(SYS_landlock_create_ruleset, &forbidden, sizeof forbidden, 0);
  if (rules < 0) return false;
  if constexpr (sanitized) spare_process_directory(static_cast<int>(rules));
  const bool locked = ::syscall(SYS_landlock_restrict_self, rules, 0) == 0;
  ::close(static_cast<int>(rules));
  return locked;
}

}  // namespace tapdeck
