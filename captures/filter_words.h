// The words of libpcap's filter language, and which others would make it ask a name server.
#pragma once

#include <optional>
#include <vector>

#include "captures/filter_expression.h"

namespace tapdeck {

/// The index of the first token that stands where an address belongs and is none.
[[nodiscard]] std::optional<std::size_t> find_host_name(const std::vector<FilterToken>& tokens);

/// True if a token may be the name of a port or protocol, for which the system reads a file. No
/// token is the name of a host.
[[nodiscard]] bool holds_names(const std::vector<FilterToken>& tokens);

}  // namespace tapdeck
