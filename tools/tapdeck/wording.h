// Words for people: near names for one that isn't there, what they typed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tapdeck {

/// Insertions, deletions, replacements and swaps of neighbours that turn one into the other.
[[nodiscard]] std::size_t edit_distance(std::string_view one, std::string_view other);

/// The candidates that are near enough to be meant, the nearest first, at most three.
[[nodiscard]] std::vector<std::string> near_names(std::string_view name,
                                                  const std::vector<std::string>& candidates);

/// "; did you mean 'tcp.flags' or 'tcp.ack'?", or nothing.
[[nodiscard]] std::string did_you_mean(std::string_view name,
                                       const std::vector<std::string>& candidates);

/// What the user typed, fit to be shown: control characters escaped.
[[nodiscard]] std::string shown(std::string_view text);

}  // namespace tapdeck
