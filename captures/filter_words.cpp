// Which words of a filter are names of hosts. libpcap resolves whatever is neither keyword, number
// nor address where an address may stand, so those are found before it sees the expression.
#include "captures/filter_words.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include <arpa/inet.h>

namespace tapdeck {
namespace {

using namespace std::string_view_literals;

/// Words that say what kind of value follows. After them stands no host name.
constexpr std::array value_kinds{
    "port"sv, "portrange"sv,  "proto"sv,  "protochain"sv, "type"sv,    "subtype"sv, "direction"sv,
    "dir"sv,  "ifname"sv,     "on"sv,     "rset"sv,       "ruleset"sv, "rnr"sv,     "rulenum"sv,
    "srnr"sv, "subrulenum"sv, "action"sv, "reason"sv,     "llc"sv,     "byte"sv,
};

/// Words that open the description of a host or network, or qualify it.
constexpr std::array qualifiers{
    "host"sv,  "net"sv,   "gateway"sv, "mask"sv,     "src"sv,      "dst"sv,      "ether"sv,
    "link"sv,  "fddi"sv,  "tr"sv,      "wlan"sv,     "ppp"sv,      "slip"sv,     "arp"sv,
    "rarp"sv,  "ip"sv,    "ip6"sv,     "tcp"sv,      "udp"sv,      "sctp"sv,     "icmp"sv,
    "icmp6"sv, "igmp"sv,  "igrp"sv,    "pim"sv,      "vrrp"sv,     "carp"sv,     "ah"sv,
    "esp"sv,   "atalk"sv, "aarp"sv,    "decnet"sv,   "lat"sv,      "sca"sv,      "moprc"sv,
    "mopdl"sv, "iso"sv,   "esis"sv,    "es-is"sv,    "isis"sv,     "is-is"sv,    "l1"sv,
    "l2"sv,    "iih"sv,   "lsp"sv,     "snp"sv,      "csnp"sv,     "psnp"sv,     "clnp"sv,
    "stp"sv,   "ipx"sv,   "netbeui"sv, "radio"sv,    "ra"sv,       "ta"sv,       "addr1"sv,
    "addr2"sv, "addr3"sv, "addr4"sv,   "address1"sv, "address2"sv, "address3"sv, "address4"sv,
};

constexpr std::array other_keywords{
    "and"sv,         "or"sv,        "not"sv,       "less"sv,    "greater"sv,  "len"sv,
    "length"sv,      "broadcast"sv, "multicast"sv, "inbound"sv, "outbound"sv, "ifindex"sv,
    "vlan"sv,        "mpls"sv,      "pppoed"sv,    "pppoes"sv,  "geneve"sv,   "vxlan"sv,
    "lane"sv,        "metac"sv,     "bcc"sv,       "oam"sv,     "oamf4"sv,    "oamf4ec"sv,
    "oamf4sc"sv,     "sc"sv,        "ilmic"sv,     "vpi"sv,     "vci"sv,      "connectmsg"sv,
    "metaconnect"sv, "fisu"sv,      "lssu"sv,      "lsu"sv,     "msu"sv,      "hfisu"sv,
    "hlssu"sv,       "hlsu"sv,      "hmsu"sv,      "sio"sv,     "opc"sv,      "dpc"sv,
    "sls"sv,         "hsio"sv,      "hopc"sv,      "hdpc"sv,    "hsls"sv,
};

/// Named offsets and values, all of the form icmp…, icmp6… or tcp….
bool is_constant(std::string_view word) {
  return word.starts_with("icmp-") || word.starts_with("icmp6-") || word.starts_with("tcp-") ||
         word == "icmptype" || word == "icmpcode" || word == "icmp6type" || word == "icmp6code" ||
         word == "tcpflags";
}

template <std::size_t count>
bool is_one_of(const std::array<std::string_view, count>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

bool is_hexadecimal(char letter) {
  return is_digit(letter) || (letter >= 'a' && letter <= 'f') || (letter >= 'A' && letter <= 'F');
}

bool is_word(std::string_view text) {
  const char first = text.front();
  if (text == ":") {
    return false;
  }
  return is_hexadecimal(first) || (first >= 'g' && first <= 'z') ||
         (first >= 'G' && first <= 'Z') || first == '\\' || first == ':' || first == '_' ||
         first == '.' || first == '$' || static_cast<unsigned char>(first) >= 0x80;
}

/// Groups of hexadecimal digits, `count` of them, at most `digits` each, between `separator`s.
bool is_grouped(std::string_view text, char separator, std::size_t count, std::size_t digits) {
  std::size_t groups = 1;
  std::size_t length = 0;
  for (const char letter : text) {
    if (letter == separator) {
      ++groups;
      length = 0;
    } else if (!is_hexadecimal(letter) || ++length > digits) {
      return false;
    }
  }
  return groups == count && length > 0;
}

bool is_number(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0X")) {
    return text.size() > 2 && std::ranges::all_of(text.substr(2), is_hexadecimal);
  }
  return std::ranges::all_of(text, is_digit);
}

/// One to four decimal groups: an address, or a network given by its first octets.
bool is_dotted(std::string_view text) {
  const auto dots = static_cast<std::size_t>(std::ranges::count(text, '.'));
  return dots <= 3 && is_grouped(text, '.', dots + 1, 3) && text.front() != '.' &&
         std::ranges::none_of(text, [](char letter) { return !is_digit(letter) && letter != '.'; });
}

bool is_address(std::string_view text) {
  in6_addr ignored{};
  return is_number(text) || is_dotted(text) || text.front() == '$' || is_grouped(text, ':', 6, 2) ||
         is_grouped(text, '-', 6, 2) || is_grouped(text, '.', 6, 2) ||
         is_grouped(text, '.', 3, 4) ||
         ::inet_pton(AF_INET6, std::string(text).c_str(), &ignored) == 1;
}

/// Neither keyword nor number nor address.
bool is_name(std::string_view text) {
  return is_word(text) && !is_one_of(other_keywords, text) && !is_constant(text) &&
         !is_address(text);
}

}  // namespace

bool holds_names(const std::vector<FilterToken>& tokens) {
  return std::ranges::any_of(tokens, [](const FilterToken& token) {
    return is_name(token.text) && !is_one_of(qualifiers, token.text) &&
           !is_one_of(value_kinds, token.text);
  });
}

std::optional<std::size_t> find_host_name(const std::vector<FilterToken>& tokens) {
  bool host_expected = true;
  bool among_qualifiers = false;
  std::size_t brackets = 0;
  for (std::size_t index = 0; index < tokens.size(); ++index) {
    const std::string_view text = tokens[index].text;
    const bool qualifier = is_one_of(qualifiers, text);
    const bool kind = is_one_of(value_kinds, text);
    if (qualifier || kind) {
      host_expected = !kind && (host_expected || !among_qualifiers);
      among_qualifiers = true;
      continue;
    }
    among_qualifiers = false;
    brackets += text == "[" ? 1U : 0U;
    brackets -= text == "]" && brackets > 0 ? 1U : 0U;
    if (is_name(text) && (host_expected || brackets > 0)) {
      return index;
    }
  }
  return std::nullopt;
}

}  // namespace tapdeck
