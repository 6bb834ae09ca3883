// Reading what a user wrote from its front to its end.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tapdeck {

/// Takes a text apart from its front; what doesn't fit takes nothing.
class TextScanner {
 public:
  explicit TextScanner(std::string_view text) : x_rest(text) {}

  [[nodiscard]] bool is_over() const { return x_rest.empty(); }
  [[nodiscard]] std::string_view rest() const { return x_rest; }

  bool take(std::string_view word) {
    if (!x_rest.starts_with(word)) return false;
    x_rest.remove_prefix(word.size());
    return true;
  }

  template <class Number>
  std::optional<Number> number() {
    Number value{};
    const bool is_digit = !x_rest.empty() && x_rest.front() >= '0' && x_rest.front() <= '9';
    const auto [end, error] = std::from_chars(x_rest.data(), x_rest.data() + x_rest.size(), value);
    if (!is_digit || error != std::errc{}) return std::nullopt;
    x_rest.remove_prefix(static_cast<std::size_t>(end - x_rest.data()));
    return value;
  }

  /// Of so many digits exactly.
  std::optional<int> digits(std::size_t count) {
    if (x_rest.size() < count) return std::nullopt;
    TextScanner own(x_rest.substr(0, count));
    const std::optional<int> value = own.number<int>();
    if (!value || !own.is_over()) return std::nullopt;
    x_rest.remove_prefix(count);
    return value;
  }

  /// "12.5" or ".5" as multiples of 1 / `unit`; digits past the unit's own are cut off.
  std::optional<std::int64_t> decimal(std::int64_t unit) {
    const std::string_view all = x_rest;
    const auto whole = number<std::int64_t>();
    const bool has_fraction = take(".");
    std::int64_t result = 0;
    if (__builtin_mul_overflow(whole.value_or(0), unit, &result)) return std::nullopt;
    const std::size_t before = x_rest.size();
    for (std::int64_t place = unit / 10; has_fraction && !x_rest.empty(); place /= 10) {
      const int digit = x_rest.front() - '0';
      if (digit < 0 || digit > 9) break;
      if (__builtin_add_overflow(result, digit * place, &result)) return std::nullopt;
      x_rest.remove_prefix(1);
    }
    const bool has_digits = has_fraction ? x_rest.size() != before : whole.has_value();
    if (has_digits) return result;
    x_rest = all;
    return std::nullopt;
  }

 private:
  std::string_view x_rest;
};

}  // namespace tapdeck
