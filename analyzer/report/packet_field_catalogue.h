// The names of the fields that dissectors describe, for people to choose from. Dissectors don't
// list them: each is shown made-up packets until names stop turning up, so a new field needs no
// second place. Fields of options that are rarely met may be missing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tapdeck {

/// "tcp.flags" and the like, in the dissector's order; empty for a protocol that nobody dissects.
[[nodiscard]] std::vector<std::string> catalogue_of(std::string_view protocol);

/// Of all protocols, in the order of the registry.
[[nodiscard]] std::vector<std::string> whole_catalogue();

}  // namespace tapdeck
