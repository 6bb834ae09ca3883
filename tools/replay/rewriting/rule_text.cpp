#include "tools/replay/rewriting/rule_text.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <arpa/inet.h>
#include <fmt/format.h>

#include "dissectors/ip_protocol.h"

namespace tapdeck {
namespace {

struct ProtocolName {
  std::string_view name;
  std::uint8_t ip_protocol;
};

constexpr std::array protocols{
    ProtocolName{"tcp", IpProtocol::tcp},           ProtocolName{"udp", IpProtocol::udp},
    ProtocolName{"sctp", IpProtocol::sctp},         ProtocolName{"dccp", IpProtocol::dccp},
    ProtocolName{"udp_lite", IpProtocol::udp_lite}, ProtocolName{"icmp", IpProtocol::icmp},
    ProtocolName{"icmpv6", IpProtocol::icmp_v6}};

template <std::size_t octets>
bool read_text(int family, std::string_view text, std::array<std::uint8_t, octets>& result) {
  return inet_pton(family, std::string(text).c_str(), result.data()) == 1;
}

}  // namespace

std::pair<std::string_view, std::string_view> parse_pair(std::string_view text, char mark,
                                                         std::string_view shape) {
  const std::size_t at = text.find(mark);
  if (at == text.npos) throw RuleMistake{fmt::format("no '{}'; it looks as {}", mark, shape), text};
  return {text.substr(0, at), text.substr(at + 1)};
}

std::vector<std::string_view> parse_list(std::string_view text, char mark) {
  std::vector<std::string_view> parts;
  for (std::size_t end = text.find(mark); end != text.npos; end = text.find(mark)) {
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  parts.push_back(text);
  return parts;
}

unsigned parse_number(std::string_view text, unsigned least, unsigned most, std::string_view what) {
  unsigned number = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stopped != end || number < least || number > most) {
    throw RuleMistake{fmt::format("'{}' is no {} from {} to {}", text, what, least, most), text};
  }
  return number;
}

IpAddress parse_address(std::string_view text) {
  IpAddress address;
  if (text.find(':') == text.npos) {
    if (read_text(AF_INET, text, address.octets)) return address;
  } else {
    address.version = 6;
    if (read_text(AF_INET6, text, address.octets)) return address;
  }
  throw RuleMistake{fmt::format("'{}' is no IPv4 or IPv6 address", text), text};
}

IpAddress parse_host(std::string_view text) {
  const IpAddress address = parse_address(text);
  const IpAddress unspecified{.octets = {}, .version = address.version};
  constexpr IpAddress broadcast{.octets = {255, 255, 255, 255}, .version = 4};
  const std::uint8_t first = address.octets.front();
  const bool is_multicast = address.version == 4 ? first >= 224 && first < 240 : first == 0xff;
  if (address == unspecified || address == broadcast || is_multicast) {
    throw RuleMistake{fmt::format("'{}' is no address that a host can have", text), text};
  }
  return address;
}

MacAddress parse_mac(std::string_view text) {
  MacAddress address;
  const auto parts = parse_list(text, ':');
  bool right = parts.size() == address.octets.size();
  for (std::size_t i = 0; right && i < parts.size(); ++i) {
    const char* const end = parts[i].data() + parts[i].size();
    const auto [stopped, error] = std::from_chars(parts[i].data(), end, address.octets[i], 16);
    right = error == std::errc{} && stopped == end && parts[i].size() <= 2;
  }
  if (right) return address;
  throw RuleMistake{fmt::format("'{}' is no address as 02:00:00:00:00:01", text), text};
}

Prefix parse_prefix(std::string_view text) {
  const std::size_t slash = text.find('/');
  Prefix prefix{.address = parse_address(text.substr(0, slash))};
  const unsigned bits = address_bits(prefix.address);
  prefix.length = static_cast<std::uint8_t>(
      slash == text.npos ? bits : parse_number(text.substr(slash + 1), 0, bits, "number of bits"));
  const IpAddress network =
      joined(prefix.address, {.octets = {}, .version = prefix.address.version}, prefix.length);
  if (network != prefix.address) {
    throw RuleMistake{fmt::format("bits are set behind the prefix; {}/{} is one",
                                  to_string(network), prefix.length),
                      text};
  }
  return prefix;
}

std::pair<IpAddress, std::uint16_t> parse_socket(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  std::string_view address = text.substr(0, colon);
  const bool bracketed = address.size() > 2 && address.front() == '[' && address.back() == ']';
  const bool is_v6 = address.find(':') != address.npos;
  if (colon == text.npos || is_v6 != bracketed) {
    throw RuleMistake{
        fmt::format("'{}' is no address with a port as 192.0.2.1:80 or [2001:db8::1]:80", text),
        text};
  }
  if (bracketed) address = address.substr(1, address.size() - 2);
  return {parse_host(address),
          static_cast<std::uint16_t>(parse_number(text.substr(colon + 1), 1, 65'535, "port"))};
}

std::uint8_t take_protocol(std::string_view& text) {
  const std::size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  const bool is_name = std::ranges::all_of(
      name, [](char letter) { return letter == '_' || (letter >= 'a' && letter <= 'z'); });
  if (colon == text.npos || !is_name) return 0;
  const auto found = std::ranges::find(protocols, name, &ProtocolName::name);
  if (found == protocols.end() || !IpProtocol::has_ports(found->ip_protocol)) {
    throw RuleMistake{fmt::format("'{}' is none of tcp, udp, sctp, dccp, udp_lite", name), name};
  }
  text.remove_prefix(colon + 1);
  return found->ip_protocol;
}

std::string protocol_text(std::uint8_t ip_protocol) {
  const auto found = std::ranges::find(protocols, ip_protocol, &ProtocolName::ip_protocol);
  return found == protocols.end() ? fmt::format("ip-{}", ip_protocol) : std::string(found->name);
}

std::string address_port_text(const IpAddress& address, std::optional<std::uint16_t> port) {
  const std::string text = to_string(address);
  if (!port) return text;
  return address.version == 6 ? fmt::format("[{}]:{}", text, *port)
                              : fmt::format("{}:{}", text, *port);
}

}  // namespace tapdeck
