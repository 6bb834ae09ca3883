// tapdeck show as users call it: how a connection is named, and what is said where that isn't
// clear.
#include "tests/end_to_end/run.h"

namespace tapdeck {
namespace {

class Show : public test::EndToEnd {};

TEST_F(Show, TellsOneConnectionHoweverItIsNamed) {
  const test::Outcome by_id = run("$T show $GOLDEN/http.pcap 22");
  EXPECT_EQ(by_id.exit_code, 0);
  EXPECT_EQ(by_id.output.find("CONNECTION 22 "), 0U) << by_id.output;
  EXPECT_EQ(by_id.errors, "");
  for (const char* how :
       {"show $GOLDEN/http.pcap 192.0.2.10:49060",
        "show $GOLDEN/http.pcap 192.0.2.20 192.0.2.10:49060", "show -r $GOLDEN/http.pcap 22",
        "show 22 -r $GOLDEN/http.pcap", "show - 22 < $GOLDEN/http.pcap",
        "show $GOLDEN/http.pcap 22 tcp port 80", "show $GOLDEN/http.pcap 22 -f tcp"}) {
    const test::Outcome outcome = run(std::string("$T ") + how);
    EXPECT_EQ(outcome.exit_code, 0) << how << outcome.errors;
    EXPECT_EQ(outcome.output, by_id.output) << how;
  }
}

TEST_F(Show, NeedsNoNameForTheOnlyConnection) {
  EXPECT_EQ(run("$T show $GOLDEN/reset_unread_data.pcap").output.find("CONNECTION 3 "), 0U);
}

TEST_F(Show, ListsConnectionsWhereSeveralFit) {
  const test::Outcome outcome = run("$T show $GOLDEN/http.pcap 192.0.2.20:80");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.output, "");
  EXPECT_EQ(outcome.errors.find("tapdeck: 2 connections fit; name one by its id:\n"), 0U)
      << outcome.errors;
  EXPECT_NE(outcome.errors.find("\n       22  192.0.2.10:49060 > "), std::string::npos);
}

TEST_F(Show, SaysWhatThereIsWhereNothingFits) {
  const test::Outcome outcome = run("$T show $GOLDEN/http.pcap 192.0.2.20:81");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.errors.find("tapdeck: no TCP connection fits; there are 2:\n"), 0U);
  EXPECT_NE(run("$T show $GOLDEN/http.pcap 7").errors.find("frame 7 belongs to the connection"),
            std::string::npos);
  EXPECT_EQ(run("$T show $GOLDEN/dns_udp.pcap").errors,
            "tapdeck: there is no TCP connection to show\n");
  EXPECT_EQ(run("$T show $GOLDEN/arp_and_ping.pcap 3").exit_code, 1);
}

TEST_F(Show, RefusesWhatMeansNothing) {
  EXPECT_EQ(run("$T show").exit_code, 1);
  EXPECT_EQ(run("$T show $GOLDEN/http.pcap 22 --raw").exit_code, 1);
  EXPECT_EQ(run("$T show $GOLDEN/http.pcap 22 192.0.2.10").exit_code, 1);
  EXPECT_EQ(run("$T show $GOLDEN/http.pcap http").exit_code, 1);
  EXPECT_EQ(run("$T show missing.pcap 1").exit_code, 2);
  EXPECT_EQ(run("head -c 1000 $GOLDEN/http.pcap > cut.pcap; $T show cut.pcap 3").exit_code, 3);
}

TEST_F(Show, KnowsRawNumbersAndWholeLadders) {
  const std::string show = "$T show $GOLDEN/http_large.pcap 3";
  const std::string folded = run(show).output;
  EXPECT_NE(folded.find("more segments to frame"), std::string::npos);
  const std::string whole = run(show + " --no-fold").output;
  EXPECT_EQ(whole.find("more segments"), std::string::npos);
  EXPECT_GT(whole.size(), 3 * folded.size());
  EXPECT_EQ(run(show + " --raw-seq").output.find("SYN seq 0 "), std::string::npos);
  EXPECT_EQ(run(show + " --all").output, folded);
  EXPECT_EQ(run(show + " -o file").output, "");
  EXPECT_EQ(run("LC_ALL=C.UTF-8 cat file").output, folded);
}

}  // namespace
}  // namespace tapdeck
