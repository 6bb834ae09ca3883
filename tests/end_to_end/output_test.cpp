// What users see: help, the same report however a capture comes, screens of 80 columns.
#include <algorithm>
#include <sstream>

#include "analyzer/report/utf8.h"
#include "tests/end_to_end/run.h"

namespace tapdeck {
namespace {

class Output : public test::EndToEnd {};

std::size_t widest_line(const std::string& text) {
  std::size_t widest = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    widest = std::max(widest, display_width(line));
  }
  return widest;
}

TEST_F(Output, IsHelpWhereHelpIsAskedFor) {
  for (const char* command :
       {"--help", "analyze --help", "packets -h", "check --help", "show --help", "rewrite --help",
        "replay --help", "live --help", "netstat --help", "interfaces --help", "help analyze",
        "help packets", "help check"}) {
    const test::Outcome outcome = run(std::string("$T ") + command);
    EXPECT_EQ(outcome.exit_code, 0) << command;
    EXPECT_EQ(outcome.output.find("Usage: tapdeck "), 0U) << command;
    EXPECT_EQ(outcome.errors, "") << command;
    EXPECT_LE(widest_line(outcome.output), 80U) << outcome.output;
  }
  EXPECT_EQ(run("$T --version").output.find("tapdeck "), 0U);
}

TEST_F(Output, ListsEveryAnomaly) {
  const test::Outcome outcome = run("$T help anomalies");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_NE(outcome.output.find("\nhandshake\n  warning syn_no_answer: A SYN was sent, "),
            std::string::npos);
  EXPECT_NE(outcome.output.find("\n  warning file_truncated: "), std::string::npos);
  EXPECT_LE(widest_line(outcome.output), 80U);
}

TEST_F(Output, KeepsClearOfDescriptorsThatWereClosed) {
  EXPECT_EQ(run("$T analyze - <&-").exit_code, 2);
  EXPECT_EQ(run("$T analyze $GOLDEN/http.pcap >&-").exit_code, 4);
}

TEST_F(Output, IsTheSameReportHoweverACaptureComes) {
  run("cp $GOLDEN/http.pcap x; gzip -c x > x.gz; zstd -q x -o x.zst; lz4 -q x x.lz4");
  // All but how it came.
  const std::string report = " --format json | grep -v '\"file\"\\|\"compression\"'";
  const std::string plain = run("$T analyze x" + report).output;
  EXPECT_NE(plain.find("\"connections\""), std::string::npos);
  for (const char* const file : {"x", "x.gz", "x.zst", "x.lz4"}) {
    const std::string name = file;
    ASSERT_EQ(run("test -e " + name).exit_code, 0) << name << ": gzip, zstd or lz4 is missing";
    for (const std::string& how : {"$T analyze " + name, "$T analyze -r " + name,
                                   "cat " + name + " | $T analyze -", "$T analyze - < " + name}) {
      EXPECT_TRUE(run(how + report).output == plain) << how;
    }
  }
}

TEST_F(Output, OfPcapngAndPcapIsTheSame) {
  EXPECT_EQ(
      run("$T packets $GOLDEN/http.pcap -w x.pcapng; $T packets x.pcapng -w x.pcap").exit_code, 0);
  // All but what the container says of itself, which ends where the hygiene begins.
  const std::string report = " --format json | sed -n '/\"hygiene\"/,$p'";
  const std::string original = run("$T analyze $GOLDEN/http.pcap" + report).output;
  EXPECT_NE(original.find("\"states\""), std::string::npos);
  EXPECT_TRUE(run("$T analyze x.pcapng" + report).output == original);
  EXPECT_TRUE(run("$T analyze x.pcap" + report).output == original);
}

TEST_F(Output, IsTheSameForAnyNumberOfThreadsAndAnyBudgetThatIsEnough) {
  const std::string all = "$GOLDEN/http.pcap $GOLDEN/zero_window.pcap $GOLDEN/dns_udp.pcap";
  const std::string report = run("$T analyze --threads 1 --format json " + all).output;
  EXPECT_EQ(run("$T analyze --threads 5 --format json " + all).output, report);
  EXPECT_EQ(run("$T analyze --memory-budget 1G --format json " + all).output, report);
}

TEST_F(Output, GoesToAFile) {
  EXPECT_EQ(run("$T analyze $GOLDEN/http.pcap --format csv -o report.csv").output, "");
  EXPECT_EQ(read("report.csv"), run("$T analyze $GOLDEN/http.pcap --format csv").output);
}

TEST_F(Output, FitsEightyColumns) {
  for (const char* name : {"http", "http_ipv6", "icmp_time_exceeded", "qinq", "vxlan_tunnel"}) {
    const std::string file = " $GOLDEN/" + std::string(name) + ".pcap";
    EXPECT_LE(widest_line(run("$T analyze" + file).output), 80U) << name;
    EXPECT_LE(widest_line(run("COLUMNS=80 $T packets" + file).output), 80U) << name;
  }
}

TEST_F(Output, TellsCheckedCapturesOfOneNameApart) {
  run("mkdir -p all/a all/b; cp $GOLDEN/http.pcap all/a; cp $GOLDEN/http.pcap all/b");
  const test::Outcome outcome = run("$T check all/ --update --junit results.xml");
  EXPECT_EQ(outcome.output,
            "ok     a/http.pcap\nok     b/http.pcap\n2 captures, 2 reports written\n");
  const std::string results = read("results.xml");
  EXPECT_NE(results.find("name=\"a/http.pcap\"/>"), std::string::npos) << results;
  EXPECT_NE(results.find("name=\"b/http.pcap\"/>"), std::string::npos) << results;
  EXPECT_EQ(run("$T check .").output,
            "ok     all/a/http.pcap\nok     all/b/http.pcap\n2 captures, 2 as expected\n");
}

TEST_F(Output, IsDrawnForNoScreenThatNobodyHas) {
  const test::Outcome outcome = run("COLUMNS=9999999999 $T analyze $GOLDEN/http.pcap");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_LE(widest_line(outcome.output), 1000U);
}

TEST_F(Output, KeepsWholeLinesWhereNobodyHasAScreen) {
  EXPECT_GT(widest_line(run("$T packets $GOLDEN/http.pcap").output), 100U);
}

TEST_F(Output, IsColouredOnlyIfForced) {
  EXPECT_EQ(run("$T packets $GOLDEN/http.pcap").output.find('\x1b'), std::string::npos);
  EXPECT_NE(run("$T packets $GOLDEN/http.pcap --color always").output.find('\x1b'),
            std::string::npos);
  EXPECT_NE(run("$T --color=always packets $GOLDEN/http.pcap").output.find('\x1b'),
            std::string::npos);
}

TEST_F(Output, IsAsciiForAReaderWithoutUtf8) {
  const std::string text = run("LC_ALL=C $T packets -v $GOLDEN/http.pcap").output;
  EXPECT_TRUE(std::ranges::all_of(text, [](char c) { return (c & 0x80) == 0; }));
}

TEST_F(Output, PointsToTagsWhenAFilterMatchesNothing) {
  const test::Outcome outcome = run("$T packets $GOLDEN/vlan.pcap tcp port 80");
  EXPECT_EQ(outcome.output, "");
  EXPECT_NE(outcome.errors.find("'vlan and (tcp port 80)' matches"), std::string::npos)
      << outcome.errors;
  EXPECT_EQ(run("$T packets --quiet $GOLDEN/vlan.pcap tcp port 80").errors, "");
  EXPECT_EQ(run("$T packets $GOLDEN/http.pcap tcp port 81").errors, "");
}

TEST_F(Output, CountsFramesBeforeTheFilter) {
  EXPECT_EQ(run("$T packets --fields frame -c 2 $GOLDEN/http.pcap tcp").output, "3\n4\n");
}

TEST_F(Output, HasALineForEveryFrameWithItsVerdicts) {
  const std::string frames = "$T packets --fields frame $GOLDEN/ftp_transfer.pcap";
  const std::string verdicts = "$T packets --fields frame,verdicts ";
  const std::string all = run(verdicts + "$GOLDEN/ftp_transfer.pcap").output;
  EXPECT_EQ(run(verdicts + "$GOLDEN/ftp_transfer.pcap | cut -f1").output, run(frames).output);
  EXPECT_EQ(run("cat $GOLDEN/ftp_transfer.pcap | " + verdicts + "-").output, all);
  EXPECT_EQ(run(verdicts + "-c 5 $GOLDEN/ftp_transfer.pcap | cut -f1").output, "1\n2\n3\n4\n5\n");
  EXPECT_EQ(run(verdicts + "$GOLDEN/zero_window.pcap tcp | grep -c zero_window").output, "3\n");
}

TEST_F(Output, SaysInTheTreeWhatHappenedAndWhy) {
  const std::string tree = run("$T packets -v $GOLDEN/zero_window.pcap").output;
  EXPECT_NE(tree.find("\n  verdict  retransmission, tail_loss_probe, spurious\n"
                      "           not a copy: its IP ID was given later, a copy has the same one"),
            std::string::npos);
}

TEST_F(Output, ListsFieldsByName) {
  const std::string fields = run("$T packets --fields help").output;
  EXPECT_NE(fields.find("\ntcp.flags\n"), std::string::npos);
  EXPECT_EQ(fields.find("frame "), 0U);
}

/// Every octet that a packet can hold, in the names and payloads that are shown.
TEST_F(Output, HoldsNoEscapeSequencesWhateverPacketsHold) {
  run("cp $GOLDEN/ftp_transfer.pcap hostile.pcap; sed -i 's/USER/\\x1b[2J/; s/ftp/\\x9b1m/g' "
      "hostile.pcap");
  for (const char* command :
       {"packets", "packets -v", "packets -x", "packets -A", "packets --format json",
        "packets --format tsv", "packets --fields verdicts,reason", "show 3 -r", "analyze",
        "analyze --format json", "analyze --format csv"}) {
    const test::Outcome outcome = run(std::string("$T ") + command + " hostile.pcap");
    const auto harmless = [](char c) {
      return static_cast<unsigned char>(c) >= ' ' || c == '\n' || c == '\t' || c == '\r';
    };
    EXPECT_TRUE(std::ranges::all_of(outcome.output, harmless)) << command;
    EXPECT_EQ(outcome.output.find('\x7f'), std::string::npos) << command;
    EXPECT_EQ(outcome.output.find("\xc2\x9b"), std::string::npos) << command;
  }
}

TEST_F(Output, HoldsNoEscapeSequencesOfFileNames) {
  const test::Outcome outcome = run("f=$'bad\\e[31m.pcap'; : > \"$f\"; $T analyze \"$f\"");
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_EQ((outcome.output + outcome.errors).find('\x1b'), std::string::npos);
  EXPECT_EQ(run("$T packets $'x\\e[31m.pcap'").errors.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace tapdeck
