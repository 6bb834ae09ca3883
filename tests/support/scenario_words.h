// The words of one line of a scenario, taken one by one, and the parts that have a form of their
// own: times, numbers, TCP options.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/scenario.h"

namespace tapdeck::test {

/// Words between white space; <...> and "..." are one word each.
class ScenarioWords {
 public:
  ScenarioWords(std::string place, std::string_view line);

  [[nodiscard]] bool empty() const { return x_next == x_words.size(); }
  /// The next word, which stays; "" at the end.
  [[nodiscard]] std::string peek() const { return empty() ? std::string() : x_words[x_next]; }
  [[nodiscard]] bool take_if(std::string_view word);
  /// `what` says what is missing at the end of a line.
  std::string take(std::string_view what);
  std::uint64_t take_number(std::string_view what, std::uint64_t most);
  /// The words that are left, with a space between them.
  std::string take_rest();

  [[noreturn]] void fail(const std::string& message) const;

 private:
  std::string x_place;
  std::vector<std::string> x_words;
  std::size_t x_next = 0;
};

/// Decimal, or hexadecimal behind 0x; a sign is allowed in front of it.
[[nodiscard]] std::int64_t number_of(const ScenarioWords& words, std::string_view text);

/// Seconds: "1.5", "+.020" and "-3600" count from the packet before.
[[nodiscard]] std::int64_t time_of(const ScenarioWords& words, std::string_view text,
                                   std::int64_t before_ns);

/// "<mss 1460,nop,wscale 7>"
[[nodiscard]] std::vector<ScenarioOption> options_of(const ScenarioWords& words,
                                                     std::string_view text);

}  // namespace tapdeck::test
