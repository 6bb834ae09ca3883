#include "tools/tapdeck/netstat_options.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "captures/filter_expression.h"
#include "tools/tapdeck/connection_pick.h"
#include "tools/tapdeck/wording.h"

namespace tapdeck {
namespace {

constexpr std::array protocols{"tcp",   "udp", "tcp6", "tcpv6", "udp6",
                               "udpv6", "ip",  "ipv6", "icmp",  "icmpv6"};
/// Letters of options that take what follows them.
constexpr std::string_view letters_with_value = "ic";

std::string lowered(std::string text) {
  for (char& letter : text) {
    letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  }
  return text;
}

bool names_protocol(const std::string& word) {
  return std::ranges::find(protocols, lowered(word)) != protocols.end();
}

/// Where p stands in a cluster of letters, before any that takes the rest for its value.
std::optional<std::size_t> place_of_p(const std::string& word) {
  if (word.size() < 2 || word[0] != '-' || word[1] == '-') return std::nullopt;
  for (std::size_t at = 1; at < word.size(); ++at) {
    if (word[at] == 'p') return at;
    if (letters_with_value.find(word[at]) != std::string_view::npos) return std::nullopt;
  }
  return std::nullopt;
}

bool means_something(const std::string& filter) {
  try {
    check_filter(filter);
    return true;
  } catch (const Failure&) {
    return false;
  }
}

/// A word behind -p that stands alone and can't be a filter either is meant to be a protocol.
void refuse_unknown_protocol(Arguments::const_iterator word, Arguments::const_iterator end) {
  const auto is_operand = [&](Arguments::const_iterator at) {
    return at != end && !at->starts_with('-') && !looks_like_file(*at);
  };
  if (!is_operand(word) || is_operand(std::next(word)) || means_something(*word)) return;
  throw Failure(
      ExitCode::usage,
      fmt::format("-p: '{}' is no protocol as in tcp, udp, tcp6, udp6, icmp, ip{}", shown(*word),
                  did_you_mean(*word, {protocols.begin(), protocols.end()})));
}

/// A cluster of letters with -i at its end, as net-tools has it, and nothing to capture on.
bool lacks_interface(Arguments::const_iterator word, Arguments::const_iterator end) {
  const bool is_cluster = word->size() >= 2 && (*word)[0] == '-' && (*word)[1] != '-';
  const auto next = std::next(word);
  return is_cluster && word->find_first_of(letters_with_value) == word->size() - 1 &&
         word->back() == 'i' && (next == end || next->starts_with('-'));
}

void choose_protocol(NetstatView& view, const std::string& word) {
  const std::string name = lowered(word);
  std::vector<std::string> names(protocols.begin(), protocols.end());
  require_one_of("protocol", name, names);
  view.tcp = name.starts_with("tcp");
  view.udp = name.starts_with("udp");
  view.icmp = name.starts_with("icmp");
  view.ip = name.starts_with("ip");
  if (name.ends_with('6')) view.version_4 = false;
}

OwnerColumn chosen_owner(const CommandOptions& options) {
  const bool id = options.has("pid"), program = options.has("program");
  if (options.has("programs") || (id && program)) return OwnerColumn::id_and_program;
  if (id) return OwnerColumn::id;
  return program ? OwnerColumn::program : OwnerColumn::none;
}

std::optional<Network> parse_network(const std::string& text) {
  const std::size_t slash = text.find('/');
  const auto socket = parse_socket(text.substr(0, slash));
  if (!socket || socket->port) return std::nullopt;
  Network network = network_of(socket->address);
  if (slash == std::string::npos) return network;
  std::uint8_t prefix = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data() + slash + 1, end, prefix);
  if (error != std::errc{} || stopped != end || prefix > network.prefix) return std::nullopt;
  network.prefix = prefix;
  return without_host_bits(network);
}

}  // namespace

void declare_netstat(CommandOptions& options) {
  options.add("at", "TIME",
              "the moment: end (the default), 2024-02-29T23:59:59Z, seconds since 1970, +12.5s or "
              "1m30s since the first packet, frame:1234 or #1234");
  options.add("local", "NETS",
              "whose table: addresses or networks between commas; otherwise the host that most "
              "conversations have in common");
  options.add("interface,i", "NAME",
              "capture on this interface, and show the wire's view beside the kernel's");
  options.add("duration", "TIME",
              "how long: with -i, 3 (seconds) unless --watch is given; 500ms, 5m, 1h");
  options.add("watch", "TIME", "again and again, after so long each time: 2 (seconds), 500ms, 1m");
  options.add("all,a", "", "also sockets that wait: ports that answered a SYN or a datagram");
  options.add("listening,l", "", "only those");
  options.add("tcp,t", "", "TCP");
  options.add("udp,u", "", "UDP; both without -t and -u");
  options.add("ipv4,4", "", "IPv4");
  options.add("ipv6,6", "", "IPv6; both without -4 and -6");
  options.add("protocol", "PROTO", "one of tcp, udp, tcp6, udp6, ip, ipv6, icmp (-p PROTO too)");
  options.add("programs,p", "", "the process id and program of each socket, where they are known");
  options.add("pid,o", "", "the process id");
  options.add("program,b", "", "the program");
  options.add("names,f", "", "names of foreign hosts, from DNS answers in the capture");
  options.add("statistics,s", "", "counts per protocol instead of sockets");
  options.add("interfaces,e", "", "what interfaces carried instead of sockets");
  options.add("routes,r", "", "routes as the packets show them instead of sockets");
  options.add("verbose,v", "", "also the other end's state, the round trip, and for how long");
  options.add("format", "NAME", "text (the default) or json");
  options.add("output", "FILE", "write to FILE instead of standard output");
  options.add_input(CommandOptions::InputLetters::not_r_and_f);
}

Arguments with_p_resolved(const Arguments& arguments) {
  Arguments result;
  for (auto word = arguments.begin(); word != arguments.end(); ++word) {
    if (*word == "--") {
      result.insert(result.end(), word, arguments.end());
      break;
    }
    if (lacks_interface(word, arguments.end())) {
      throw Failure(ExitCode::usage,
                    "-i takes the name of an interface; -e shows what interfaces carried");
    }
    const auto place = place_of_p(*word);
    if (!place) {
      result.push_back(*word);
      continue;
    }
    const std::string before = word->substr(0, *place);
    std::string rest = word->substr(*place + 1);
    if (before.size() > 1) result.push_back(before);
    if (names_protocol(rest)) {
      result.push_back("--protocol=" + rest);
      continue;
    }
    if (rest.empty() && std::next(word) != arguments.end() && names_protocol(*std::next(word))) {
      result.push_back("--protocol=" + *++word);
      continue;
    }
    if (rest.empty()) refuse_unknown_protocol(std::next(word), arguments.end());
    result.emplace_back("--programs");
    if (!rest.empty()) result.push_back("-" + rest);
  }
  return result;
}

NetstatView chosen_view(const CommandOptions& options) {
  NetstatView view;
  view.statistics = options.has("statistics");
  view.interfaces = options.has("interfaces");
  view.routes = options.has("routes");
  view.sockets = !view.statistics && !view.interfaces && !view.routes;
  view.waiting = options.has("all") || options.has("listening");
  view.connected = !options.has("listening") || options.has("all");
  if (options.has("tcp") != options.has("udp")) {
    view.icmp = view.ip = false;
    view.tcp = options.has("tcp");
    view.udp = options.has("udp");
  }
  if (options.has("ipv4") != options.has("ipv6")) {
    view.version_4 = options.has("ipv4");
    view.version_6 = options.has("ipv6");
  }
  if (options.has("protocol")) choose_protocol(view, options.value("protocol"));
  view.owner = chosen_owner(options);
  view.names = options.has("names");
  view.details = options.has("verbose");
  return view;
}

std::vector<Network> parse_networks(const std::string& text) {
  std::vector<Network> networks;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    const auto network = parse_network(text.substr(at, end - at));
    if (!network) {
      throw Failure(ExitCode::usage, fmt::format("--local: '{}' is no address or network as in\n"
                                                 "192.0.2.1, 192.0.2.0/24, 2001:db8::/32",
                                                 shown(text.substr(at, end - at))));
    }
    networks.push_back(*network);
    at = end + 1;
  }
  return networks;
}

}  // namespace tapdeck
