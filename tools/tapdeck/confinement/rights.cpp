#include "tools/tapdeck/confinement/rights.h"

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <string_view>
#include <system_error>

#include <cap-ng.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include "captures/failure.h"
#include "tools/tapdeck/wording.h"

namespace tapdeck {
namespace {

constexpr Identity nobody{.user = 65534, .group = 65534};  // as the kernel has it, too

std::optional<unsigned> number_in(const char* text) {
  if (text == nullptr) return std::nullopt;
  const std::string_view digits = text;
  unsigned number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

/// Empty if there is none, or if that is root again.
std::optional<Identity> behind_sudo() {
  const auto user = number_in(std::getenv("SUDO_UID"));   // NOLINT(concurrency-mt-unsafe)
  const auto group = number_in(std::getenv("SUDO_GID"));  // NOLINT(concurrency-mt-unsafe)
  if (!user || !group || *user == 0) return std::nullopt;
  return Identity{.user = *user, .group = *group};
}

Identity named(const std::string& name) {
  const auto number = number_in(name.c_str());
  const passwd* const entry =
      number ? ::getpwuid(*number) : ::getpwnam(name.c_str());  // NOLINT(concurrency-mt-unsafe)
  if (entry == nullptr) {
    throw Failure(ExitCode::usage, fmt::format("--user: there is no user '{}'", shown(name)));
  }
  return {.user = entry->pw_uid, .group = entry->pw_gid};
}

[[noreturn]] void fail(std::string_view what) {
  throw Failure(ExitCode::no_permission,
                fmt::format("rights can't be given up: {}: {} (--no-sandbox keeps them)", what,
                            std::generic_category().message(errno)));
}

/// A user that doesn't exist here (the root of a user namespace may be its only one) or a root
/// without the right to become another: it stays who it is, without capabilities.
bool cannot_change() { return errno == EINVAL || errno == EPERM; }

void become(const Identity& identity) {
  if (identity.user == ::getuid() && identity.user == ::geteuid()) return;
  const bool changed = ::setgroups(0, nullptr) == 0 &&
                       ::setresgid(identity.group, identity.group, identity.group) == 0 &&
                       ::setresuid(identity.user, identity.user, identity.user) == 0;
  if (!changed && !cannot_change()) fail("becoming another user");
}

}  // namespace

std::optional<Identity> chosen_identity(const std::string& name) {
  if (::geteuid() != 0) {
    if (name.empty()) return std::nullopt;
    throw Failure(ExitCode::no_permission, "--user: only root can run as another user");
  }
  return name.empty() ? behind_sudo().value_or(nobody) : named(name);
}

void give_up_rights(const std::optional<Identity>& identity) {
  capng_clear(CAPNG_SELECT_ALL);
  static_cast<void>(capng_apply(CAPNG_SELECT_BOUNDS));
  if (identity) become(*identity);
  capng_clear(CAPNG_SELECT_ALL);
  if (capng_apply(CAPNG_SELECT_CAPS) != 0) fail("dropping capabilities");
  static_cast<void>(capng_apply(CAPNG_SELECT_AMBIENT));  // empty once nothing is permitted
}

}  // namespace tapdeck
