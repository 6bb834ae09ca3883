// Frames that don't fit, two sides and AF_XDP, as a user meets them: between hosts of the test's
// own.
#include <string>

#include "tests/end_to_end/hosts.h"

namespace tapdeck {
namespace {

class ReplayFitting : public test::TwoHosts {
 protected:
  /// The shell's words: `listen NAME HOST INTERFACE` writes what comes in to NAME.pcap, and
  /// `heard NAME COUNT` ends that when as many frames are there.
  [[nodiscard]] std::string setting() const override {
    return TwoHosts::setting() +
           "listen() {\n"
           "  $2 tcpdump -Z root -i $3 -Q in -n -U -w $1.pcap not ip6 2> $1.words &\n"
           "  echo $! > $1.process\n"
           "  for i in $(seq 600); do grep -q listening $1.words && return; sleep 0.02; done\n"
           "}\n"
           "heard() {\n"
           "  for i in $(seq 300); do\n"
           "    [ \"$(\"$T\" packets -q $1.pcap 2> nothing | wc -l)\" -ge $2 ] && break\n"
           "    sleep 0.05\n"
           "  done\n"
           "  kill $(cat $1.process); wait $(cat $1.process)\n"
           "}\n"
           "sent() { grep -A 1 '\"sent\"' statistics | grep -o '[0-9]*'; }\n";
  }

  /// What analyze says of the bytes: how many, and whether any checksum is wrong.
  [[nodiscard]] std::string story(const std::string& capture) const {
    return run("\"$T\" analyze --format json " + capture +
               " | grep -E '\"(payload_bytes|unique_bytes|bad_checksums|conn_state|"
               "offloaded_checksums)\"' | grep -v offloaded")
        .output;
  }

  /// Every frame in hex, without its time.
  [[nodiscard]] std::string frames(const std::string& capture) const {
    return run("tcpdump -t -n -xx -r " + capture).output;
  }
};

TEST_F(ReplayFitting, LongSegmentsArriveInFramesOfTheMtu) {
  const test::Outcome outcome =
      run("listen arrived \"$SERVER\" eth0\n"
          "$CLIENT \"$T\" replay \"$GOLDEN/checksum_offload.pcap\" -i eth0 --top-speed "
          "--format json > statistics || exit\n"
          "heard arrived $(sent)\n"
          "grep -A 9 fitting statistics");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_NE(outcome.errors.find("10 frames over MTU 1500 were segmented into"), std::string::npos)
      << outcome.errors;
  EXPECT_EQ(outcome.errors.find("not sent"), std::string::npos) << outcome.errors;
  EXPECT_NE(outcome.output.find("\"segmented\": 10"), std::string::npos) << outcome.output;
  const std::string expected = story("\"$GOLDEN/checksum_offload.pcap\"");
  EXPECT_FALSE(expected.empty());
  EXPECT_EQ(story("arrived.pcap"), expected);
}

TEST_F(ReplayFitting, OtherWaysWithLongSegmentsAreObeyed) {
  const std::string replay =
      "$CLIENT \"$T\" replay \"$GOLDEN/checksum_offload.pcap\" -i eth0 --top-speed --oversize ";
  const test::Outcome skipped = run(replay + "skip");
  EXPECT_EQ(skipped.exit_code, 0) << skipped.errors;
  EXPECT_NE(skipped.errors.find("10 other frames over the MTU were skipped"), std::string::npos)
      << skipped.errors;
  const test::Outcome failed = run(replay + "fail");
  EXPECT_EQ(failed.exit_code, 4);
  EXPECT_NE(failed.errors.find("the interface takes 1514 at most"), std::string::npos)
      << failed.errors;
}

TEST_F(ReplayFitting, OtherLinksGetMacAddresses) {
  const std::string replay =
      "$CLIENT \"$T\" replay \"$GOLDEN/linux_sll.pcap\" -i eth0 --top-speed ";
  const test::Outcome refused = run(replay);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_NE(refused.errors.find("--ethernet"), std::string::npos) << refused.errors;
  const test::Outcome outcome =
      run("listen arrived \"$SERVER\" eth0\n" + replay +
          "--ethernet 02:00:00:00:00:01,02:00:00:00:00:02 --format json > statistics || exit\n"
          "heard arrived $(sent)");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  const std::string expected = story("\"$GOLDEN/linux_sll.pcap\"");
  EXPECT_FALSE(expected.empty());
  EXPECT_EQ(story("arrived.pcap"), expected);
}

TEST_F(ReplayFitting, AfXdpSendsTheSameFrames) {
  const auto replay = [](const std::string& method) {
    return "listen " + method +
           " \"$SERVER\" eth0\n$CLIENT \"$T\" replay \"$GOLDEN/checksum_offload.pcap\" -i eth0 "
           "--top-speed --quiet --format json --method " +
           method + " > statistics || exit\nheard " + method + " $(sent)";
  };
  const test::Outcome by_xdp = run(replay("af_xdp"));
  if (by_xdp.exit_code == 5) GTEST_SKIP() << by_xdp.errors;
  EXPECT_EQ(by_xdp.exit_code, 0) << by_xdp.errors;
  const test::Outcome by_socket = run(replay("packet"));
  EXPECT_EQ(by_socket.exit_code, 0) << by_socket.errors;
  const std::string expected = frames("packet.pcap");
  EXPECT_FALSE(expected.empty());
  EXPECT_EQ(frames("af_xdp.pcap"), expected);
}

TEST_F(ReplayFitting, EachSideSendsItsOwn) {
  const test::Outcome outcome =
      run("for side in clients servers; do\n"
          "  $CLIENT ip link add $side type veth peer name of_$side\n"
          "  $CLIENT ip link set $side up && $CLIENT ip link set of_$side up || exit 9\n"
          "done\n"
          "listen clients \"$CLIENT\" of_clients; listen servers \"$CLIENT\" of_servers\n"
          "$CLIENT \"$T\" replay \"$GOLDEN/http.pcap\" -i clients -I servers --top-speed "
          "|| exit\n"
          "heard clients 16; heard servers 15");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_NE(outcome.errors.find("15 packets went from the client side by their connection, 1 by\n"
                                "            address\n"),
            std::string::npos)
      << outcome.errors;
  const auto senders = [&](const std::string& capture) {
    return run("\"$T\" packets " + capture + " -f ip --fields source | sort -u").output;
  };
  EXPECT_EQ(senders("clients.pcap"), "192.0.2.10\n");
  EXPECT_EQ(senders("servers.pcap"), "192.0.2.20\n");
}

}  // namespace
}  // namespace tapdeck
