#include "dissectors/address.h"

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

std::string to_string(const IpAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(address.version == 4 ? AF_INET : AF_INET6, address.octets.data(), text.data(),
            text.size());
  return text.data();
}

}  // namespace tapdeck
