#include "dissectors/address.h"

#include <charconv>

#include <arpa/inet.h>
#include <fmt/format.h>

namespace tapdeck {

MacAddress MacAddress::read(Bytes bytes, std::size_t at) {
  MacAddress address;
  std::memcpy(address.octets.data(), bytes.data() + at, address.octets.size());
  return address;
}

std::string to_string(const MacAddress& address) {
  return fmt::format("{:02x}", fmt::join(address.octets, ":"));
}

std::optional<MacAddress> parse_mac_address(std::string_view text) {
  MacAddress address;
  constexpr std::size_t octet_digits = 2, octet_and_colon = 3;
  if (text.size() != address.octets.size() * octet_and_colon - 1) return std::nullopt;
  for (std::size_t i = 0; i < address.octets.size(); ++i) {
    const char* const from = text.data() + i * octet_and_colon;
    const char* const to = from + octet_digits;
    const auto [stopped, error] = std::from_chars(from, to, address.octets[i], 16);
    const bool is_last = i + 1 == address.octets.size();
    if (error != std::errc{} || stopped != to || (!is_last && *to != ':')) return std::nullopt;
  }
  return address;
}

AddressText::AddressText(const IpAddress& address) {
  static_assert(sizeof x_text >= INET6_ADDRSTRLEN);
  if (address.version == 6) {
    inet_ntop(AF_INET6, address.octets.data(), x_text.data(), INET6_ADDRSTRLEN);
    x_length = std::strlen(x_text.data());
    return;
  }
  char* at = x_text.data();
  for (std::size_t i = 0; i < 4; ++i) {
    if (i != 0) *at++ = '.';
    at = std::to_chars(at, at + 3, address.octets[i]).ptr;
  }
  x_length = static_cast<std::size_t>(at - x_text.data());
}

std::string to_string(const IpAddress& address) {
  return std::string(std::string_view(AddressText(address)));
}

}  // namespace tapdeck
