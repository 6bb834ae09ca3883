// Packets written as hex in tests: "4500 0028 …", white space anywhere between octets.
#pragma once

#include <cctype>
#include <cstddef>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace tapdeck::test {

inline unsigned hex_digit(char digit) {
  if (digit >= '0' && digit <= '9') return static_cast<unsigned>(digit - '0');
  if (digit >= 'a' && digit <= 'f') return static_cast<unsigned>(digit - 'a') + 10U;
  throw std::invalid_argument("hex text holds what is no lower-case hex digit");
}

/// Throws for an odd number of digits and for anything else than lower-case hex and white space.
inline std::vector<std::byte> hex(std::string_view text) {
  std::vector<std::byte> bytes;
  bool half = false;
  for (const char character : text) {
    if (std::isspace(static_cast<unsigned char>(character)) != 0) continue;
    const unsigned digit = hex_digit(character);
    if (half) {
      bytes.back() = (bytes.back() << 4) | static_cast<std::byte>(digit);
    } else {
      bytes.push_back(static_cast<std::byte>(digit));
    }
    half = !half;
  }
  if (half) throw std::invalid_argument("hex text ends within an octet");
  return {bytes.begin(), bytes.end()};  // sized exactly, so that a sanitizer sees a read past it
}

/// The pieces in order: hex text and hex text.
template <class... Pieces>
std::vector<std::byte> hex(std::string_view first, const Pieces&... others) {
  std::vector<std::byte> bytes;
  const auto append = [&](std::string_view piece) {
    const auto octets = hex(piece);
    bytes.insert(bytes.end(), octets.begin(), octets.end());
  };
  append(first);
  (append(others), ...);
  return {bytes.begin(), bytes.end()};
}

}  // namespace tapdeck::test
