#include "tools/replay/stateful/net_address.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <memory>

#include <fmt/format.h>
#include <netdb.h>

#include "captures/failure.h"
#include "tools/tapdeck/wording.h"

namespace tapdeck {
namespace {

bool is_number(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](unsigned char letter) { return std::isdigit(letter) != 0; });
}

NetAddress look_up(std::string_view option, const std::string& text, const char* host,
                   const char* port) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(host, port, &wanted, &found);
  if (error != 0) {
    throw Failure(ExitCode::usage,
                  fmt::format("--{}: {}: {}", option, shown(text), ::gai_strerror(error)));
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
  NetAddress address;
  std::memcpy(&address.storage, found->ai_addr, found->ai_addrlen);
  address.length = found->ai_addrlen;
  return address;
}

}  // namespace

NetAddress find_host_and_port(std::string_view option, const std::string& text) {
  const std::size_t colon = text.rfind(':');
  std::string host = text.substr(0, colon);
  const std::string port = colon == std::string::npos ? std::string() : text.substr(colon + 1);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  const bool is_ambiguous = !bracketed && host.find(':') != std::string::npos;
  if (host.empty() || is_ambiguous || !is_number(port) || port.size() > 5 ||
      std::stoul(port) > 65535) {
    throw Failure(
        ExitCode::usage,
        fmt::format("--{}: '{}' is no host and port as in\n192.0.2.1:80, [2001:db8::1]:80, "
                    "localhost:80",
                    option, shown(text)));
  }
  return look_up(option, text, host.c_str(), port.c_str());
}

NetAddress find_host(std::string_view option, const std::string& text) {
  return look_up(option, text, text.c_str(), nullptr);
}

NetAddress find_listening(std::string_view option, const std::string& text) {
  return find_host_and_port(option, is_number(text) ? "[::]:" + text : text);
}

std::string to_string(const NetAddress& address) {
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> port{};
  const int error = ::getnameinfo(address.get(), address.length, host.data(), host.size(),
                                  port.data(), port.size(), NI_NUMERICHOST | NI_NUMERICSERV);
  if (error != 0) return "?";
  return address.family() == AF_INET6 ? fmt::format("[{}]:{}", host.data(), port.data())
                                      : fmt::format("{}:{}", host.data(), port.data());
}

}  // namespace tapdeck
