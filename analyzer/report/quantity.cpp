#include "analyzer/report/quantity.h"

#include <fmt/format.h>

namespace tapdeck {
namespace {

/// Requires: number >= 1000.
std::string scaled(std::uint64_t number, std::string_view prefixes) {
  std::uint64_t unit = 1000;
  std::size_t prefix = 0;
  while (number / unit >= 1000) {
    unit *= 1000;
    ++prefix;
  }
  const std::uint64_t whole = number / unit;
  std::string text = fmt::format("{}.{:02}", whole, number % unit / (unit / 100));
  text.resize(whole >= 100 ? 3 : 4);
  return fmt::format("{} {}", text, prefixes[prefix]);
}

}  // namespace

std::string count_text(std::uint64_t count) {
  std::string text = fmt::to_string(count);
  for (std::size_t at = text.size(); at > 3;) {
    at -= 3;
    text.insert(at, 1, ',');
  }
  return text;
}

std::string count_of(std::uint64_t count, std::string_view singular, std::string_view plural) {
  return fmt::format("{} {}", count_text(count), count == 1 ? singular : plural);
}

std::string count_of(std::uint64_t count, std::string_view singular) {
  return count_of(count, singular, fmt::format("{}s", singular));
}

std::string bytes_text(std::uint64_t bytes) {
  return bytes < 1000 ? fmt::format("{} B", bytes) : scaled(bytes, "kMGTPE") + 'B';
}

std::string short_count_text(std::uint64_t count) {
  return count < 1'000'000 ? fmt::to_string(count) : scaled(count, "kMGTPE");
}

}  // namespace tapdeck
