// The full-screen view of tapdeck live as its reader sees it: in a terminal of tmux, on one of two
// hosts.
#include "tests/end_to_end/hosts.h"

namespace tapdeck {
namespace {

/// `tmux_` talks to a server of the test's own. `view ARGUMENTS` begins a capture in a terminal of
/// 80 times 24, `seen TEXT` waits until its screen shows that, `press KEYS` types. The client's
/// socket is 192.0.2.10:40000: `connect` opens a connection, `say` sends.
class LiveScreen : public test::TwoHosts {
 protected:
  void SetUp() override {
    TwoHosts::SetUp();
    if (!IsSkipped() && run("tmux -V && socat -V").exit_code != 0) {
      GTEST_SKIP() << "neither tmux nor socat here";
    }
  }

  void TearDown() override {
    run("tmux_ kill-server");
    TwoHosts::TearDown();
  }

  [[nodiscard]] std::string setting() const override {
    return TwoHosts::setting() + R"sh(
set -e
unset NO_COLOR
tmux_() { tmux -S ./tmux -f /dev/null "$@"; }
terminal() { tmux_ new-session -d -x 80 -y 24 "$1"; }
view() {
  terminal "$SERVER $T live -i eth0 $* 2> errors; echo exit \$?; exec sleep 1000"
  seen "^tapdeck live"
}
press() { tmux_ send-keys "$@"; }
screen() { tmux_ capture-pane -p; }
seen() {
  for _ in $(seq 400); do
    if screen | grep -q -e "$1"; then return; fi
    sleep 0.05
  done
  echo "never seen: $1" >&2
  screen >&2
  return 1
}
connect() {
  $SERVER socat -u TCP4-LISTEN:7000,fork,reuseaddr OPEN:/dev/null &
  until $SERVER ss -Htln sport = 7000 | grep -q .; do sleep 0.02; done
  mkfifo line
  $CLIENT socat -u OPEN:line TCP4:192.0.2.20:7000,sourceport=40000,reuseaddr &
  exec 5> line
  until $CLIENT ss -Htn state established dport = 7000 | grep -q .; do sleep 0.02; done
}
say() { printf "$1" >&5; }
)sh";
  }

  void expect(const std::string& script) const {
    const test::Outcome outcome = run(script);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  }
};

TEST_F(LiveScreen, ShowsAConnection) {
  expect(R"sh(view tcp
seen 'no conversations yet'
connect
seen '^3 packets, 214 B; 0/s, 0 B/s'
press Down
seen '^client ESTABLISHED'
screen | sed -E 's/..:..:.. UTC/TIME/; s/ +[0-9.]+[num]?s$/ RTT/; s/^[0-9]+ tcp/ID tcp/
  s/idle .*/idle/' > table
press Enter
seen 'handshake_complete'
screen | sed -E -n 's/[0-9]\.[0-9]{6}/SECONDS/; /^FRAME/,/handshake/p' > ladder)sh");
  EXPECT_EQ(read("table"),
            R"sh(tapdeck live  eth0  tcp                                             TIME
3 packets, 214 B; 0/s, 0 B/s                      dropped: 0 kernel, 0 interface
1 conversation                                               by ←B/s, descending
CLIENT                SERVER                STATES         →B/s  ←B/s RETX   RTT
192.0.2.10:40000      192.0.2.20:7000       ESTABLISHED       0     0    - RTT











ID tcp 192.0.2.10:40000 → 192.0.2.20:7000 (afs3-fileserver?)
client ESTABLISHED, server ESTABLISHED; → 2, 140 B; ← 1, 74 B; idle
ANOMALIES  0 so far




q quit  enter open  / filter  <> sort  space hold  s save    a anomalies  ? keys
)sh");
  EXPECT_EQ(read("ladder"),
            R"sh(FRAME     TIME CLIENT 192.0.2.10:40000                    192.0.2.20:7000 SERVER
    1 SECONDS │ SYN seq 0 win 64240 ─────────────────────────────────────────→│
               │ SYN_SENT                                                      │
               │    offers mss 1460, window scale 10, SACK, timestamps         │
    2 SECONDS │←─────────────────────────────── SYN ACK seq 0 ack 1 win 65160 │
               │                                                  SYN_RECEIVED │
               │    offers mss 1460, window scale 10, SACK, timestamps         │
    3 SECONDS │ ACK seq 1 ack 1 win 64512 ───────────────────────────────────→│
               │ ESTABLISHED                                       ESTABLISHED │
               │    handshake_complete                                         │
)sh");
}

TEST_F(LiveScreen, FollowsAConnectionToItsEnd) {
  expect(R"sh(view tcp
connect
seen ' ESTABLISHED '
press Enter
seen 'handshake_complete'
say hello
seen 'len 5 '
exec 5>&-
seen ' TIME_WAIT '
press q
seen ' TIME_W/CLOSED '
press q
seen '^exit 0'
grep -q '^0 packets dropped by kernel' errors)sh");
}

TEST_F(LiveScreen, ObeysItsKeys) {
  expect(R"sh(view
connect
$CLIENT ping -c 1 192.0.2.20 > /dev/null
seen ' icmp '
seen ' ESTABLISHED '
press / 40000 Enter
seen "1 with '40000'"
if screen | grep -q ' icmp '; then exit 1; fi
press / BSpace BSpace BSpace BSpace BSpace icmp
seen "with 'icmp'"
press Escape
seen "1 with '40000'"
press Right r
seen 'by RETX, ascending'
press Space
seen 'held since'
say hello
press Space '?'
seen '^COLUMNS'
press q a
seen '^NO ANOMALIES SO FAR\|^THE LATEST'
press q s
seen 'choose a connection first'
press x
seen 'no such key')sh");
}

TEST_F(LiveScreen, FitsTheTerminalHoweverItIsResized) {
  expect(R"sh(export LINES=10 COLUMNS=30
view tcp
connect
seen ' ESTABLISHED '
tmux_ resize-window -x 160 -y 40
seen 'ID PROTO  CLIENT  .*PACKETS BYTES  IDLE$'
tmux_ resize-window -x 40 -y 10
seen '^too small: 60 columns'
tmux_ resize-window -x 60 -y 8
seen '^192.0.2.10:40000  .* ESTABLISHED'
test "$(screen | sed -n 4p | cut -c 1-6)" = CLIENT
tmux_ resize-window -x 80 -y 24
seen '^ANOMALIES'
tmux_ resize-window -x 80 -y 18
seen '^tapdeck live  eth0  tcp')sh");
}

TEST_F(LiveScreen, IsNotGarbledByWhatIsInPackets) {
  expect(R"sh(name=$'e\e[7mX\u202e'
$SERVER ip link set eth0 down
$SERVER ip link set eth0 name "$name"
$SERVER ip link set "$name" up
$SERVER ip neighbour replace 192.0.2.10 lladdr 02:00:00:00:00:01 dev "$name"
printf '%s' "$name" > name
terminal "$SERVER $T live -i \"\$(cat name)\" 2> errors; echo exit \$?; exec sleep 1000"
seen '^tapdeck live  e\\x1b\[7mX\\xe2\\x80\\xae'
connect
say '\033[2J\033]0;gone\007\302\233\033(0\016\342\200\256e\314\201\377\n'
printf '\022\064\001\000\000\001\000\000\000\000\000\000\004\033[2J\000\000\001\000\001' |
  $CLIENT socat -u - UDP4:192.0.2.20:53
seen ' ESTABLISHED '
seen '192.0.2.20:53 '
press / 40000 Enter Enter
seen 'len 2[0-9] '
test "$(tmux_ display-message -p '#{pane_title}')" != gone
screen | sed 's/[→←│┊─…]//g' > seen
if LC_ALL=C grep '[^ -~]' seen; then exit 1; fi
press q q
seen '^exit 0')sh");
}

TEST_F(LiveScreen, SavesAConnectionAsACapture) {
  expect(R"sh(view -w all.pcapng
connect
$CLIENT ping -c 1 192.0.2.20 > /dev/null
seen ' icmp '
press / 40000 Enter Down s
seen 'saving [0-9]*: 3 packets'
say hello
seen 'saving [0-9]*: [5-7] packets'
press s
seen 'packets saved to tapdeck-'
press q
seen '^exit 0'
grep -q '^tapdeck: saved tapdeck-.*-00001.pcapng' errors
$T packets tapdeck-*-00001.pcapng > saved
grep -q ':40000 → 192.0.2.20:7000 TCP .SYN. ' saved
grep -q ' len 5' saved
$T packets all.pcapng > all
test "$(grep -c :40000 all)" -ge "$(grep -c :40000 saved)"
if grep -v ':40000' saved; then exit 1; fi)sh");
}

TEST_F(LiveScreen, GivesTheTerminalBackWhateverEndsIt) {
  expect(R"sh(terminal 'bash --norc'
program() { pgrep -f "^$T live" | grep -x -F -f <(ip netns pids "${SERVER##* }"); }
press "stty -a > before; $SERVER $T live -i eth0" Enter
seen '^CLIENT'
press C-z
seen 'Stopped'
press 'clear; fg' Enter
seen '^CLIENT'
press C-c
seen '^0 packets dropped by kernel'
for signal in TERM ABRT QUIT; do
  press "clear; $SERVER $T live -i eth0; echo exit \$?" Enter
  seen '^CLIENT'
  kill -$signal $(program)
  seen '^exit [0-9]'
done
press 'stty -a > after; echo compared' Enter
seen '^compared'
cmp before after)sh");
}

TEST_F(LiveScreen, SpeaksInLinesWhereNothingCanBeDrawn) {
  expect(R"sh(export TERM=dumb
terminal "TERM=dumb $SERVER $T live -i eth0 tcp; exec sleep 1000"
seen 'listening on eth0'
connect
seen '192.0.2.10:40000'
if screen | grep -q ANOMALIES; then exit 1; fi)sh");
}

}  // namespace
}  // namespace tapdeck
