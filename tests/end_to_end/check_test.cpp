// What a golden directory can lose without a difference between reports: its captures, its reports.
#include "tests/end_to_end/run.h"

namespace tapdeck {
namespace {

class Check : public test::EndToEnd {
 protected:
  void SetUp() override {
    EndToEnd::SetUp();
    run("mkdir gold && cp $GOLDEN/http.pcap $GOLDEN/http.json $GOLDEN/vlan.pcap "
        "$GOLDEN/vlan.json gold");
  }

  void expect_check(int exit_code, const std::string& output) const {
    const test::Outcome outcome = run("$T check gold");
    EXPECT_EQ(outcome.exit_code, exit_code) << outcome.errors;
    EXPECT_NE(outcome.output.find(output), std::string::npos) << outcome.output;
  }
};

TEST_F(Check, PassesCapturesWithTheirReportsBesideOtherFiles) {
  run("echo '{\"name\": \"x\"}' > gold/package.json; echo text > gold/notes.txt");
  run(": > gold/._http.pcap");
  expect_check(0, "2 captures, 2 as expected\n");
}

TEST_F(Check, FailsForACaptureThatWasEmptied) {
  run(": > gold/http.pcap");
  expect_check(2,
               "ERROR  http.pcap\n         empty, not even a file header\n"
               "ok     vlan.pcap\n2 captures, 1 as expected\n");
}

TEST_F(Check, FailsForACaptureThatWasBroken) {
  run("echo garbage > gold/http.pcap; gzip gold/vlan.pcap; echo garbage > gold/VLAN.PCAP.GZ");
  expect_check(2, "ERROR  http.pcap\n         not a packet capture: text that begins \"garbage");
  expect_check(2, "ERROR  VLAN.PCAP.GZ\n         not a packet capture");
}

TEST_F(Check, FailsForAReportWhoseCaptureIsGone) {
  run("rm gold/http.pcap");
  const std::string missing =
      "ok     vlan.pcap\nDIFF   http.json\n         no capture beside it that this is the report "
      "of\n2 captures, 1 as expected\n";
  expect_check(6, missing);
  EXPECT_EQ(run("$T check --update gold").exit_code, 6);
  expect_check(6, missing);
  EXPECT_EQ(run("$T check --junit junit.xml gold").exit_code, 6);
  EXPECT_NE(read("junit.xml").find("name=\"http.json\">\n    <failure"), std::string::npos);
}

TEST_F(Check, FailsForAReportThatCantBeRead) {
  run("rm gold/http.json; mkdir gold/http.json");
  expect_check(2, "ERROR  http.pcap\n         its report http.json can't be read: Is a directory");
}

TEST_F(Check, WritesXmlOfNamesThatAreNoUtf8) {
  run("cp gold/http.pcap $'gold/u\\xff<\\n\\xef\\xbf\\xbf.pcap'");
  EXPECT_EQ(run("$T check --junit junit.xml gold").exit_code, 6);
  EXPECT_NE(read("junit.xml").find(R"(name="u\xff&lt;\x0a\xef\xbf\xbf.pcap")"), std::string::npos)
      << read("junit.xml");
  EXPECT_EQ(run("iconv -f utf-8 -t utf-8 junit.xml").output, read("junit.xml"));
}

TEST_F(Check, SaysWhichCapturesOfADirectoryWereNotRead) {
  run("echo garbage > gold/http.pcap; : > gold/none.cap; echo text > gold/notes.txt");
  const test::Outcome outcome = expect("$T analyze gold", 2, "gold/http.pcap: not a packet");
  EXPECT_NE(outcome.errors.find("gold/none.cap: empty"), std::string::npos) << outcome.errors;
  EXPECT_EQ(outcome.errors.find("notes.txt"), std::string::npos) << outcome.errors;
  EXPECT_NE(outcome.output.find("21 packets"), std::string::npos) << outcome.output;
}

}  // namespace
}  // namespace tapdeck
