// The documented exit codes, and the sentence that comes with each.
#include "tests/end_to_end/run.h"

namespace tapdeck {
namespace {

class ExitCodes : public test::EndToEnd {
 protected:
  void expect(const std::string& command, int exit_code, const std::string& words) const {
    const test::Outcome outcome = EndToEnd::expect(command, exit_code, words);
    EXPECT_EQ(outcome.errors.find('\x1b'), std::string::npos) << command;
  }
};

TEST_F(ExitCodes, AreZeroForACaptureAndForOneWithoutPackets) {
  EXPECT_EQ(run("$T analyze $GOLDEN/http.pcap").exit_code, 0);
  EXPECT_EQ(run("head -c 24 $GOLDEN/http.pcap > none.pcap; $T analyze none.pcap").exit_code, 0);
  EXPECT_EQ(run("$T packets $GOLDEN/http.pcap udp").exit_code, 0);
}

TEST_F(ExitCodes, AreOneForMistakesOfUsage) {
  expect("$T", 1, "which command?");
  expect("$T analize x.pcap", 1, "did you mean 'analyze'?");
  expect("$T analyze", 1, "which capture?");
  expect("$T analyze --formt json $GOLDEN/http.pcap", 1, "did you mean '--format'?");
  expect("$T analyze --format jsn $GOLDEN/http.pcap", 1, "did you mean 'json'");
  expect("$T packets --time noon $GOLDEN/http.pcap", 1, "relative, utc, local, delta, epoch");
  expect("$T packets --fields tcp.flgs $GOLDEN/http.pcap", 1, "did you mean 'tcp.flags'?");
  expect("$T packets --fields frame --format text $GOLDEN/http.pcap", 1, "tsv or json");
  expect("$T packets -c x $GOLDEN/http.pcap", 1, "'x'");
  expect("$T analyze --threads 0 $GOLDEN/http.pcap", 1, "--threads wants a number from 1 up");
  expect("$T analyze --threads two $GOLDEN/http.pcap", 1, "'two'");
  expect("$T analyze --memory-budget 1M $GOLDEN/http.pcap", 1, "the least is 192M");
  expect("$T analyze --memory-budget 99999999999T $GOLDEN/http.pcap", 1, "is no size");
  expect("$T analyze --memory-budget big $GOLDEN/http.pcap", 1, "is no size as in");
  expect("$T packets --fields '' $GOLDEN/http.pcap", 1, "--fields: no field ''");
  expect("$T packets --fields frame,time,frame --format json $GOLDEN/http.pcap", 1,
         "'frame' is named twice");
  EXPECT_EQ(run("$T packets --fields frame,frame $GOLDEN/http.pcap").exit_code, 0);
  expect("$T analyze -Z '' $GOLDEN/http.pcap", 1, "--user wants the name of a user");
  expect("$T interfaces x y", 1, "interfaces takes no names");
  expect("$T check", 1, "one directory");
  expect("$T --verbose packets x.pcap", 1, "'--verbose'");
}

TEST_F(ExitCodes, AreOneForOptionsWithoutEffect) {
  const std::string packets = "$T packets $GOLDEN/http.pcap ";
  for (const char* const option :
       {"-v", "-x", "-A", "--fields frame", "--format json", "--header", "--time utc", "-o text"}) {
    expect(packets + "-w copy.pcap " + option, 1, "and -w prints nothing");
  }
  expect(packets + "--fields frame -x", 1, "--hex goes with --format text");
  expect(packets + "--format json --header", 1, "--header goes with --format tsv");
  expect("$T analyze $GOLDEN/http.pcap --format json --top 3", 1, "--top goes with --format text");
  expect("$T netstat -c 3", 1, "--count goes with a capture");
  expect("$T netstat --names", 1, "--names goes with a capture");
  expect("$T live -i lo -w - --lines", 1, "--lines needs standard output");
  const std::string replay = "$T replay $GOLDEN/http.pcap ";
  expect(replay + "-o copy.pcap --method pcap", 1, "--method is a way to an interface");
  expect(replay + "-o copy.pcap --timing precise", 1, "--timing is for sending");
  expect(replay + "--method null --dry-run --timing precise", 1, "--timing is for sending");
  expect(replay + "--method null --yes-live", 1, "--yes-live goes with -i");
  expect(replay + "--method null --loop-pause 1s", 1, "--loop-pause goes with --loop");
}

TEST_F(ExitCodes, AreZeroForACountThatIsNone) {
  EXPECT_EQ(run("$T packets $GOLDEN/http.pcap -c 0 | wc -l").output, "31\n");
  EXPECT_NE(run("$T packets --help").output.find("filter; 0: don't"), std::string::npos);
}

TEST_F(ExitCodes, AreOneForAFilterWithACaretUnderItsMistake) {
  expect("$T packets $GOLDEN/http.pcap tcp port port 80", 1, "\n  tcp port port 80\n           ^");
}

TEST_F(ExitCodes, AreTwoForWhatIsNoCapture) {
  write("text.pcap", "a text and no capture at all");
  write("empty.pcap", "");
  run("mkdir directory");
  expect("$T analyze missing.pcap", 2, "missing.pcap: no such file");
  expect("$T analyze missing", 2, "missing: no such file");
  expect("$T analyze text.pcap", 2, "text.pcap: not a packet capture");
  expect("$T analyze empty.pcap", 2, "empty.pcap: empty");
  expect("$T analyze directory", 2, "no captures");
  expect("$T packets text.pcap", 2, "not a packet capture");
  expect("$T check directory", 2, "no captures");
  expect("$T check missing", 2, "no such directory");
  EXPECT_EQ(run("$T analyze text.pcap").output, "");
}

TEST_F(ExitCodes, AreSixForAnomaliesThatAreSevereEnough) {
  EXPECT_EQ(run("$T analyze --fail-on info $GOLDEN/half_close_by_client.pcap").exit_code, 6);
  EXPECT_EQ(run("$T analyze --fail-on warning $GOLDEN/half_close_by_client.pcap").exit_code, 0);
  EXPECT_EQ(run("$T analyze $GOLDEN/half_close_by_client.pcap").exit_code, 0);
  expect("$T analyze --fail-on fatal $GOLDEN/http.pcap", 1, "info, note, warning, error");
  run("head -c 1000 $GOLDEN/http.pcap > cut.pcap");
  expect("$T analyze --fail-on info cut.pcap", 3, "cut short");
}

TEST_F(ExitCodes, AreThreeForACaptureCutShortOfWhichAllIsReported) {
  run("head -c 1000 $GOLDEN/http.pcap > cut.pcap");
  expect("$T analyze cut.pcap", 3, "cut.pcap: cut short inside packet 8");
  EXPECT_NE(run("$T analyze cut.pcap").output.find("7 packets"), std::string::npos);
  expect("$T packets cut.pcap", 3, "cut short");
}

TEST_F(ExitCodes, AreThreeForACorruptCapture) {
  run("cp $GOLDEN/http.pcap bad.pcap; "
      "printf '\\377\\377\\377\\377' | dd of=bad.pcap bs=1 seek=410 conv=notrunc status=none");
  expect("$T analyze bad.pcap", 3, "bad.pcap: ");
}

TEST_F(ExitCodes, AreThreeForBrokenCompression) {
  run("gzip -c $GOLDEN/http.pcap | head -c 1500 > cut.pcap.gz");
  expect("$T analyze cut.pcap.gz", 3, "cut.pcap.gz: ");
}

TEST_F(ExitCodes, AreFourWhereOutputCantBeWritten) {
  expect("$T analyze $GOLDEN/http.pcap > /dev/full", 4, "No space left");
  expect("$T analyze $GOLDEN/http.pcap -o /dev/full", 4, "No space left");
  expect("$T packets $GOLDEN/http.pcap > /dev/full", 4, "No space left");
  expect("$T packets $GOLDEN/http.pcap -w /dev/full", 4, "No space left");
  expect("$T packets $GOLDEN/http.pcap -w - > /dev/full", 4, "No space left");
  expect("$T --help > /dev/full", 4, "No space left");
  expect("$T analyze $GOLDEN/http.pcap -o missing/report", 4, "missing/report: ");
}

TEST_F(ExitCodes, AreTheWeightiestOfSeveralInputs) {
  run("head -c 1000 $GOLDEN/http.pcap > cut.pcap");
  const test::Outcome outcome = run("$T analyze cut.pcap missing.pcap $GOLDEN/vlan.pcap");
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_NE(outcome.errors.find("cut short"), std::string::npos) << outcome.errors;
  EXPECT_NE(outcome.errors.find("missing.pcap: no such file"), std::string::npos);
  EXPECT_NE(outcome.output.find("28 packets"), std::string::npos) << outcome.output;
}

TEST_F(ExitCodes, AreSixForADifferenceFromAGoldenReport) {
  run("cp $GOLDEN/http.pcap . && $T check --update .");
  EXPECT_EQ(run("$T check .").exit_code, 0);
  run("sed -i 's/TIME_WAIT/ESTABLISHED/' http.json");
  const test::Outcome outcome = run("$T check --junit results.xml .");
  EXPECT_EQ(outcome.exit_code, 6);
  EXPECT_NE(outcome.output.find("connections[0].states.client: expected \"ESTABLISHED\", found "
                                "\"TIME_WAIT\""),
            std::string::npos)
      << outcome.output;
  EXPECT_NE(read("results.xml").find("failures=\"1\""), std::string::npos);
  run("rm http.json");
  EXPECT_EQ(run("$T check .").exit_code, 6);
}

TEST_F(ExitCodes, LeaveAloneWhatNothingReadableWouldReplace) {
  run("echo no capture > notes.txt; echo precious > kept; cp kept kept.pcap");
  for (const char* const command :
       {"rewrite notes.txt kept.pcap", "packets notes.txt -w kept.pcap",
        "packets notes.txt -o kept", "analyze notes.txt -o kept", "netstat notes.txt -o kept",
        "show notes.txt 1 -o kept", "replay notes.txt -o kept.pcap"}) {
    EXPECT_EQ(run(std::string("$T ") + command).exit_code, 2) << command;
    EXPECT_EQ(run("cat kept kept.pcap").output, "precious\nprecious\n") << command;
  }
}

TEST_F(ExitCodes, AreOneForTwoCapturesWithOneReport) {
  run("mkdir x; cp $GOLDEN/http.pcap x; gzip -c x/http.pcap > x/http.pcap.gz");
  expect("$T check x --update", 1, "http.pcap and x/http.pcap.gz would have one report, http.json");
}

TEST_F(ExitCodes, KeepAnInputFromBeingOverwritten) {
  run("cp $GOLDEN/http.pcap mine.pcap; ln mine.pcap other.pcap");
  expect("$T packets mine.pcap -w other.pcap", 1, "other.pcap");
  expect("$T analyze mine.pcap -o other.pcap", 1, "other.pcap");
  EXPECT_EQ(run("cmp $GOLDEN/http.pcap mine.pcap").exit_code, 0);
}

TEST_F(ExitCodes, KeepAnInputFromBeingOverwrittenByAStandardStream) {
  run("cp $GOLDEN/http.pcap mine.pcap");
  for (const char* const command :
       {"packets -w mine.pcap - < mine.pcap", "packets -o mine.pcap - < mine.pcap",
        "rewrite - mine.pcap < mine.pcap", "replay - -o mine.pcap < mine.pcap",
        "analyze - -o mine.pcap < mine.pcap", "show - 3 -o mine.pcap < mine.pcap",
        "packets -w - mine.pcap >> mine.pcap", "packets --no-sandbox -w - mine.pcap >> mine.pcap",
        "packets mine.pcap >> mine.pcap", "packets - < mine.pcap >> mine.pcap",
        "replay mine.pcap -o - >> mine.pcap"}) {
    expect(std::string("$T ") + command, 1, "writing to it would destroy the capture that is read");
    EXPECT_EQ(run("cmp $GOLDEN/http.pcap mine.pcap").exit_code, 0) << command;
  }
  EXPECT_EQ(run("$T packets -w copy.pcap - < mine.pcap && cmp mine.pcap copy.pcap").exit_code, 0);
  EXPECT_EQ(run("$T packets -w - mine.pcap >> copy.pcapng").exit_code, 0);
}

TEST_F(ExitCodes, AreZeroAndQuietForAClosedPipe) {
  for (const char* command : {"packets -v", "packets -w -", "packets --format json"}) {
    const std::string line = std::string(
                                 "for i in 1 2 3 4 5; do f=\"$f $GOLDEN/http_large.pcap\"; "
                                 "done; $T ") +
                             command + " $f | head -c 1 > /dev/null; exit ${PIPESTATUS[0]}";
    const test::Outcome outcome = run(line);
    EXPECT_EQ(outcome.exit_code, 0) << command;
    EXPECT_EQ(outcome.errors, "") << command;
  }
}

}  // namespace
}  // namespace tapdeck
