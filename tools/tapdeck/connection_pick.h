// How a connection is named on the command line: by its id, or by one or both of its ends.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analyzer/connection_follower.h"

namespace tapdeck {

/// "192.0.2.1:80", "[2001:db8::1]:80", or an address alone.
[[nodiscard]] std::optional<Socket> parse_socket(const std::string& word);

/// True for a number and for whatever parse_socket takes.
[[nodiscard]] bool names_connection(const std::string& word);

/// Requires: names_connection of each word. Failure(usage) if they don't go together.
[[nodiscard]] ConnectionPick parse_pick(const std::vector<std::string>& words);

}  // namespace tapdeck
