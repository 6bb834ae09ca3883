// Addresses as values: comparable, hashable, printable.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "captures/bytes.h"

namespace tapdeck {

struct MacAddress {
  std::array<std::uint8_t, 6> octets{};

  /// Requires: at + 6 <= bytes.size().
  static MacAddress read(Bytes bytes, std::size_t at);

  friend constexpr auto operator<=>(const MacAddress&, const MacAddress&) = default;
};

/// An IPv4 or IPv6 address. An IPv4 address lies in the first 4 octets, the others are zero.
struct IpAddress {
  std::array<std::uint8_t, 16> octets{};
  std::uint8_t version = 4;  ///< 4 or 6.

  /// Requires: at + 4 <= bytes.size().
  static IpAddress read_v4(Bytes bytes, std::size_t at) {
    IpAddress address;
    std::memcpy(address.octets.data(), bytes.data() + at, 4);
    return address;
  }

  /// Requires: at + 16 <= bytes.size().
  static IpAddress read_v6(Bytes bytes, std::size_t at) {
    IpAddress address;
    std::memcpy(address.octets.data(), bytes.data() + at, 16);
    address.version = 6;
    return address;
  }

  /// No multicast address, and none that is reserved behind those.
  [[nodiscard]] bool is_unicast() const {
    constexpr std::uint8_t lowest_multicast = 224;
    return version == 4 ? octets[0] < lowest_multicast : octets[0] != 0xff;
  }

  friend constexpr auto operator<=>(const IpAddress&, const IpAddress&) = default;
};

/// "02:42:ac:11:00:02".
[[nodiscard]] std::string to_string(const MacAddress& address);

/// The reverse, in either case; nothing for any other text.
[[nodiscard]] std::optional<MacAddress> parse_mac_address(std::string_view text);

/// Dotted decimal, or the canonical form of RFC 5952; made without taking memory.
class AddressText {
 public:
  explicit AddressText(const IpAddress& address);
  [[nodiscard]] operator std::string_view() const { return {x_text.data(), x_length}; }

 private:
  std::array<char, 46> x_text;
  std::size_t x_length;
};

[[nodiscard]] std::string to_string(const IpAddress& address);

}  // namespace tapdeck
