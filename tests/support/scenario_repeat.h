// The lines of a scenario as they are played: those between `repeat` and `end` come again.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tapdeck::test {

struct ScenarioLine {
  std::size_t number = 0;  ///< In the file, from 1.
  std::string_view text;   ///< Borrowed.
  /// How much higher the client's and the server's port are than the connection says.
  std::array<std::uint16_t, 2> port_steps{0, 0};
};

/// "repeat N", "repeat N from other ports" or "repeat N to other ports", and "end" below it. Throws
/// ScenarioError for one without the other.
[[nodiscard]] std::vector<ScenarioLine> repeated_lines(const std::string& file,
                                                       std::string_view text);

}  // namespace tapdeck::test
