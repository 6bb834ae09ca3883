// Live capture between two hosts: nothing that was sent is missing, whatever ends the capture, and
// what is written can be read whatever happens.
#include <algorithm>

#include "tests/end_to_end/hosts.h"

namespace tapdeck {
namespace {

class Live : public test::TwoHosts {
 protected:
  void SetUp() override {
    TwoHosts::SetUp();
    write("functions", R"(
SEND="$CLIENT $(dirname "$T")/tapdeck-bench send eth0"
# Starts a capture on the server, and returns when it listens.
live() { # ARGUMENT...
  rm -f live.err
  $SERVER "$T" live -i "${interface:-eth0}" "$@" > live.out 2> live.err & live=$!
  until grep -qs listening live.err; do
    kill -0 "$live" || return 1
    sleep 0.01
  done
}
end() { kill -INT "$live"; wait "$live"; }
packets_in() { capinfos -TrcM "$1" | cut -f 2; }
captured() { sed -n 's/ packets\? captured$//p' live.err; }
)");
  }

  [[nodiscard]] std::string setting() const override {
    return TwoHosts::setting() + "[ ! -e functions ] || . ./functions\n";
  }
};

TEST_F(Live, HoldsEverythingThatArrivedBeforeItWasAskedToEnd) {
  const test::Outcome outcome =
      run("live -w x.pcapng 'udp port 9'\n"
          "for count in 1 77 5000; do $SEND --rate 100000 --frames $count; done\n"
          "end; status=$?\n"
          "packets_in x.pcapng; captured; exit $status");
  EXPECT_EQ(outcome.exit_code, 0) << read("live.err");
  EXPECT_EQ(outcome.output.substr(outcome.output.rfind("interface was full\n") + 19),
            "5078\n5078\n")
      << outcome.output << read("live.err");
  EXPECT_NE(read("live.err")
                .find("5078 packets captured\n5078 packets received by filter\n"
                      "0 packets dropped by kernel\n"),
            std::string::npos)
      << read("live.err");
}

TEST_F(Live, TellsOfConnectionsAsTheyOpenAndClose) {
  const test::Outcome outcome =
      run("live\n"
          "$SERVER socat -u tcp-listen:7,reuseaddr /dev/null & "
          "until $SERVER ss -ltn | grep -q :7; do sleep 0.01; done\n"
          "echo hello | $CLIENT socat -u - tcp:192.0.2.20:7\n"
          "until grep -q ' closed ' live.out; do sleep 0.01; done\n"
          "kill -TERM $live; wait $live");
  EXPECT_EQ(outcome.exit_code, 0) << read("live.err");
  const std::string lines = read("live.out");
  EXPECT_NE(lines.find(" opened  tcp 192.0.2.10:"), std::string::npos) << lines;
  EXPECT_NE(lines.find("closed, the client first"), std::string::npos) << lines;
}

TEST_F(Live, TellsMachinesInJson) {
  const test::Outcome outcome =
      run("live --format jsonl\n"
          "$SEND --frames 10 --flows 2\n"
          "end");
  EXPECT_EQ(outcome.exit_code, 0) << read("live.err");
  const std::string lines = read("live.out");
  EXPECT_NE(lines.find("{\"event\":\"opened\",\"frame\":"), std::string::npos) << lines;
  EXPECT_NE(lines.find("{\"event\":\"ended\",\"connection\":{\"id\":"), std::string::npos) << lines;
  EXPECT_NE(lines.find("{\"event\":\"end\",\"schema_version\":"), std::string::npos) << lines;
}

TEST_F(Live, EndsAfterPacketsAndAfterATime) {
  const test::Outcome packets =
      run("live -c 7 -w x.pcapng udp\n$SEND --frames 100\nwait $live && packets_in x.pcapng && "
          "captured");
  EXPECT_EQ(packets.exit_code, 0) << read("live.err");
  EXPECT_NE(packets.output.find("7\n7\n"), std::string::npos) << packets.output;
  const test::Outcome time = run(
      "live --duration 0.3 udp port 9\n$SEND --rate 1000 --frames 100000 > /dev/null & sender=$!\n"
      "wait $live; status=$?; kill $sender; wait $sender; captured; exit $status");
  EXPECT_EQ(time.exit_code, 0) << read("live.err");
  EXPECT_FALSE(time.output.empty());
}

TEST_F(Live, PrintsCountsWhenAsked) {
  const test::Outcome outcome = run(
      "live udp port 9\n$SEND --frames 50\n"
      "until grep -q '^50 packets captured' live.err; do kill -USR1 $live; sleep 0.02; done; end");
  EXPECT_EQ(outcome.exit_code, 0) << read("live.err");
}

TEST_F(Live, CapturesOnAllInterfaces) {
  const test::Outcome outcome =
      run("interface=any live -w x.pcapng udp port 9\n$SEND --frames 20; end; status=$?; "
          "packets_in x.pcapng; exit $status");
  EXPECT_EQ(outcome.exit_code, 0) << read("live.err");
  EXPECT_NE(outcome.output.find("\n20\n"), std::string::npos) << outcome.output;
}

/// What the interface holds back for the processor would go with it: it is waited for.
TEST_F(Live, EndsWithItsInterfaceAndKeepsWhatItSaw) {
  const std::string capture =
      "live -w x.pcapng udp port 9\n$SEND --frames 500\n"
      "until grep -q '^500 packets received' live.err; do kill -USR1 $live; sleep 0.02; done\n";
  const auto expect_its_end_by = [&](const std::string& how) {
    const test::Outcome outcome = run(capture + "$SERVER ip " + how +
                                      "\nwait $live; status=$?; packets_in x.pcapng; exit $status");
    EXPECT_EQ(outcome.exit_code, 5) << read("live.err");
    EXPECT_NE(outcome.output.find("\n500\n"), std::string::npos) << outcome.output;
    EXPECT_NE(read("live.err").find("tapdeck: eth0: the interface went "), std::string::npos)
        << read("live.err");
  };
  expect_its_end_by("link set eth0 down");
  run("$SERVER ip link set eth0 up\n"
      "until $CLIENT ip -o link show eth0 | grep -q 'state UP'; do sleep 0.02; done");
  expect_its_end_by("link delete eth0");
}

TEST_F(Live, SaysWhyItCannotCapture) {
  const auto refusal = [&](const std::string& arguments, int exit_code) {
    const test::Outcome outcome = run("$SERVER " + arguments);
    EXPECT_EQ(outcome.exit_code, exit_code) << outcome.errors;
    EXPECT_EQ(outcome.output, "");
    return outcome.errors;
  };
  EXPECT_EQ(refusal("$T live -i nope", 5),
            "tapdeck: nope: no such interface; there are eth0, any, lo\n");
  EXPECT_NE(refusal("setpriv --reuid 65534 --regid 65534 --clear-groups $T live -i eth0", 5)
                .find("no permission to capture"),
            std::string::npos);
  EXPECT_NE(refusal("$T live -i eth0 tcp prot 80", 1).find("^^^^"), std::string::npos);
  EXPECT_NE(refusal("$T live", 1).find("which interface?"), std::string::npos);
  EXPECT_NE(refusal("$T live -i eth0 -w x.pcap", 1).find(".pcapng"), std::string::npos);
  EXPECT_NE(refusal("$T live -i eth0 --keep 3 -w x.pcapng", 1).find("--rotate"), std::string::npos);
  EXPECT_NE(refusal("$T live -i eth0 --rotate 100p --keep 0 -w x.pcapng", 1).find("at least 1"),
            std::string::npos);
  EXPECT_NE(refusal("$T live -i eth0 --duration 0", 1).find("more than 0"), std::string::npos);
  EXPECT_NE(refusal("$T live -i eth0 --lines --format jsonl", 1).find("contradict"),
            std::string::npos);
  EXPECT_EQ(refusal("$T live -i $'a\\nb'", 5), "tapdeck: a\\x0ab: no interface has such a name\n");
  EXPECT_NE(refusal("$T live -i eth0 --rotate 100 -w x.pcapng", 1).find("100M"), std::string::npos);
}

TEST_F(Live, RotatesAndKeepsTheNewestFiles) {
  const test::Outcome outcome =
      run("live -w x.pcapng --rotate 100p --keep 3 udp port 9\n$SEND --frames 1050\nend || exit\n"
          "ls x*.pcapng | wc -l; for file in x-*.pcapng; do packets_in $file; done");
  EXPECT_EQ(outcome.exit_code, 0) << read("live.err");
  EXPECT_NE(outcome.output.find("\n3\n100\n100\n50\n"), std::string::npos) << outcome.output;
}

TEST_F(Live, SaysThatItEndedUnasked) {
  const test::Outcome outcome =
      run("live -w x.pcapng udp port 9\nkill -KILL $(pgrep -P $live)\nwait $live");
  EXPECT_EQ(outcome.exit_code, 5);
  EXPECT_NE(read("live.err").find("the process that keeps the rights was ended"), std::string::npos)
      << read("live.err");
}

TEST_F(Live, EndsQuietlyWhenNobodyReadsItsPacketsAnyMore) {
  const test::Outcome outcome =
      run("mkfifo packets\nhead -c 1000 packets > beginning & reader=$!\n"
          "$SERVER $T live -i eth0 -q -w - udp port 9 > packets 2> live.err & live=$!\n"
          "while kill -0 $reader; do $SEND --frames 10; done > /dev/null 2>&1\n"
          "while kill -0 $live; do $SEND --frames 10; done > /dev/null 2>&1\nwait $live");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(read("live.err"), "");
}

TEST_F(Live, WaitsForTheReaderOfAPipeUntilItIsAskedToEnd) {
  const std::string begin =
      "rm -f live.err pipe; mkfifo pipe\n$SERVER $T live -i eth0 -c 5 -w pipe udp > live.out 2> "
      "live.err & live=$!\nuntil grep -qs 'waiting for somebody who reads' live.err; do sleep "
      "0.01; done\n";
  EXPECT_EQ(run(begin + "kill -TERM $live; wait $live").exit_code, 4);
  EXPECT_NE(read("live.err").find("it is a pipe that nobody reads"), std::string::npos);
  const test::Outcome read_later =
      run(begin +
          "cat pipe > x.pcapng & until grep -q listening live.err; do sleep 0.01; done\n"
          "$SEND --frames 100 > /dev/null; wait $live && wait && packets_in x.pcapng");
  EXPECT_EQ(read_later.exit_code, 0) << read("live.err");
  EXPECT_EQ(read_later.output, "5\n");
}

TEST_F(Live, EndsThoughTheReaderOfItsPipeHasStopped) {
  for (const char* const signals : {"kill -TERM $live", "kill -TERM $live; kill -INT $live"}) {
    const test::Outcome outcome =
        run("rm -f pipe; mkfifo pipe; sleep 60 < pipe & reader=$!\n"
            "live -w pipe\n"
            "$SEND --frames 20000\n"
            "sleep 0.5\n" +
            std::string(signals) +
            "\n"
            "(sleep 20; kill -KILL $live) & watch=$!\n"
            "wait $live; status=$?; kill $watch $reader; exit $status");
    EXPECT_EQ(outcome.exit_code, 4) << signals << read("live.err");
    EXPECT_NE(read("live.err").find("its reader takes nothing; the "), std::string::npos)
        << read("live.err");
  }
}

TEST_F(Live, WaitsForAReaderThatPauses) {
  const test::Outcome outcome =
      run("mkfifo pipe; (sleep 2; exec cat > x.pcapng) < pipe & reader=$!\n"
          "live -w pipe 'udp port 9'\n"
          "$SEND --frames 20000\n"
          "sleep 1.5; end; status=$?; wait $reader\n"
          "packets_in x.pcapng; exit $status");
  EXPECT_EQ(outcome.exit_code, 0) << read("live.err");
  EXPECT_NE(outcome.output.find("\n20000\n"), std::string::npos) << outcome.output;
}

TEST_F(Live, SaysWhatIsSafeOnAFullDisk) {
  EXPECT_EQ(run("$SERVER $T live -i eth0 -w /dev/full").exit_code, 4);
  const test::Outcome outcome =
      run("mkdir small && mount -t tmpfs -o size=200k none small || exit 77\n"
          "trap 'umount small' EXIT\n"
          "live -w small/x.pcapng udp port 9\n$SEND --frames 20000\nwait $live; status=$?\n"
          "packets_in small/x.pcapng; exit $status");
  if (outcome.exit_code == 77) GTEST_SKIP() << "no file systems can be mounted here";
  EXPECT_EQ(outcome.exit_code, 4) << read("live.err");
  const std::string safe =
      outcome.output.substr(outcome.output.rfind('\n', outcome.output.size() - 2) + 1);
  std::string counted = safe.substr(0, safe.size() - 1);
  if (counted.size() > 3) counted.insert(counted.size() - 3, ",");
  EXPECT_NE(read("live.err").find("No space left on device; the " + counted + " packets before"),
            std::string::npos)
      << counted << "\n"
      << read("live.err");
}

TEST_F(Live, LeavesReadableFilesWhenItIsKilled) {
  for (int round = 0; round < 10; ++round) {
    const test::Outcome outcome =
        run("rm -f *.pcapng; live -w x.pcapng --rotate 300K --flush 0.2 udp port 9\n"
            "$SEND --rate 20000 --frames 1000000 & sender=$!\n"
            "sleep 0.$((RANDOM % 2 + 1))$RANDOM\n"
            "broker=$(pgrep -P $live)\n"
            "kill -KILL $live; wait $live 2> /dev/null; kill $sender; wait $sender\n"
            "tail -s 0.02 --pid=$broker -f /dev/null\n"
            "for file in *.pcapng; do capinfos -c $file > /dev/null || exit; done; ls *.pcapng | "
            "wc -l");
    EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  }
}

/// What the kernel counted is what was said, and none of it was lost on the way to the file.
TEST_F(Live, AccountsForEveryFrameAtSpeed) {
  const test::Outcome outcome =
      run("live -w x.pcapng udp port 9\n"
          "before=$($SERVER cat /sys/class/net/eth0/statistics/rx_packets)\n"
          "$SEND --rate 100000 --frames 500000 > /dev/null\n"
          "end; status=$?\n"
          "echo $(($($SERVER cat /sys/class/net/eth0/statistics/rx_packets) - before))\n"
          "packets_in x.pcapng; captured\n"
          "sed -n 's/ packets\\? dropped by kernel$//p' live.err; exit $status");
  EXPECT_EQ(outcome.exit_code, 0) << read("live.err");
  long arrived = 0, written = 0, captured = 0, dropped = 0;
  ASSERT_EQ(std::sscanf(outcome.output.c_str(), "%ld %ld %ld %ld", &arrived, &written, &captured,
                        &dropped),
            4)
      << outcome.output;
  EXPECT_GT(captured, 0);
  EXPECT_EQ(written, captured);
  // On the way to the interface a busy kernel may lose some, too; and it sends multicasts itself.
  EXPECT_GE(arrived, captured + dropped);
  EXPECT_LE(arrived, captured + dropped + 20);
}

}  // namespace
}  // namespace tapdeck
