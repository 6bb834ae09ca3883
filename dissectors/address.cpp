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
