// tapdeck-lab-state-sampler: writes down the states of two hosts' TCP sockets, as ss shows them, at
// many moments.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <poll.h>

#include "captures/failure.h"
#include "dissectors/address.h"
#include "tools/guarded_main.h"
#include "tools/lab/link/clock.h"
#include "tools/lab/link/namespace_visit.h"
#include "tools/lab/link/settings.h"
#include "tools/lab/link/stop_signal.h"

namespace tapdeck {
namespace {

constexpr std::string_view help =
    "Usage: tapdeck-lab-state-sampler CLIENT_NAMESPACE SERVER_NAMESPACE tcp|tcp6 FILE [MS]\n\n"
    "Looks at the TCP sockets, IPv4's or IPv6's, of both network namespaces every MS (40) "
    "milliseconds until SIGTERM "
    "or\n"
    "SIGINT, and writes FILE: host, state, local and peer socket, first_ns and last_ns of the\n"
    "moments at which the state was seen without a break, and how many they were.\n\n"
    "Exit codes: 0 done, 1 usage, 4 output can't be written, 5 no permission.\n";

/// By the kernel's numbers, with the names that ss uses.
constexpr std::array<std::string_view, 13> state_names{
    "",       "ESTAB",      "SYN-SENT", "SYN-RECV", "FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT",
    "UNCONN", "CLOSE-WAIT", "LAST-ACK", "LISTEN",   "CLOSING",    "SYN-RECV"};

struct Stay {
  std::string state;
  std::int64_t first_ns = 0;
  std::int64_t last_ns = 0;
  std::uint64_t samples = 0;
};

/// "0A0200C0:1F90" as the kernel prints it, 32-bit words in the machine's order.
std::string socket_name(const std::string& text) {
  const std::size_t colon = text.find(':');
  IpAddress address;
  address.version = colon == 8 ? 4 : 6;
  for (std::size_t at = 0; at < colon; at += 8) {
    const auto word = static_cast<std::uint32_t>(std::stoul(text.substr(at, 8), nullptr, 16));
    std::memcpy(address.octets.data() + at / 2, &word, sizeof word);
  }
  const auto port = std::stoul(text.substr(colon + 1), nullptr, 16);
  return address.version == 4 ? fmt::format("{}:{}", to_string(address), port)
                              : fmt::format("[{}]:{}", to_string(address), port);
}

class Sampler {
 public:
  explicit Sampler(const std::string& path) : x_file(path) {
    x_file << "host\tstate\tlocal\tpeer\tfirst_ns\tlast_ns\tsamples\n";
  }

  void add_host(const std::string& name, const std::string& network_namespace,
                const std::string& table) {
    const NamespaceVisit visit(network_namespace);
    x_tables.push_back(
        {.host = name, .file = std::ifstream("/proc/thread-self/net/" + table), .text = {}});
  }

  /// On a busy machine the tables are read later than the clock: a moment doesn't count that took
  /// twice as long as the quickest one.
  void sample() {
    const std::int64_t begin_ns = now_ns();
    for (Table& table : x_tables) read(table);
    const std::int64_t took_ns = now_ns() - begin_ns;
    x_quickest_ns = std::min(x_quickest_ns, took_ns);
    if (took_ns > 2 * x_quickest_ns) return;
    const std::int64_t time_ns = begin_ns + took_ns / 2;
    for (const Table& table : x_tables) note_all(table, time_ns);
    for (auto stay = x_stays.begin(); stay != x_stays.end();) {
      if (stay->second.last_ns == time_ns) {
        ++stay;
      } else {
        write(stay->first, stay->second);
        stay = x_stays.erase(stay);
      }
    }
  }

  void finish() {
    for (const auto& [socket, stay] : x_stays) write(socket, stay);
    x_file.close();
    if (!x_file) throw Failure(ExitCode::unwritable_output, "the states can't be written");
  }

 private:
  using Socket = std::tuple<std::string, std::string, std::string>;  // host, local, peer

  struct Table {
    std::string host;
    std::ifstream file;
    std::string text;  // as read last
  };

  static void read(Table& table) {
    table.file.clear();
    table.file.seekg(0);
    table.text.assign(std::istreambuf_iterator<char>(table.file), {});
  }

  void note_all(const Table& table, std::int64_t time_ns) {
    std::istringstream lines(table.text);
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
      std::istringstream words(line);
      std::string slot;
      std::string local;
      std::string peer;
      std::string state;
      if (!(words >> slot >> local >> peer >> state)) continue;
      note({table.host, socket_name(local), socket_name(peer)},
           std::string(state_names.at(std::stoul(state, nullptr, 16))), time_ns);
    }
  }

  void note(const Socket& socket, const std::string& state, std::int64_t time_ns) {
    if (state == "LISTEN") return;
    Stay& stay = x_stays[socket];
    if (stay.state != state) {
      if (stay.samples > 0) write(socket, stay);
      stay = {.state = state, .first_ns = time_ns};
    }
    stay.last_ns = time_ns;
    ++stay.samples;
  }

  void write(const Socket& socket, const Stay& stay) {
    x_file << fmt::format("{}\t{}\t{}\t{}\t{}\t{}\t{}\n", std::get<0>(socket), stay.state,
                          std::get<1>(socket), std::get<2>(socket), stay.first_ns, stay.last_ns,
                          stay.samples);
  }

  std::ofstream x_file;
  std::vector<Table> x_tables;
  std::int64_t x_quickest_ns = INT64_MAX;
  std::map<Socket, Stay> x_stays;
};

int run(int count, char** words) {
  if (count == 2 && std::string_view(words[1]) == "--help") {
    fmt::print("{}", help);
    return EXIT_SUCCESS;
  }
  if (count < 5 || count > 6) throw Failure(ExitCode::usage, "see --help");
  const int milliseconds = count == 6 ? static_cast<int>(parse_number(words[5])) : 40;
  pollfd stop{.fd = open_stop_signal(), .events = POLLIN, .revents = 0};
  Sampler sampler(words[4]);
  sampler.add_host("client", words[1], words[3]);
  sampler.add_host("server", words[2], words[3]);
  fmt::print(stderr, "sampling\n");
  do {
    sampler.sample();
  } while (poll(&stop, 1, milliseconds) == 0);
  sampler.finish();
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace tapdeck

int main(int count, char** words) {
  return tapdeck::guarded_main("tapdeck-lab-state-sampler", tapdeck::ExitCode::no_permission,
                               [=] { return tapdeck::run(count, words); });
}
