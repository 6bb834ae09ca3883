// tapdeck replay --as: captures of real clients and servers are recorded between two hosts, and one
// side of them is then played against the real other one, over a good wire and over a bad link.
#include "tests/end_to_end/hosts.h"

namespace tapdeck::test {
namespace {

/// What the shell functions of these tests are; each server stays until the hosts go.
constexpr const char* functions = R"(
wait_for() { local i; for ((i = 0; i < 400; ++i)); do ! "$@" || return 0; sleep 0.02; done; return 1; }
listens() { [[ -n $($SERVER ss --no-header --listening --numeric --tcp "sport = :$1") ]]; }
are_closed() { [[ -z $($CLIENT ss --no-header -tan state connected exclude time-wait) &&
                  -z $($SERVER ss --no-header -tan state connected exclude time-wait) ]]; }
serve() { # PORT COMMAND...
  local port=$1; shift
  $SERVER "$@" </dev/null >>server.log 2>&1 & disown
  wait_for listens "$port"
}
stop_serving() { # PORT
  $SERVER ss --no-header --listening --processes --numeric --tcp "sport = :$1" |
    grep -o 'pid=[0-9]*' | cut -d= -f2 | sort -u | xargs --no-run-if-empty kill || true
  wait_for not_listening "$1"
}
not_listening() { ! listens "$1"; }
record() { # FILE COMMAND...
  local file=$1; shift
  rm -f tcpdump.log
  $CLIENT tcpdump -i eth0 -s 0 -B 16384 -U -w "$file" tcp 2>tcpdump.log &
  tcpdump=$!
  wait_for grep -q listening tcpdump.log
  "$@"
  wait_for are_closed
  wait_for has_written_all
  kill -INT $tcpdump; wait $tcpdump
}
# tcpdump forgets what it has not written yet when it ends, and says how much that is when asked.
has_written_all() {
  kill -USR1 $tcpdump; sleep 0.05
  tail -n 1 tcpdump.log | grep -q '[^0-9]\([1-9][0-9]*\) packets captured, \1 packets received'
}
at_once() { local i one=(); for ((i = 0; i < $1; ++i)); do "${@:2}" $i & one+=($!); done; wait "${one[@]}"; }

start_web() {
  mkdir -p pages web && chmod 755 . && local size
  for size in 1 30 300; do head -c "${size}000" /dev/zero | tr '\0' x >pages/$size; done
  cat >web.conf <<EOF
user root; worker_processes 1; daemon off; pid $PWD/web/pid; error_log stderr;
events { worker_connections 256; }
http {
  access_log off; root $PWD/pages; keepalive_timeout 1s; default_type text/plain;
  client_body_temp_path web/a; proxy_temp_path web/b; fastcgi_temp_path web/c;
  uwsgi_temp_path web/d; scgi_temp_path web/e;
  server { listen 80; listen [::]:80; }
}
EOF
  serve 80 nginx -p $PWD -e web/error.log -c $PWD/web.conf
}
# Two pages on one connection, the second to be closed behind.
browse() { # NUMBER
  $CLIENT bash -c 'exec 3<>/dev/tcp/$1/80
    printf "GET /30 HTTP/1.1\r\nHost: a\r\n\r\n" >&3
    while read -r line <&3 && [[ $line != $'\''\r'\'' ]]; do :; done
    head -c 30000 <&3 >/dev/null
    printf "GET /$2 HTTP/1.0\r\n\r\n" >&3
    cat <&3 >/dev/null' - 192.0.2.20 $(($1 % 2 ? 300 : 1))
}

start_mail() {
  cat >mail.sh <<'EOF'
say() { printf '%s\r\n' "$*"; }
say 220 mail.example ready at $(date +%s)
while read -r word rest; do
  case $word in
    DATA*) say 354 go on; while read -r line && [[ $line != $'.\r' ]]; do :; done; say 250 queued as $RANDOM ;;
    QUIT*) say 221 bye; exit ;;
    *) say 250 ok ;;
  esac
done
EOF
  serve 25 socat TCP6-LISTEN:25,ipv6only=0,reuseaddr,fork,backlog=64 "EXEC:bash mail.sh"
}
send_mail() { # NUMBER
  $CLIENT bash -c 'exec 3<>/dev/tcp/$1/25
    hear() { read -r answer <&3; }
    hear
    for line in "HELO a" "MAIL FROM:<a@example>" "RCPT TO:<b@example>" DATA; do
      printf "%s\r\n" "$line" >&3; hear
    done
    for ((i = 0; i < 50 * $2; ++i)); do printf "line %d\r\n" $i >&3; done
    printf ".\r\n" >&3; hear
    printf "QUIT\r\n" >&3; hear
    echo "$answer"' - 192.0.2.20 $(($1 + 1))
}

start_echo() { serve 7 socat -t 20 TCP6-LISTEN:7,ipv6only=0,reuseaddr,fork,backlog=64 EXEC:cat; }
shout() { # NUMBER
  head -c $((1 + $1 * 40000)) /dev/zero | tr '\0' e |
    $CLIENT socat -t 20 - TCP:192.0.2.20:7 | wc -c
}

# The wire between the hosts gives way to a link that loses 2 % of the frames either way.
lose_frames() {
  mkdir -p link; ip -n ${CLIENT##* } link delete eth0
  ${T%/*}/tapdeck-lab-link-emulator --client ${CLIENT##* }:eth0 --server ${SERVER##* }:eth0 \
    --into link --up 'delay=1 loss=2' --down 'delay=1 loss=2' --seed $1 </dev/null >link.log 2>&1 &
  disown
  wait_for grep -q 'the link is there' link.log
  local host
  for host in "$CLIENT 10 01 20 02" "$SERVER 20 02 10 01"; do
    set -- ${host}
    local on="ip -n $4"
    $on link set eth0 address 02:00:00:00:00:$6 up
    $on address add 192.0.2.$5/24 dev eth0
    $on neighbour replace 192.0.2.$7 lladdr 02:00:00:00:00:$8 dev eth0
  done
}
)";

class StatefulReplay : public TwoHosts {
 protected:
  [[nodiscard]] std::string setting() const override { return TwoHosts::setting() + functions; }

  /// Runs it; what it printed to standard output, once it went well.
  std::string done(const std::string& script) const {
    const Outcome outcome = run("set -e\n" + script);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.output << outcome.errors << read("server.log");
    return outcome.output;
  }
};

bool has_line(const std::string& text, const std::string& line) {
  return text.find(line + "\n") != std::string::npos;
}

TEST_F(StatefulReplay, PlaysBrowsersAgainstTheRealServer) {
  done("start_web; record web.pcap at_once 6 browse");
  const std::string results = done("$CLIENT $T replay web.pcap --as client --to 192.0.2.20:80");
  EXPECT_TRUE(has_line(results, "6 connections as client: 6 ok")) << results;
}

TEST_F(StatefulReplay, PlaysMailersAgainstTheRealServer) {
  done("start_mail; record mail.pcap at_once 4 send_mail");
  const std::string results = done("$CLIENT $T replay mail.pcap --as client --to 192.0.2.20:25");
  EXPECT_TRUE(has_line(results, "4 connections as client: 4 ok")) << results;
}

TEST_F(StatefulReplay, PlaysEchoClientsAgainstTheRealServer) {
  done("start_echo; record echo.pcap at_once 5 shout");
  const std::string results =
      done("$CLIENT $T replay echo.pcap --as client --to 192.0.2.20:7 --strict");
  EXPECT_TRUE(has_line(results, "5 connections as client: 5 ok")) << results;
}

// The emulator ends with the shell that started it.
TEST_F(StatefulReplay, PlaysClientsOverALinkThatLosesFrames) {
  const std::string results = done(R"(
    lose_frames 1; start_web; start_mail; start_echo
    everybody() { at_once 4 browse; at_once 3 send_mail; at_once 4 shout; }
    record all.pcap everybody >/dev/null
    $CLIENT $T replay all.pcap --as client --speed 10 --to 192.0.2.20:80=192.0.2.20:80 \
      --to 192.0.2.20:25=192.0.2.20:25 --to 192.0.2.20:7=192.0.2.20:7)");
  EXPECT_TRUE(has_line(results, "11 connections as client: 11 ok")) << results;
}

TEST_F(StatefulReplay, PlaysServersOverALinkThatLosesFrames) {
  const std::string results = done(R"(
    start_mail; record mail.pcap at_once 3 send_mail >/dev/null; stop_serving 25
    lose_frames 2
    serve 25 $T replay mail.pcap --as server --listen 25 -o results
    for mail in 0 1 2; do send_mail $mail >/dev/null; done
    wait_for test -s results; cat results)");
  EXPECT_TRUE(has_line(results, "3 connections as server: 3 ok")) << results;
}

TEST_F(StatefulReplay, PlaysServersToTheRealClients) {
  const std::string said = done(R"(
    start_web; start_mail; start_echo
    everybody() { browse 0; browse 1; send_mail 1; shout 1; }
    record all.pcap everybody >expected
    for port in 80 25 7; do
      stop_serving $port
      serve $port $T replay all.pcap "tcp port $port" --as server --listen $port -o results.$port
    done
    everybody >found; cmp expected found
    for port in 80 25 7; do wait_for test -s results.$port; tail -n 1 results.$port; done)");
  EXPECT_EQ(said,
            "2 connections as server: 2 ok\n"
            "1 connection as server: 1 ok\n"
            "1 connection as server: 1 ok\n");
}

TEST_F(StatefulReplay, EndsWithWhatItHasWhenInterrupted) {
  const Outcome outcome = run(R"(
    $SERVER $T replay $GOLDEN/http.pcap --as server --listen 80 & play=$!
    wait_for listens 80
    kill -USR1 $play; wait_for grep -q played err
    kill -INT $play; wait $play)");
  EXPECT_EQ(outcome.exit_code, 6) << outcome.errors;
  EXPECT_TRUE(has_line(outcome.output, "2 connections as server: 2 interrupted")) << outcome.output;
  EXPECT_TRUE(has_line(outcome.errors,
                       "tapdeck: 0 of 2 connections played, 0 ok, 0 under way, 0 B sent, "
                       "0 B received"))
      << outcome.errors;
}

using StatefulReplayOptions = EndToEnd;

TEST_F(StatefulReplayOptions, RefusesWhatDoesNotGoTogether) {
  const auto complaint = [this](const std::string& options) {
    const Outcome outcome = run("$T replay $GOLDEN/http.pcap " + options);
    EXPECT_EQ(outcome.exit_code, 1);
    return outcome.errors;
  };
  EXPECT_EQ(complaint("--as client"), "tapdeck: --as client takes --to\n");
  EXPECT_EQ(complaint("--as server --listen 80 --to a:1"), "tapdeck: --as server takes no --to\n");
  EXPECT_EQ(complaint("--as peer"), "tapdeck: --as: 'peer' is none of client, server\n");
  EXPECT_EQ(complaint("--to 192.0.2.1:80"), "tapdeck: --to goes with --as client or --as server\n");
  EXPECT_EQ(complaint("--as client --to 192.0.2.1:80 --pps 5"),
            "tapdeck: --pps is for sending packets: it doesn't go with --as\n");
  EXPECT_EQ(complaint("--as client --to 192.0.2.1"),
            "tapdeck: --to: '192.0.2.1' is no host and port as in\n"
            "192.0.2.1:80, [2001:db8::1]:80, localhost:80\n");
  EXPECT_EQ(complaint("--as client --to 80=127.0.0.1:80"),
            "tapdeck: --to: '80=127.0.0.1:80' is no CAPTURED:PORT=HOST:PORT\n");
  EXPECT_EQ(complaint("--as client --to 127.0.0.1:80 --connection 4"),
            "tapdeck: --connection 4: no TCP connection has this id;\n"
            "'tapdeck analyze' lists the capture's 2\n");
  EXPECT_EQ(
      run("$T replay $GOLDEN/dns_udp.pcap --as client --to 127.0.0.1:80 --connection 4").errors,
      "tapdeck: --connection 4: no TCP connection has this id;\nthe capture holds none\n");
  EXPECT_EQ(complaint("--as client --to 192.0.2.99:80=127.0.0.1:80"),
            "tapdeck: --to 192.0.2.99:80=...: no connection to be played goes there;\n"
            "they go to 192.0.2.20:80 (2 connections)\n");
  EXPECT_EQ(complaint("--as client --to 127.0.0.1:80 --script-memory 1"),
            "tapdeck: --script-memory: no room for even one of 2 TCP connections\n");
  EXPECT_EQ(complaint("$GOLDEN/dns_udp.pcap udp --as client --to 127.0.0.1:80"),
            "tapdeck: nothing to play: there is no TCP connection in the capture\n");
}

}  // namespace
}  // namespace tapdeck::test
