// The little language of the lab's options: words NAME or NAME=VALUE, values with ranges and
// shares.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tapdeck {

struct Setting {
  std::string name;
  std::string value;  // empty without '='
};

[[nodiscard]] std::vector<Setting> split_settings(const std::string& text);

[[nodiscard]] std::vector<std::string> split_at(std::string_view text, char separator);

/// The functions below throw Failure(usage) for what is no number.
[[nodiscard]] double parse_number(const std::string& text);

struct NumberRange {
  double begin = 0;
  double end = 0;
};

/// "2-8", or "2" for both.
[[nodiscard]] NumberRange parse_range(const std::string& text);

}  // namespace tapdeck
