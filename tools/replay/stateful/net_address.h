// Addresses of live peers: found by name or number, as the kernel's socket calls take them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <netinet/in.h>
#include <sys/socket.h>

#include "analyzer/flow/socket.h"

namespace tapdeck {

struct NetAddress {
  sockaddr_storage storage{};
  socklen_t length = 0;

  [[nodiscard]] const sockaddr* get() const {
    return reinterpret_cast<const sockaddr*>(&storage);  // NOLINT(*-reinterpret-cast): as it asks
  }
  [[nodiscard]] int family() const { return storage.ss_family; }
};

/// "HOST:PORT", "[2001:db8::1]:PORT". Failure(usage) for anything else and for unknown names.
[[nodiscard]] NetAddress find_host_and_port(std::string_view option, const std::string& text);

/// "HOST" alone, for binding to any port of it.
[[nodiscard]] NetAddress find_host(std::string_view option, const std::string& text);

/// To listen on: "PORT" (every address, both versions of IP) or as find_host_and_port.
[[nodiscard]] NetAddress find_listening(std::string_view option, const std::string& text);

/// "192.0.2.1:80", "[2001:db8::1]:80".
[[nodiscard]] std::string to_string(const NetAddress& address);

}  // namespace tapdeck
