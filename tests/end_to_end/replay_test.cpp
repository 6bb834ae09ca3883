// tapdeck replay into files and nowhere: what needs no interface and no permission.
#include <sstream>

#include "tests/end_to_end/run.h"

namespace tapdeck {
namespace {

class Replay : public test::EndToEnd {};

TEST_F(Replay, CopiesACaptureOctetForOctet) {
  expect("$T replay $GOLDEN/http.pcap -o copy.pcap", 0, "sent 31 packets, 7,140 octets");
  expect("cmp $GOLDEN/http.pcap copy.pcap", 0);
  expect("$T replay $GOLDEN/http.pcap -o - -q | cmp - <($T packets $GOLDEN/http.pcap -w -)", 0);
}

TEST_F(Replay, WritesTheTimesAtWhichPacketsWouldGo) {
  expect("$T replay $GOLDEN/http.pcap -c 3 --pps 4 --loop 2 -o paced.pcap", 0,
         "asked: 4 packets/s");
  EXPECT_EQ(run("$T packets paced.pcap --time delta | awk '{print $2}'").output,
            "0.000000\n0.250000\n0.250000\n0.250000\n0.250000\n0.250000\n");
  expect(
      "$T replay $GOLDEN/http.pcap -c 2 --pps 3 -o paced.pcap && $T packets paced.pcap "
      "--time epoch | awk '{split($2, time, \".\"); print time[2]}' | "
      "{ read one; read two; test $(((1${two} - 1${one}) % 1000000000)) = 333333333; }",
      0);
}

TEST_F(Replay, SaysAsJsonWhatItDid) {
  const test::Outcome outcome =
      expect("$T replay $GOLDEN/http.pcap --method null --top-speed --format json -q", 0);
  EXPECT_EQ(outcome.errors, "");
  for (const char* words : {"\"schema_version\": 1", "\"attempted\": 31", "\"packets\": 31",
                            "\"octets\": 7140", "\"failed\": {}", "\"end\": \"complete\""}) {
    EXPECT_NE(outcome.output.find(words), std::string::npos) << words << outcome.output;
  }
}

TEST_F(Replay, SendsInItsOwnTime) {
  // 20 packets at 100 a second take 190 ms at the very least.
  expect(
      "$T replay $GOLDEN/http.pcap -c 20 --method null --pps 100 --format json -q > report &&"
      " grep -o '\"duration_ns\": [0-9]*' report | awk '{exit !($2 >= 190000000)}'",
      0);
}

TEST_F(Replay, SaysWhatItWouldDo) {
  const test::Outcome outcome =
      expect("$T replay $GOLDEN/http.pcap -i lo --mbps 1 --layer 1 --dry-run", 0, "would send");
  EXPECT_NE(outcome.errors.find("(31 packets, 7.14 kB)\n  to lo, 1 Mbit/s of layer 1, for"),
            std::string::npos)
      << outcome.errors;
}

TEST_F(Replay, SendsAPacketAKey) {
  expect("printf 'xx' | $T replay $GOLDEN/http.pcap --method null --step", 0, "sent 2 packets");
  expect("printf 'xq' | $T replay $GOLDEN/http.pcap --method null --step", 0, "sent 1 packet,");
  expect("$T replay $GOLDEN/http.pcap --method null --step", 4, "no packet was sent");
}

TEST_F(Replay, IsNotFineIfNoneOfTheCapturesPacketsIsSent) {
  expect("head -c 24 $GOLDEN/http.pcap > none.pcap; $T replay none.pcap -o copy.pcap", 0,
         "no packet was sent");
  expect("cmp none.pcap copy.pcap", 0);
  expect("$T replay none.pcap udp --method null", 0, "no packet was sent");
  expect("$T replay $GOLDEN/http.pcap tcp -o copy.pcap --nat 203.0.113.0/24=198.51.100.7", 4,
         "no packet was sent");
  expect("$T replay $GOLDEN/http.pcap udp port 9 --method null", 4, "no packet was sent");
  expect("echo text > text.pcap; $T replay text.pcap --method null", 2, "not a packet capture");
  expect("$T replay missing.pcap --method null", 2, "no such file");
}

TEST_F(Replay, SendsWhatCanBeReadOfADamagedCapture) {
  expect("head -c 1000 $GOLDEN/http.pcap > cut.pcap; $T replay cut.pcap --method null --top-speed",
         3, "sent 7 packets");
}

TEST_F(Replay, TakesAPipeThatNeverEnds) {
  expect(
      "mkfifo pipe; (cat $GOLDEN/http.pcap; exec sleep 60) > pipe & "
      "timeout 50 $T replay - --method null --top-speed --limit 5 < pipe; result=$?; "
      "kill %1; exit $result",
      0, "sent 5 packets");
}

TEST_F(Replay, EndsAtItsLimitThoughThePipeFallsSilent) {
  for (const char* const way : {"--method null", "-o copy.pcap"}) {
    expect(std::string("rm -f pipe; mkfifo pipe; exec 9<> pipe; head -c 1000 $GOLDEN/http.pcap >&9;"
                       "timeout 20 $T replay - --top-speed --limit 7 < pipe ") +
               way,
           0, "sent 7 packets");
  }
}

TEST_F(Replay, TellsWhatWasSentWhileThePipeIsSilent) {
  for (const char* const way : {"--method null", "-o copy.pcap"}) {
    expect(std::string("rm -f pipe said; mkfifo pipe; exec 9<> pipe; "
                       "head -c 1000 $GOLDEN/http.pcap >&9; "
                       "$T replay - --top-speed < pipe 2> said ") +
               way +
               " & until grep -q sending said; do sleep 0.05; done 2> none; "
               "for i in $(seq 50); do kill -USR1 $!; sleep 0.1; grep -q sent said && break; done; "
               "kill -KILL $!; cat said >&2",
           0, "sent 7 packets");
  }
}

TEST_F(Replay, SaysThatItsRightsWereTakenAway) {
  expect(
      "$T replay $GOLDEN/http.pcap --method null --pps 1 2> said & "
      "until grep -q sending said; do sleep 0.05; done; "
      "kill -KILL $(pgrep -P $!); wait $!; result=$?; cat said >&2; exit $result",
      5, "the replay ends early: the process that keeps the rights was ended");
}

TEST_F(Replay, LoopsOverAPipeThatFitsIntoMemoryOnly) {
  expect("cat $GOLDEN/http.pcap | $T replay - --method null --top-speed --loop 3", 0,
         "sent 93 packets");
  expect("cat $GOLDEN/http_large.pcap | $T replay - --method null --top-speed --loop 2 --preload 0",
         1, "can't be read again");
  expect("$T replay $GOLDEN/http_large.pcap --method null --top-speed --loop 3 --preload 0", 0,
         "sent 444 packets");
}

TEST_F(Replay, PrintsStatisticsWhenAskedAndEndsWithThemWhenStopped) {
  expect(
      "$T replay $GOLDEN/http.pcap --method null --pps 20 --loop 0 2> said & "
      "until grep -q sending said; do sleep 0.05; done; "
      "until kill -USR1 $! && sleep 0.1 && grep -q 'lateness' said; do :; done; "
      "cat said >&2; kill -INT $!; wait $!; result=$?; cat said >&2; exit $result",
      0, "end       stopped");
  expect(
      "rm said; "
      "(trap '' USR1; exec $T replay $GOLDEN/http.pcap --method null --pps 20 --loop 0) 2> said & "
      "until grep -q sending said; do sleep 0.05; done; "
      "kill -TERM $!; wait $!; result=$?; cat said >&2; exit $result",
      0, "asked: 20 packets/s");
}

TEST_F(Replay, TakesSignalsToItsLastWord) {
  // Before the first packet they end it, and behind the last one they don't matter any more.
  expect(
      "for i in $(seq 40); do "
      "  rm -f said; $T replay $GOLDEN/http.pcap --method null --top-speed 2> said & "
      "  until grep -q sending said; do :; done 2> none; sleep 0.0$((i / 8)); "
      "  kill -USR1 $! && kill -TERM $!; wait $!; result=$?; "
      "  [ $result = 0 ] || [ $result = 4 ] || exit $result; grep -q asked: said || exit 99; "
      "done",
      0);
}

TEST_F(Replay, EndsAtOnceWhenStoppedTwice) {
  // Its reader is stopped, so it waits for room in the pipe for ever.
  expect(
      "mkfifo pipe; sleep 60 < pipe & exec 9> pipe; "
      "$T replay $GOLDEN/http_large.pcap --loop 1000 -o pipe --limit 100000 2> said & "
      "until grep -q sending said; do sleep 0.05; done; sleep 0.5; "
      "for i in 1 2 3 4 5 6 7 8 9; do kill -INT $! 2> /dev/null; sleep 0.1; done; "
      "wait $!; result=$?; kill %1; exit $result",
      130);
}

TEST_F(Replay, RefusesPlacesThatNobodyWouldWaitFor) {
  const std::string replay = "$T replay $GOLDEN/http.pcap --method null ";
  expect(replay + "--pps 0.000000001", 1, "less than a packet a year");
  expect(replay + "--loop-pause 50000d --loop 2", 1, "a century (36525d) at most");
  expect(
      replay + "--loop 1000000 --speed 0.000000001", 1,
      "0.000000001 times as fast as captured, the last packet would be due\nmore than a century");
  expect(replay + "--loop 1000000 --speed 0.000000001 --limit 31 --dry-run", 0, "for 100 d 4 h");
}

TEST_F(Replay, EndsWhereTheNextPacketIsACenturyAway) {
  // One packet at the begin of 1970, the others as they are.
  run("$T packets $GOLDEN/http.pcap -c 1 -w old.pcap; "
      "printf '\\0\\0\\0\\0' | dd of=old.pcap bs=1 seek=24 conv=notrunc status=none");
  const test::Outcome outcome =
      expect("$T replay old.pcap $GOLDEN/http.pcap -o out.pcap --speed 0.5 --format json", 4,
             "ended early: the next packet would be due in more than a century");
  EXPECT_NE(outcome.output.find("\"end\": \"beyond_century\""), std::string::npos)
      << outcome.output;
  EXPECT_EQ(run("$T packets out.pcap | wc -l").output, "1\n");
  expect("$T replay old.pcap $GOLDEN/http.pcap -o out.pcap", 0, "sent 32 packets");
  run("cp old.pcap new.pcap; "
      "printf '\\377\\377\\377\\377' | dd of=new.pcap bs=1 seek=24 conv=notrunc status=none");
  expect("$T replay old.pcap new.pcap --method null", 1,
         "as captured, the last packet would be due\nmore than a century after the first");
  expect("$T replay old.pcap new.pcap -o out.pcap", 4, "sent 1 packet, ");
  expect("$T replay old.pcap $GOLDEN/http.pcap -o out.pcap --speed 0.5 --max-gap 1s", 0,
         "1 gap cut to --max-gap");
}

TEST_F(Replay, WaitsForItsStart) {
  const std::string replay = "$T replay $GOLDEN/http.pcap ";
  expect(replay + "-o copy.pcap --start-at +1s", 1, "--start-at is for sending");
  expect(replay + "-i lo --dry-run --start-at +1s", 1, "--start-at is for sending");
  expect(replay + "--method null --start-at frame:1", 1,
         "--start-at: 'frame:1' is no moment as in\n2026-01-31T23:59:30Z, ");
  expect(replay + "--method null --start-at +40000d", 1, "more than a century away");
  expect(replay +
             "--method null --start-at +1h 2> said & until grep -q sending said; do sleep 0.05; "
             "done; until kill -USR1 $! && sleep 0.1 && grep -q 'due in 59 min' said; do :; done; "
             "kill -INT $!; wait $!; result=$?; cat said >&2; exit $result",
         4, "sent 0 packets, 0 octets, in 0 s\n  start     not yet: the first packet is due in ");
}

TEST_F(Replay, FitsWhatItSaysIntoEightyColumns) {
  const test::Outcome outcome = expect(
      "$T replay $GOLDEN/checksum_offload.pcap --method null --speed 0.123456789 --mtu 600 "
      "--max-gap 1us",
      0, "\n            times as fast as captured\n");
  std::istringstream lines(outcome.errors);
  for (std::string line; std::getline(lines, line);) {
    // What the user named is not broken.
    EXPECT_TRUE(line.size() <= 80 || line.find("checksum_offload.pcap") != std::string::npos)
        << line;
  }
}

TEST_F(Replay, RefusesWhatDoesNotGoTogether) {
  const std::string replay = "$T replay $GOLDEN/http.pcap ";
  expect(replay, 1, "where to?");
  expect(replay + "-i eth0 -o file.pcap", 1, "goes without -i");
  expect(replay + "-i eth0 --method null", 1, "takes no -i");
  expect(replay + "-I eth0", 1, "-I takes -i");
  expect(replay + "-i eth0 -I eth0", 1, "the same interface");
  expect(replay + "--method nul", 1, "did you mean 'null'");
  expect(replay + "--method null --pps 5 --top-speed", 1, "one pace only");
  expect(replay + "--method null --pps 0", 1, "no number above 0");
  expect(replay + "--method null --speed fast", 1, "'fast'");
  expect(replay + "--method null --duration 5parsecs", 1, "no length of time");
  expect(replay + "--method null --layer 1", 1, "goes with --mbps");
  expect(replay + "--method null --max-gap 1 --pps 5", 1, "there are no gaps");
  expect(replay + "--method null --limit 0", 1, "from 1 to");
  expect(replay + "-o file.pcap --loop 0", 1, "has no end");
  expect(replay + "-o file.pcap --loop -1", 1, "'-1' is no whole number from 0 to ");
  expect(replay + "-o file.pcap --mtu 67", 1, "'67' is no whole number from 68 to 262144");
  expect(replay + "-o file.pcap --speed 1e-9", 1, "digits, up to nine of them behind a point");
  expect(replay + "--method null --timing exact", 1, "normal, precise");
  expect(replay + "--method null --start-at noon", 1, "noon");
  expect(replay + "--method null --start-at 2001-01-01T00:00:00Z", 1, "has passed");
  expect(replay + "--method null --verify eth0", 1, "there is nothing sent by it");
  expect(replay + "-i lo --verify-server eth0", 1, "packets arrive that -I sends");
  expect(replay + "-i lo --verify-server-netns x", 1, "goes with --verify-server");
  expect(replay + "-o - --format json", 1, "both need stdout");
  expect("cp $GOLDEN/http.pcap own.pcap; $T replay own.pcap -o own.pcap", 1, "destroy");
}

TEST_F(Replay, RewritesAndFitsWhatItSends) {
  expect(
      "$T replay $GOLDEN/http.pcap -o copy.pcap --ttl 9 -q && $T rewrite $GOLDEN/http.pcap "
      "other.pcap --ttl 9 -q && cmp copy.pcap other.pcap",
      0);
  expect("$T replay $GOLDEN/http_large.pcap -o copy.pcap --mtu 600", 0, "segmented into");
  expect("$T replay $GOLDEN/snap_length.pcap -o copy.pcap --mtu 1500", 4, "--truncated pad");
  expect("$T replay $GOLDEN/snap_length.pcap -o copy.pcap --truncated skip", 0, "were skipped");
  for (const char* const way : {"-o all.pcapng", "--method null", "--method null --dry-run"}) {
    expect("$T replay $GOLDEN/snap_length.pcap --top-speed " + std::string(way), 4,
           "6 frames that the capture cut were skipped");
  }
  EXPECT_EQ(run("$T packets all.pcapng | wc -l").output, "11\n");
  expect(
      "$T packets $GOLDEN/snap_length.pcap -w other && $T replay other -o copy --truncated pad && "
      "tcpdump -r copy",
      0);
}

TEST_F(Replay, KeepsTheLinksOfPacketsThatGoToNoInterface) {
  for (const char* const options : {"", " --truncated skip"}) {
    expect("$T replay $GOLDEN/linux_sll.pcap -o copy.pcap -q" + std::string(options), 0);
    expect("$T packets $GOLDEN/linux_sll.pcap -w other.pcap && cmp other.pcap copy.pcap", 0);
  }
  expect("$T replay $GOLDEN/linux_sll.pcap -o copy.pcap --mtu 1500", 1, "--ethernet");
}

TEST_F(Replay, EndsQuietlyWhenItsReaderGoesAway) {
  const test::Outcome outcome = expect(
      "$T replay $GOLDEN/http_large.pcap -q -o - --loop 20 | head -c 1 > /dev/null; "
      "exit ${PIPESTATUS[0]}",
      0);
  EXPECT_EQ(outcome.errors, "");
}

TEST_F(Replay, FailsWhereTheFileCantBeWritten) {
  expect("$T replay $GOLDEN/http.pcap -o /dev/full", 4, "No space left");
  expect("$T replay $GOLDEN/http.pcap -o missing/file.pcap", 4, "missing/file.pcap");
}

}  // namespace
}  // namespace tapdeck
