// Whether a filter expression means anything, and if not, where the mistake is. libpcap tells what
// is wrong but not where, and would ask name servers; so the words are looked at here first.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tapdeck {

struct FilterToken {
  std::string_view text;   // borrowed from the expression
  std::size_t column = 0;  // in the expression, from 0
};

/// Every DLT_ value that libpcap may know lies below.
inline constexpr int data_links_end = 320;

[[nodiscard]] std::vector<FilterToken> split_filter(std::string_view expression);

/// Throws Failure(usage) with a sentence, the expression, and a caret under the first token that
/// nothing could follow to make it right. Returns if some link type can be filtered by it.
void check_filter(const std::string& expression);

}  // namespace tapdeck
