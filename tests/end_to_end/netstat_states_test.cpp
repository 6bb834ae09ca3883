// Every state of TCP held open on two hosts: tapdeck's table of each kernel against what ss and
// netstat say of it, and the wire's view of each connection beside the kernel's.
#include <iterator>
#include <map>
#include <ostream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/end_to_end/hosts.h"

namespace tapdeck {
namespace {

/// Frames to $bogus reach nobody. The client is .11 to .22 and .12 to .23 of the server.
constexpr const char* addresses = R"(
set -eu
bogus=02:00:00:00:00:99
for last in 11 12; do $CLIENT ip address add 192.0.2.$last/24 dev eth0; done
for last in 21 22 23; do $SERVER ip address add 192.0.2.$last/24 dev eth0; done
for last in 21 22 23; do
  $CLIENT ip neighbour replace 192.0.2.$last lladdr 02:00:00:00:00:02 dev eth0
done
$CLIENT ip route add 192.0.2.22 dev eth0 src 192.0.2.11
$CLIENT ip route add 192.0.2.23 dev eth0 src 192.0.2.12
$CLIENT ip neighbour replace 192.0.2.99 lladdr $bogus dev eth0
$SERVER ip neighbour replace 192.0.2.11 lladdr $bogus dev eth0
$SERVER ip neighbour replace 192.0.2.12 lladdr 02:00:00:00:00:01 dev eth0
)";

/// `keep` runs a command in the background that doesn't hold the pipes open.
constexpr const char* helpers = R"(
until_true() { for _ in $(seq 600); do if eval "$1"; then return 0; fi; sleep 0.05; done; exit 9; }
client_has() { until_true "$CLIENT ss -Htan state $1 '( dport = :$2 )' | grep -q ."; }
server_has() { until_true "$SERVER ss -Htan state $1 '( sport = :$2 )' | grep -q ."; }
keep() { "$@" <&0 5>&- 6>&- 7>&- 8>&- > /dev/null 2>&1 & }
serve() { keep $SERVER socat -t 600 "$@" < /dev/null; }
call() { keep $CLIENT socat -t 600 - "$@"; }
)";

constexpr const char* hold = R"(
mkfifo to_established to_last_ack to_closing from_closing
exec 5<>to_established 6<>to_last_ack 7<>to_closing 8<>from_closing
serve TCP-LISTEN:7001,reuseaddr,fork EXEC:'sleep 600'
serve TCP6-LISTEN:7002,reuseaddr,ipv6only=1 EXEC:'sleep 600'
serve TCP-LISTEN:7003,reuseaddr,fork PIPE
keep $SERVER socat -t 600 TCP-LISTEN:7004,reuseaddr - < from_closing
for port in 7001 7002 7003 7004; do server_has listening $port; done
call TCP:192.0.2.20:7001 < to_established
call TCP6:[2001:db8::20]:7002 < to_established
client_has established 7001
client_has established 7002
call TCP:192.0.2.20:7001 < /dev/null
client_has fin-wait-2 7001
server_has close-wait 7001
call TCP:192.0.2.22:7003 < /dev/null
server_has syn-recv 7003
call TCP:192.0.2.99:7003 < /dev/null
client_has syn-sent 7003
call TCP:192.0.2.20:7003 < /dev/null
client_has time-wait 7003
call TCP:192.0.2.23:7003 < to_last_ack
call TCP:192.0.2.21:7004 < to_closing
server_has established 7003
server_has established 7004
$SERVER ip neighbour replace 192.0.2.12 lladdr $bogus dev eth0
exec 6>&-
client_has fin-wait-1 7003
server_has last-ack 7003
$CLIENT ip neighbour replace 192.0.2.21 lladdr $bogus dev eth0
exec 7>&-
client_has fin-wait-1 7004
exec 8>&-
client_has closing 7004
server_has fin-wait-1 7004
)";

constexpr const char* watch = R"(
for host in CLIENT SERVER; do
  ${!host} $T netstat -tan -i eth0 --duration 600 > live_$host 2> live_errors_$host &
  echo $! > process_$host
  until_true "grep -q listening live_errors_$host"
done
)";

constexpr const char* compare = R"(
for host in CLIENT SERVER; do
  ${!host} $T netstat -tanp > own_$host
  ${!host} ss -Htan > ss_$host
  ${!host} netstat -tanpW > netstat_$host
  kill -INT $(cat process_$host)
done
until_true "! kill -0 $(cat process_CLIENT) 2> /dev/null && ! kill -0 $(cat process_SERVER) 2> /dev/null"
)";

struct Line {
  std::string state, receive_queue, send_queue, local, foreign;

  friend auto operator<=>(const Line&, const Line&) = default;
  friend void PrintTo(const Line& line, std::ostream* out) {
    *out << line.state << ' ' << line.receive_queue << ' ' << line.send_queue << ' ' << line.local
         << ' ' << line.foreign;
  }
};

std::vector<std::vector<std::string>> words_of(const std::string& text) {
  std::vector<std::vector<std::string>> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    lines.emplace_back(std::istream_iterator<std::string>(words),
                       std::istream_iterator<std::string>());
  }
  return lines;
}

std::string without_brackets(std::string text) {
  std::erase_if(text, [](char letter) { return letter == '[' || letter == ']'; });
  return text;
}

/// ss: its words for states, and [::]:* as *:*.
std::set<Line> lines_of_ss(const std::string& text) {
  const std::map<std::string, std::string> states{
      {"ESTAB", "ESTABLISHED"},     {"SYN-SENT", "SYN_SENT"},    {"SYN-RECV", "SYN_RECV"},
      {"FIN-WAIT-1", "FIN_WAIT1"},  {"FIN-WAIT-2", "FIN_WAIT2"}, {"TIME-WAIT", "TIME_WAIT"},
      {"CLOSE-WAIT", "CLOSE_WAIT"}, {"LAST-ACK", "LAST_ACK"},    {"LISTEN", "LISTEN"},
      {"CLOSING", "CLOSING"}};
  std::set<Line> lines;
  for (const auto& words : words_of(text)) {
    lines.insert({states.at(words.at(0)), words.at(1), words.at(2), without_brackets(words.at(3)),
                  without_brackets(words.at(4))});
  }
  return lines;
}

/// netstat's columns: protocol, queues, sockets, state. With `processes` the seventh stands for the
/// queues, which netstat fills otherwise for listeners.
std::set<Line> lines_of_netstat(const std::string& text, bool processes) {
  std::set<Line> lines;
  for (const auto& words : words_of(text)) {
    if (words.size() < 6 || !words[0].starts_with("tcp")) continue;
    lines.insert({words[5], processes ? words.at(6) : words[1], processes ? "" : words[2],
                  without_brackets(words[3]), without_brackets(words[4])});
  }
  return lines;
}

class NetstatStates : public test::TwoHosts {};

TEST_F(NetstatStates, AreThoseOfSsAndNetstatAndOfTheWire) {
  const test::Outcome outcome = run(std::string(addresses) + helpers + watch + hold + compare);
  ASSERT_EQ(outcome.exit_code, 0) << outcome.errors;
  std::set<std::string> states;
  for (const std::string host : {"CLIENT", "SERVER"}) {
    const std::string own = read("own_" + host);
    EXPECT_EQ(lines_of_netstat(own, false), lines_of_ss(read("ss_" + host))) << host;
    EXPECT_EQ(lines_of_netstat(own, true), lines_of_netstat(read("netstat_" + host), true)) << host;
    for (const Line& line : lines_of_netstat(own, false)) states.insert(line.state);

    const std::string live = read("live_" + host);
    std::size_t connections = 0;
    for (const auto& words : words_of(live)) {
      if (words.size() != 7 || !words[0].starts_with("tcp") || words[6].ends_with("LISTEN"))
        continue;
      EXPECT_EQ(words[5], words[6]) << host << ' ' << words[3] << ' ' << words[4] << '\n' << live;
      ++connections;
    }
    EXPECT_GE(connections, 6U) << live;
  }
  EXPECT_EQ(states.size(), 10U) << "every state that TCP has but CLOSED";
}

}  // namespace
}  // namespace tapdeck
