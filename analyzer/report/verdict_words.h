// A verdict for people: what the segment is, and why this cause and not the other.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analyzer/tcp/verdict.h"

namespace tapdeck {

/// words_of as values of a field.
[[nodiscard]] std::vector<std::string> verdict_values(const Verdict& verdict);

/// Why, in at most two parts: of the origin with its confidence ("its IP ID was given later (high
/// confidence)"), and of what became of the earlier copy.
[[nodiscard]] std::vector<std::string> verdict_reason(const Verdict& verdict);

enum class Detail : std::uint8_t {
  brief,
  full,  // with what the evidence would have been otherwise
};

/// The same as sentences that say what the evidence speaks against ("not overtaken: its IP ID was
/// given later, one overtaken has an earlier one").
[[nodiscard]] std::vector<std::string> explain(const Verdict& verdict, Detail detail);

}  // namespace tapdeck
