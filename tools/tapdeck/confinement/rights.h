// As whom packets are parsed: of a program that root started not as root. Giving up is for good.
#pragma once

#include <optional>
#include <string>

#include "captures/file_owner.h"

namespace tapdeck {

using Identity = FileOwner;

/// Of a program that runs as root: the user of that name or number, without one the user behind
/// sudo, else nobody. Empty for others than root, who stay who they are: a name they give is
/// Failure(no_permission). A name that nobody has is Failure(usage).
[[nodiscard]] std::optional<Identity> chosen_identity(const std::string& name);

/// Becomes `identity` without supplementary groups, and drops every capability of the calling
/// thread, those that a program executed later might get among them (the bounding set as far as
/// the system lets: it takes a right that only root has). Throws Failure(no_permission).
void give_up_rights(const std::optional<Identity>& identity);

}  // namespace tapdeck
