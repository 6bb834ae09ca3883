// tapdeck replay from one host to another: what arrives there is what was sent.
#include "tests/end_to_end/hosts.h"

namespace tapdeck {
namespace {

class ReplayBetweenHosts : public test::TwoHosts {
 protected:
  /// Runs the command while tcpdump writes what comes to the server into arrived.pcap, until it
  /// has so many packets.
  [[nodiscard]] static std::string captured(const std::string& command, std::size_t packets) {
    return "$SERVER tcpdump -i eth0 -Q in --immediate-mode -U -s 2000 -B 16384 -w arrived.pcap not "
           "ip6 2> dump & "
           "until grep -q listening dump; do sleep 0.05; done; " +
           command +
           "; result=$?; for i in $(seq 200); do "
           "[ $($T packets arrived.pcap 2> /dev/null | wc -l) -ge " +
           std::to_string(packets) +
           " ] && break; sleep 0.05; done; kill %1; wait %1; exit $result";
  }

  /// The frames' octets, a line each.
  [[nodiscard]] std::string octets_of(const std::string& file) const {
    return run("$T packets " + file + " -x | grep -E '^  [0-9a-f]{4}'").output;
  }

  /// Between eth1 of either host.
  void add_second_wire() const {
    ASSERT_EQ(
        run("ip link add eth1 netns ${CLIENT##* } type veth peer name eth1 netns ${SERVER##* }; "
            "ip -n ${CLIENT##* } link set eth1 up; ip -n ${SERVER##* } link set eth1 up")
            .exit_code,
        0);
  }

  const std::string far_end = "--verify eth0 --verify-netns ${SERVER##* } ";
};

TEST_F(ReplayBetweenHosts, DeliversEveryFrameAsItWasByEachMethod) {
  for (const char* method : {"packet", "direct", "pcap", "af_xdp"}) {
    const std::string replay = std::string(
                                   "$CLIENT $T replay $GOLDEN/ssh_session.pcap -i eth0 "
                                   "--speed 20 --max-gap 5ms --method ") +
                               method;
    const std::string count = run("$T packets $GOLDEN/ssh_session.pcap | wc -l").output;
    expect(captured(replay, std::stoul(count)), 0, "checked   eth0 counted");
    const std::string arrived = octets_of("arrived.pcap");
    EXPECT_FALSE(arrived.empty());
    EXPECT_EQ(arrived, octets_of("$GOLDEN/ssh_session.pcap")) << method;
  }
}

TEST_F(ReplayBetweenHosts, ProvesWhatArrived) {
  const test::Outcome outcome =
      expect("$CLIENT $T replay $GOLDEN/http.pcap -i eth0 --format json " + far_end, 0,
             "31 of 31 packets arrived with the same bytes, in order");
  for (const char* words : {"\"expected\": 31", "\"missing\": 0", "\"place_error_ns\"",
                            "\"gap_error_ns\"", "\"counted_by_interface\": 3"}) {
    EXPECT_NE(outcome.output.find(words), std::string::npos) << words << outcome.output;
  }
  expect("$CLIENT $T replay $GOLDEN/http.pcap -i eth0 --top-speed --loop 50 " + far_end, 0,
         "1,550 of 1,550 packets arrived");
}

TEST_F(ReplayBetweenHosts, ProvesNothingAtTheInterfaceThatSends) {
  const std::string replay = "$CLIENT $T replay $GOLDEN/http.pcap -i eth0 --verify ";
  expect(replay + "eth0", 1, "eth0: sends itself");
  expect(replay + "eth0 --verify-netns ${CLIENT##* }", 1, "eth0: sends itself");
  expect("$CLIENT ip link property add dev eth0 altname uplink; " + replay + "uplink", 1,
         "uplink: sends itself");
}

TEST_F(ReplayBetweenHosts, SaysWhatDidNotArrive) {
  // The server's end goes away in the middle.
  const test::Outcome outcome = expect(
      "$CLIENT $T replay $GOLDEN/http.pcap -i eth0 --pps 50 --loop 4 " + far_end +
          "2> said & until grep -q sending said; do sleep 0.05; done; sleep 0.5; "
          "ip -n ${SERVER##* } link set eth0 down; wait $!; result=$?; cat said >&2; exit $result",
      4, "  missing   ");
  EXPECT_NE(outcome.errors.find("trouble   eth0: the interface went down"), std::string::npos);
  EXPECT_NE(outcome.errors.find("fewer than it took"), std::string::npos);
}

TEST_F(ReplayBetweenHosts, ProvesWhatArrivedAtBothFarEnds) {
  add_second_wire();
  const std::string replay =
      "$CLIENT $T replay $GOLDEN/ssh_session.pcap -i eth0 -I eth1 --speed 5 --format json ";
  const std::string at_server = "--verify-server-netns ${SERVER##* } --verify-server ";
  const test::Outcome both = expect(replay + far_end + at_server + "eth1", 0, "far end   of eth1");
  for (const char* words : {"25 of 25 packets arrived", "50 of 50 packets arrived"}) {
    EXPECT_NE(both.errors.find(words), std::string::npos) << words << both.errors;
  }
  for (const char* words : {"\"expected\": 25", "\"expected\": 50"}) {
    EXPECT_NE(both.output.find(words), std::string::npos) << words << both.output;
  }
  // What the servers sent doesn't come to the other wire's end, where nobody asks for the rest.
  const test::Outcome crossed = expect(replay + at_server + "eth0", 6, "0 of 50 packets arrived");
  EXPECT_EQ(crossed.errors.find("of 25 packets"), std::string::npos) << crossed.errors;
}

TEST_F(ReplayBetweenHosts, KeepsOrderAndTimingAcrossTwoSides) {
  add_second_wire();
  const std::string captures =
      "for side in 0 1; do $SERVER tcpdump -i eth$side -Q in --immediate-mode -U -s 2000 -B 16384 "
      "--time-stamp-precision nano -w side$side.pcap not ip6 2> dump$side & "
      "until grep -q listening dump$side; do sleep 0.05; done; done; ";
  expect(captures +
             "$CLIENT $T replay $GOLDEN/ssh_session.pcap -i eth0 -I eth1 --speed 5; result=$?; "
             "for i in $(seq 200); do [ $($T packets side0.pcap side1.pcap | wc -l) -ge 75 ] && "
             "break; sleep 0.05; done; kill %1 %2; wait; exit $result",
         0, "from the server side by their connection");
  EXPECT_EQ(run("$T packets side0.pcap src host 192.0.2.20").output, "");
  EXPECT_EQ(run("$T packets side1.pcap src host 192.0.2.10").output, "");
  EXPECT_TRUE(octets_of("side0.pcap side1.pcap") == octets_of("$GOLDEN/ssh_session.pcap"));
}

TEST_F(ReplayBetweenHosts, GivesUpWhenTheInterfaceGoesDown) {
  const test::Outcome outcome = expect(
      "$CLIENT $T replay $GOLDEN/http.pcap -i eth0 --pps 50 --loop 0 2> said & "
      "until grep -q sending said; do sleep 0.05; done; sleep 0.2; "
      "ip -n ${CLIENT##* } link set eth0 down; wait $!; result=$?; "
      "cat said >&2; exit $result",
      4, "ENETDOWN");
  EXPECT_NE(outcome.errors.find("ended early"), std::string::npos) << outcome.errors;
}

TEST_F(ReplayBetweenHosts, RefusesInterfacesThatAreNotMeant) {
  expect("$CLIENT $T replay $GOLDEN/http.pcap -i eth7", 5, "eth7: no such interface");
  expect(
      "ip -n ${CLIENT##* } route add default via 192.0.2.20; "
      "$CLIENT $T replay $GOLDEN/http.pcap -i eth0",
      1, "carries the default route");
  expect("$CLIENT $T replay $GOLDEN/http.pcap -i eth0 --yes-live --top-speed", 0,
         "sent 31 packets");
  expect(
      "ip -n ${CLIENT##* } route replace default via 192.0.2.20 metric 5; "
      "ip -n ${CLIENT##* } link set eth0 down; "
      "$CLIENT $T replay $GOLDEN/http.pcap -i eth0",
      5, "eth0: is down");
  expect("$CLIENT $T replay $GOLDEN/http.pcap -i lo --verify eth0 --verify-netns none", 5,
         "network namespace none");
}

TEST_F(ReplayBetweenHosts, NeedsTheRightToSend) {
  expect(
      "$CLIENT setpriv --reuid=65534 --regid=65534 --clear-groups $T replay "
      "$GOLDEN/http.pcap -i eth0 --method packet",
      5, "CAP_NET_RAW");
  expect(
      "$CLIENT setpriv --reuid=65534 --regid=65534 --clear-groups $T replay "
      "$GOLDEN/http.pcap -i eth0 --method pcap",
      5, "eth0");
}

}  // namespace
}  // namespace tapdeck
