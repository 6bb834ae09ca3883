#include "analyzer/flow/service_names.h"

#include <algorithm>

#include "analyzer/flow/socket.h"

namespace tapdeck {

std::string_view service_name(std::uint16_t port, std::uint8_t ip_protocol) {
  const RegisteredService wanted{.port = port, .ip_protocol = ip_protocol, .text = {}};
  const std::span<const RegisteredService> services = registered_services();
  const auto found = std::ranges::lower_bound(services, wanted, is_before);
  if (found == services.end() || is_before(wanted, *found)) return {};
  return found->name();
}

}  // namespace tapdeck
