#include "tools/tapdeck/connection_pick.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include <arpa/inet.h>

#include "captures/failure.h"
#include "tools/tapdeck/options.h"

namespace tapdeck {
namespace {

bool is_number(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](unsigned char c) { return c >= '0' && c <= '9'; });
}

std::optional<IpAddress> parse_address(const std::string& text) {
  IpAddress address;
  if (::inet_pton(AF_INET, text.c_str(), address.octets.data()) == 1) return address;
  address.version = 6;
  if (::inet_pton(AF_INET6, text.c_str(), address.octets.data()) == 1) return address;
  return std::nullopt;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return port;
}

}  // namespace

std::optional<Socket> parse_socket(const std::string& word) {
  if (const auto alone = parse_address(word)) return Socket{.address = *alone, .port = {}};
  const std::size_t colon = word.rfind(':');
  if (colon == std::string::npos) return std::nullopt;
  std::string host = word.substr(0, colon);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  const auto address = parse_address(host);
  const auto port = parse_port(std::string_view(word).substr(colon + 1));
  if (!address || !port || (address->version == 6) != bracketed) return std::nullopt;
  return Socket{.address = *address, .port = *port};
}

bool names_connection(const std::string& word) {
  return is_number(word) || parse_socket(word).has_value();
}

ConnectionPick parse_pick(const std::vector<std::string>& words) {
  ConnectionPick pick;
  for (const std::string& word : words) {
    if (!is_number(word)) {
      pick.ends.push_back(*parse_socket(word));
    } else if (words.size() == 1) {
      pick.id = parse_count("id", word);
    } else {
      throw Failure(ExitCode::usage, "name a connection by its id or by its ends, not by both");
    }
  }
  return pick;
}

}  // namespace tapdeck
