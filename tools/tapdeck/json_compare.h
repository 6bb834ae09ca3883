// Compares JSON documents by meaning: white space and the order of keys don't count.
#pragma once

#include <string>
#include <vector>

namespace tapdeck {

struct JsonDifference {
  std::string path;      ///< "connections[3].client.port"
  std::string expected;  ///< As JSON; "nothing" where only the other document has the path.
  std::string found;
};

/// The first differences, in the order of the expected document, at most `limit`. A document that
/// is no JSON differs as a whole.
[[nodiscard]] std::vector<JsonDifference> compare_json(const std::string& expected,
                                                       const std::string& found, std::size_t limit);

}  // namespace tapdeck
