#include "tools/lab/link/settings.h"

#include <sstream>

#include "captures/failure.h"

namespace tapdeck {

std::vector<Setting> split_settings(const std::string& text) {
  std::vector<Setting> settings;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos) {
      settings.push_back({.name = word, .value = {}});
    } else {
      settings.push_back({.name = word.substr(0, equals), .value = word.substr(equals + 1)});
    }
  }
  return settings;
}

std::vector<std::string> split_at(std::string_view text, char separator) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == separator) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

double parse_number(const std::string& text) {
  std::istringstream stream(text);
  double number = 0;
  if (!(stream >> number) || stream.peek() != std::istringstream::traits_type::eof()) {
    throw Failure(ExitCode::usage, "not a number: '" + text + "'");
  }
  return number;
}

NumberRange parse_range(const std::string& text) {
  const std::vector<std::string> ends = split_at(text, '-');
  if (ends.size() > 2) throw Failure(ExitCode::usage, "not a range: '" + text + "'");
  const NumberRange range{.begin = parse_number(ends.front()), .end = parse_number(ends.back())};
  if (range.end < range.begin) {
    throw Failure(ExitCode::usage, "a range ends before it begins: '" + text + "'");
  }
  return range;
}

}  // namespace tapdeck
