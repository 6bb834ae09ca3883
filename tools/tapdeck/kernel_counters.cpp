#include "tools/tapdeck/kernel_counters.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string_view>
#include <unordered_map>

#include <net/route.h>

#include "captures/failure.h"

namespace tapdeck {
namespace {

using Words = std::vector<std::string>;
using Counts = std::unordered_map<std::string, std::uint64_t>;
using enum HostCounter;

struct Source {
  HostCounter counter{};
  std::string_view name;  // SECTION.NAME, or as snmp6 has it
};

/// Counters of both versions go into one where netstat has one word for them.
constexpr std::array sources{
    Source{ip_received, "Ip.InReceives"},
    Source{ip_bad_headers, "Ip.InHdrErrors"},
    Source{ip_fragments_received, "Ip.ReasmReqds"},
    Source{ip_sent, "Ip.OutRequests"},
    Source{ip_fragments_sent, "Ip.FragCreates"},
    Source{ip6_received, "Ip6InReceives"},
    Source{ip6_fragments_received, "Ip6ReasmReqds"},
    Source{ip6_sent, "Ip6OutRequests"},
    Source{ip6_fragments_sent, "Ip6FragCreates"},
    Source{icmp_received, "Icmp.InMsgs"},
    Source{icmp_received, "Icmp6InMsgs"},
    Source{icmp_unreachable_received, "Icmp.InDestUnreachs"},
    Source{icmp_unreachable_received, "Icmp6InDestUnreachs"},
    Source{icmp_time_exceeded_received, "Icmp.InTimeExcds"},
    Source{icmp_time_exceeded_received, "Icmp6InTimeExcds"},
    Source{icmp_redirect_received, "Icmp.InRedirects"},
    Source{icmp_redirect_received, "Icmp6InRedirects"},
    Source{icmp_echo_received, "Icmp.InEchos"},
    Source{icmp_echo_received, "Icmp6InEchos"},
    Source{icmp_echo_reply_received, "Icmp.InEchoReps"},
    Source{icmp_echo_reply_received, "Icmp6InEchoReplies"},
    Source{icmp_sent, "Icmp.OutMsgs"},
    Source{icmp_sent, "Icmp6OutMsgs"},
    Source{icmp_unreachable_sent, "Icmp.OutDestUnreachs"},
    Source{icmp_unreachable_sent, "Icmp6OutDestUnreachs"},
    Source{icmp_time_exceeded_sent, "Icmp.OutTimeExcds"},
    Source{icmp_time_exceeded_sent, "Icmp6OutTimeExcds"},
    Source{icmp_redirect_sent, "Icmp.OutRedirects"},
    Source{icmp_redirect_sent, "Icmp6OutRedirects"},
    Source{icmp_echo_sent, "Icmp.OutEchos"},
    Source{icmp_echo_sent, "Icmp6OutEchos"},
    Source{icmp_echo_reply_sent, "Icmp.OutEchoReps"},
    Source{icmp_echo_reply_sent, "Icmp6OutEchoReplies"},
    Source{tcp_active_openings, "Tcp.ActiveOpens"},
    Source{tcp_passive_openings, "Tcp.PassiveOpens"},
    Source{tcp_failed_attempts, "Tcp.AttemptFails"},
    Source{tcp_resets_of_open, "Tcp.EstabResets"},
    Source{tcp_established, "Tcp.CurrEstab"},
    Source{tcp_received, "Tcp.InSegs"},
    Source{tcp_sent, "Tcp.OutSegs"},
    Source{tcp_retransmitted, "Tcp.RetransSegs"},
    Source{tcp_bad, "Tcp.InErrs"},
    Source{tcp_resets_sent, "Tcp.OutRsts"},
    Source{udp_received, "Udp.InDatagrams"},
    Source{udp_received, "Udp6InDatagrams"},
    Source{udp_unknown_port, "Udp.NoPorts"},
    Source{udp_unknown_port, "Udp6NoPorts"},
    Source{udp_bad, "Udp.InErrors"},
    Source{udp_bad, "Udp6InErrors"},
    Source{udp_sent, "Udp.OutDatagrams"},
    Source{udp_sent, "Udp6OutDatagrams"},
    Source{extended_timeouts, "TcpExt.TCPTimeouts"},
    Source{extended_fast, "TcpExt.TCPFastRetrans"},
    Source{extended_slow_start, "TcpExt.TCPSlowStartRetrans"},
    Source{extended_loss_probes, "TcpExt.TCPLossProbes"},
};

std::vector<Words> lines_of(const std::string& path) {
  std::ifstream file(path);
  std::vector<Words> lines;
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    lines.emplace_back(std::istream_iterator<std::string>(words),
                       std::istream_iterator<std::string>());
  }
  return lines;
}

std::uint64_t number_of(const std::string& word, int base = 10) {
  std::uint64_t number = 0;
  (void)std::from_chars(word.data(), word.data() + word.size(), number, base);
  return number;
}

/// Names in one line, their values in the next: "Tcp: ActiveOpens …", "Tcp: 12 …".
void add_paired(const std::string& path, Counts& counts) {
  const std::vector<Words> lines = lines_of(path);
  for (std::size_t i = 0; i + 1 < lines.size(); i += 2) {
    const Words& names = lines[i];
    const Words& values = lines[i + 1];
    for (std::size_t at = 1; at < std::min(names.size(), values.size()); ++at) {
      counts[names[0].substr(0, names[0].size() - 1) + "." + names[at]] = number_of(values[at]);
    }
  }
}

IpAddress from_host_order(const std::string& hex) {
  IpAddress address;
  const auto word = static_cast<std::uint32_t>(number_of(hex, 16));
  std::memcpy(address.octets.data(), &word, sizeof word);
  return address;
}

IpAddress from_hex(const std::string& hex) {
  IpAddress address;
  address.version = 6;
  for (std::size_t i = 0; i < address.octets.size() && 2 * i + 1 < hex.size(); ++i) {
    address.octets[i] = static_cast<std::uint8_t>(number_of(hex.substr(2 * i, 2), 16));
  }
  return address;
}

/// Interface, destination, gateway, flags, references, uses, metric, mask.
std::optional<RouteRow> route_v4(const Words& words) {
  if (words.size() < 8 || words[0] == "Iface") return std::nullopt;
  const std::uint64_t flags = number_of(words[3], 16);
  if ((flags & RTF_UP) == 0) return std::nullopt;
  RouteRow row{
      .destination = {.address = from_host_order(words[1]),
                      .prefix = static_cast<std::uint8_t>(std::popcount(number_of(words[7], 16)))},
      .through_gateway = (flags & RTF_GATEWAY) != 0,
      .interface = words[0]};
  if (row.through_gateway) row.gateway = from_host_order(words[2]);
  return row;
}

/// Destination, its prefix, source, its prefix, next hop, metric, references, uses, flags,
/// interface.
std::optional<RouteRow> route_v6(const Words& words) {
  constexpr std::uint64_t of_own_address = 0x8000'0000;  // RTF_LOCAL
  if (words.size() < 10) return std::nullopt;
  const std::uint64_t flags = number_of(words[8], 16);
  if ((flags & RTF_UP) == 0 || (flags & (of_own_address | RTF_REJECT)) != 0) return std::nullopt;
  RouteRow row{.destination = {.address = from_hex(words[0]),
                               .prefix = static_cast<std::uint8_t>(
                                   std::min<std::uint64_t>(number_of(words[1], 16), 128))},
               .through_gateway = (flags & RTF_GATEWAY) != 0,
               .interface = words[9]};
  if (row.through_gateway) row.gateway = from_hex(words[4]);
  return row;
}

}  // namespace

HostCounters read_kernel_counters() {
  Counts counts;
  add_paired("/proc/net/snmp", counts);
  add_paired("/proc/net/netstat", counts);
  for (const Words& words : lines_of("/proc/net/snmp6")) {
    if (words.size() == 2) counts[words[0]] = number_of(words[1]);
  }
  if (counts.empty()) {
    throw Failure(ExitCode::no_permission, "/proc/net/snmp can't be read");
  }
  HostCounters counters;
  for (const Source& source : sources) {
    const auto found = counts.find(std::string(source.name));
    if (found != counts.end()) counters[source.counter] += found->second;
  }
  return counters;
}

std::vector<InterfaceRow> read_kernel_interfaces() {
  std::vector<InterfaceRow> rows;
  for (Words words : lines_of("/proc/net/dev")) {
    // "eth0:" and sixteen numbers; older kernels leave no space behind the colon.
    if (words.size() < 16 || words[0].find('|') != std::string::npos) continue;
    const std::size_t colon = words[0].find(':');
    if (colon == std::string::npos) continue;
    if (colon + 1 < words[0].size()) words.insert(words.begin() + 1, words[0].substr(colon + 1));
    if (words.size() < 17) continue;
    const auto number = [&](std::size_t at) { return number_of(words[at]); };
    const std::uint64_t to_groups = std::min(number(8), number(2));
    rows.push_back({.name = words[0].substr(0, colon),
                    .received = {.octets = number(1),
                                 .unicast = number(2) - to_groups,
                                 .non_unicast = to_groups,
                                 .errors = number(3)},
                    .sent = {.octets = number(9), .unicast = number(10), .errors = number(11)},
                    .discarded = number(4) + number(12)});
  }
  return rows;
}

std::vector<RouteRow> read_kernel_routes() {
  std::vector<RouteRow> rows;
  for (const Words& words : lines_of("/proc/net/route")) {
    if (auto route = route_v4(words)) rows.push_back(std::move(*route));
  }
  for (const Words& words : lines_of("/proc/net/ipv6_route")) {
    if (auto route = route_v6(words)) rows.push_back(std::move(*route));
  }
  return rows;
}

}  // namespace tapdeck
