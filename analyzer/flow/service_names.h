// The table that the build makes of service_names.tsv.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace tapdeck {

struct RegisteredService {
  std::uint16_t port;
  std::uint8_t ip_protocol;
  char text[16];  // a name has at most 15 characters (RFC 6335 §5.1)

  [[nodiscard]] constexpr std::string_view name() const { return text; }
};

/// By port, then IP protocol.
[[nodiscard]] constexpr bool is_before(const RegisteredService& a, const RegisteredService& b) {
  return a.port != b.port ? a.port < b.port : a.ip_protocol < b.ip_protocol;
}

/// Sorted by is_before().
[[nodiscard]] std::span<const RegisteredService> registered_services();

}  // namespace tapdeck
