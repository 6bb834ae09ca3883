// tapdeck rewrite, as users run it.
#include <string>

#include "tests/end_to_end/run.h"
#include "tests/support/capture_builder.h"
#include "tests/support/packets.h"

namespace tapdeck {
namespace {

class Rewrite : public test::EndToEnd {};

TEST_F(Rewrite, CopiesWhatNoRuleChanges) {
  for (const char* const name : {"http", "http_ipv6", "icmp_port_unreachable", "vlan"}) {
    const std::string file = "$GOLDEN/" + std::string(name) + ".pcap";
    const test::Outcome outcome = run("$T rewrite -q " + file + " out.pcap && cmp " + file +
                                      " out.pcap || $T packets -x out.pcap | diff - <($T packets "
                                      "-x " +
                                      file + ")");
    EXPECT_EQ(outcome.exit_code, 0) << name << outcome.output << outcome.errors;
  }
}

TEST_F(Rewrite, TellsTheSameStoryBehindNat) {
  const test::Outcome outcome =
      run("$T rewrite $GOLDEN/http.pcap out.pcap --nat 192.0.2.10=203.0.113.7 --show-table");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_NE(outcome.output.find("203.0.113.7:49058"), std::string::npos) << outcome.output;
  EXPECT_NE(outcome.errors.find("31 packets: 31 changed, 0 dropped"), std::string::npos);
  const std::string story = " | sed \"s/192.0.2.10/203.0.113.7/g\" | grep -v community_id";
  EXPECT_EQ(
      run("diff <($T analyze $GOLDEN/http.pcap --format json | sed -n \"/hygiene/,\\$p\"" + story +
          ") <($T analyze out.pcap --format json | sed -n \"/hygiene/,\\$p\"" + story + ")")
          .output,
      "");
}

TEST_F(Rewrite, TakesRulesFromAFile) {
  write("rules", "# both\nip-map 192.0.2.0/24=198.51.100.0/24\nvlan-push 7\n");
  EXPECT_EQ(run("$T rewrite -q --rules rules $GOLDEN/http.pcap - | $T packets - -c 3").output,
            run("$T rewrite -q --ip-map 192.0.2.0/24=198.51.100.0/24 --vlan-push 7 "
                "$GOLDEN/http.pcap x.pcapng; $T packets x.pcapng -c 3")
                .output);
  EXPECT_NE(run("$T packets x.pcapng -c 3").output.find("198.51.100.10"), std::string::npos);
}

TEST_F(Rewrite, PointsAtMistakes) {
  write("rules", "ttl 4\nport-map 80=x\n");
  const test::Outcome outcome = run("$T rewrite $GOLDEN/http.pcap out.pcap --rules rules");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.errors,
            "tapdeck: rules:2: 'x' is no port from 1 to 65535\n"
            "  port-map 80=x\n"
            "              ^\n");
  EXPECT_EQ(run("$T rewrite $GOLDEN/http.pcap out.pcap --nat x").exit_code, 1);
  EXPECT_EQ(run("$T rewrite $GOLDEN/http.pcap").exit_code, 1);
  EXPECT_EQ(run("$T rewrite $GOLDEN/http.pcap - --show-table").exit_code, 1);
  EXPECT_EQ(run("$T rewrite $GOLDEN/http.pcap out.pcap --rules absent").exit_code, 2);
  EXPECT_EQ(run("$T rewrite absent.pcap out.pcap").exit_code, 2);
  EXPECT_EQ(run("$T rewrite $GOLDEN/http.pcap absent/out.pcap").exit_code, 4);
  EXPECT_EQ(run("cp $GOLDEN/http.pcap x.pcap; $T rewrite x.pcap x.pcap").exit_code, 1);
  EXPECT_EQ(run("test -e out.pcap").exit_code, 1) << "nothing is written by mistake";
}

TEST_F(Rewrite, ReadsNoRulesWithoutEnd) {
  const std::string rewrite = "$T rewrite $GOLDEN/http.pcap out.pcap --rules ";
  expect(rewrite + ".", 2, ".: Is a directory");
  expect(rewrite + "/dev/zero", 2, "/dev/zero: more than 16 MiB, which is no file of rules");
  expect("head -c 100000 /dev/zero > rules; " + rewrite + "rules", 1, "rules:1: 100000 octets");
  expect("printf 'ttl 4\\0' > rules; " + rewrite + "rules", 1, "rules:1: a NUL octet");
  expect("printf '\\xef\\xbb\\xbfttl 4\\r\\n' > rules; " + rewrite + "rules", 0, "29 changed");
  expect("$T rewrite $GOLDEN/http.pcap out.pcap --ttl 4 --rules rules", 1, "a second rule");
}

TEST_F(Rewrite, TellsOthersThatFramesBecameLonger) {
  expect(
      "$T packets $GOLDEN/snap_length.pcap -w in.pcapng && "
      "$T rewrite in.pcapng out.pcapng --vlan-push 7 && tcpdump -r out.pcapng",
      0);
}

TEST_F(Rewrite, IsNotFineIfNoneOfThePacketsIsWritten) {
  expect("$T rewrite $GOLDEN/http.pcap out.pcap udp", 4, "no packet was written");
  expect("$T rewrite $GOLDEN/http.pcap out.pcap tcp --nat 203.0.113.0/24=198.51.100.7", 4,
         "no packet was written");
  expect("head -c 24 $GOLDEN/http.pcap > none.pcap; $T rewrite none.pcap out.pcap --ttl 4", 0,
         "no packet was written");
}

TEST_F(Rewrite, PopsAllTags) {
  expect("$T rewrite $GOLDEN/http.pcap in.pcap --vlan-push 1 --vlan-push 2", 0);
  const test::Outcome outcome = expect("$T rewrite in.pcap out.pcap --vlan-pop all", 0);
  EXPECT_EQ(outcome.errors, "tapdeck: 31 packets: 31 changed, 0 dropped\n");
  expect("cmp out.pcap $GOLDEN/http.pcap", 0);
}

TEST_F(Rewrite, AnonymisesTheSameWayByTheSameKey) {
  const std::string command = "$T rewrite $GOLDEN/http.pcap ";
  const test::Outcome random = run(command + "one.pcap --anonymize");
  const std::size_t key = random.errors.find("random key ");
  ASSERT_NE(key, std::string::npos) << random.errors;
  EXPECT_EQ(
      run(command + "two.pcap -q --anonymize-key " + random.errors.substr(key + 11, 64)).errors,
      "");
  EXPECT_EQ(run("cmp one.pcap two.pcap").exit_code, 0);
  EXPECT_EQ(run("$T packets one.pcap | grep -c 192.0.2").output, "0\n");
}

TEST_F(Rewrite, AnonymisesNoTextByCopyingIt) {
  using test::octets_of;
  const auto capture =
      test::PcapngBuilder()
          .section()
          .interface({}, {{2, octets_of("rpcap://192.0.2.10/eth0")},
                          {3, octets_of("to 192.0.2.10")},
                          {11, octets_of(std::string(1, '\0') + "host 192.0.2.10")}})
          .enhanced({.data = test::hex(test::ethernet_ipv4_udp)}, {{1, octets_of("192.0.2.10?")}})
          .octets();
  write("in.pcapng", {reinterpret_cast<const char*>(capture.data()), capture.size()});
  expect("$T rewrite -q in.pcapng kept.pcapng --ttl 4", 0);
  EXPECT_NE(read("kept.pcapng").find("host 192.0.2.10"), std::string::npos);
  expect("$T rewrite -q in.pcapng out.pcapng --anonymize-key k", 0);
  EXPECT_EQ(read("out.pcapng").find("192.0.2.10"), std::string::npos);
  EXPECT_EQ(run("$T packets out.pcapng | wc -l").output, "1\n");
  expect("$T replay -q in.pcapng -o played.pcapng --anonymize-key k", 0);
  EXPECT_EQ(read("played.pcapng").find("192.0.2.10"), std::string::npos);
}

TEST_F(Rewrite, SaysWhatItCutToAnonymise) {
  auto cut = test::hex(test::ethernet_ipv4_udp);
  cut.resize(33);
  const auto capture = test::PcapBuilder().add({1, 0, cut}).octets();
  write("in.pcap", {reinterpret_cast<const char*>(capture.data()), capture.size()});
  expect("$T rewrite in.pcap out.pcap --anonymize-key k", 0,
         "1 packet cut where what can't be read begins: it may name addresses");
  EXPECT_EQ(read("out.pcap").find(std::string("\xc0\0\2", 3)), std::string::npos);
}

TEST_F(Rewrite, TakesSeveralFilesAndAFilter) {
  const test::Outcome outcome =
      run("$T rewrite $GOLDEN/http.pcap $GOLDEN/dns_udp.pcap out.pcapng udp --ttl 9");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_EQ(run("$T packets out.pcapng tcp").output, "");
  EXPECT_EQ(run("$T packets out.pcapng -f udp --fields ipv4.time_to_live | sort -u").output, "9\n");
}

TEST_F(Rewrite, ReportsADamagedInputAfterWhatItHolds) {
  run("head -c 1000 $GOLDEN/http.pcap > cut.pcap");
  const test::Outcome outcome = run("$T rewrite cut.pcap out.pcap --ttl 9");
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_EQ(run("$T packets out.pcap | wc -l").output, run("$T packets cut.pcap | wc -l").output);
}

}  // namespace
}  // namespace tapdeck
