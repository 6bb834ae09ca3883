// tapdeck netstat as users call it: on captures, and on the hosts themselves.
#include "tests/end_to_end/hosts.h"

namespace tapdeck {
namespace {

class NetstatOfCapture : public test::EndToEnd {};

TEST_F(NetstatOfCapture, EveryWayToNameAMomentGivesItsTable) {
  const std::string netstat = "$T netstat $GOLDEN/http.pcap ";
  const test::Outcome by_frame = run(netstat + "--at frame:10");
  EXPECT_EQ(by_frame.exit_code, 0);
  EXPECT_NE(by_frame.output.find("192.0.2.10:49058        192.0.2.20:80           ESTABLISHED"),
            std::string::npos)
      << by_frame.output;
  EXPECT_EQ(by_frame.errors,
            "tapdeck: the table of 192.0.2.10, in 1 of 1 conversation; --local changes it\n");
  for (const char* moment :
       {"'#10'", "2026-11-21T04:04:19.177661714Z", "1795233859.177661714",
        "2026-11-21T05:04:19.177661714+01:00", "+0.000479645", "479645ns", "479.645us"}) {
    EXPECT_EQ(run(netstat + "--at " + moment).output, by_frame.output) << moment;
  }
  EXPECT_EQ(run("$T netstat - --at frame:10 < $GOLDEN/http.pcap").output, by_frame.output);
  EXPECT_EQ(run("$T netstat --read $GOLDEN/http.pcap --at frame:10").output, by_frame.output);
}

TEST_F(NetstatOfCapture, ShowsTheTableOfWhomItIsAskedFor) {
  const test::Outcome outcome = run("$T netstat -an --local 192.0.2.20 $GOLDEN/http.pcap");
  EXPECT_EQ(outcome.errors, "");
  EXPECT_NE(outcome.output.find("tcp        -      - 192.0.2.20:80           0.0.0.0:*             "
                                "  LISTEN\n"),
            std::string::npos)
      << outcome.output;
  EXPECT_EQ(run("$T netstat -q $GOLDEN/http.pcap").errors, "");
  EXPECT_EQ(run("$T netstat -tan --local 198.51.100.0/24 $GOLDEN/http.pcap | wc -l").output, "3\n");
}

TEST_F(NetstatOfCapture, TakesWhatUsersOfAnyNetstatType) {
  const std::string plain = run("$T netstat -ta $GOLDEN/http.pcap").output;
  EXPECT_EQ(run("$T netstat -tan $GOLDEN/http.pcap").output, plain);
  EXPECT_EQ(run("$T netstat -an -p tcp $GOLDEN/http.pcap").output, plain);
  EXPECT_EQ(run("$T netstat -tanp $GOLDEN/http.pcap").output,
            run("$T netstat -pant $GOLDEN/http.pcap").output);
  EXPECT_NE(run("$T netstat -tanp $GOLDEN/http.pcap").output.find(" PID/Program name\n"),
            std::string::npos);
  EXPECT_NE(run("$T netstat -ano $GOLDEN/http.pcap").output.find(" PID\n"), std::string::npos);
  EXPECT_EQ(run("$T netstat -s -p udp $GOLDEN/dns_udp.pcap").output.find("Tcp:"),
            std::string::npos);
  EXPECT_EQ(run("$T netstat -rn $GOLDEN/http.pcap").exit_code, 0);
  EXPECT_EQ(run("$T netstat -e $GOLDEN/two_interfaces.pcapng").exit_code, 0);
}

TEST_F(NetstatOfCapture, SaysWhereTheMomentLiesOutsideOfTheCapture) {
  EXPECT_NE(run("$T netstat $GOLDEN/http.pcap --at 2026-11-21T04:00:00Z")
                .errors.find("the capture begins only at 2026-11-21T04:04:19.177182069Z\n"),
            std::string::npos);
  const test::Outcome later = run("$T netstat $GOLDEN/http.pcap --at +1h");
  EXPECT_NE(later.errors.find("the last packet before that is of 2026-11-21T04:04:19.185838747Z\n"),
            std::string::npos);
  EXPECT_EQ(later.output.find("TIME_WAIT"), std::string::npos) << "it has ended since";
}

TEST_F(NetstatOfCapture, SaysWhatIsNotInTheCapture) {
  EXPECT_EQ(run("$T netstat $GOLDEN/http.pcap --local 192.0.2.20 --at '#999999'").errors,
            "tapdeck: there is no frame 999,999: 31 were read\n");
  EXPECT_EQ(run("$T netstat $GOLDEN/http.pcap --local 192.0.2.20,198.51.100.9").errors,
            "tapdeck: no packet until then is of 198.51.100.9\n");
  EXPECT_EQ(run("$T netstat $GOLDEN/http.pcap --local 198.51.100.0/24 -q").errors, "");
}

TEST_F(NetstatOfCapture, RefusesWhatMeansNothing) {
  EXPECT_EQ(run("$T netstat $GOLDEN/http.pcap --at +").exit_code, 1);
  EXPECT_NE(run("$T netstat $GOLDEN/http.pcap -i lo").errors.find("can't be read at the same time"),
            std::string::npos);
  EXPECT_EQ(run("$T netstat $GOLDEN/http.pcap --at later").exit_code, 1);
  EXPECT_EQ(run("$T netstat $GOLDEN/http.pcap --local host").exit_code, 1);
  EXPECT_EQ(run("$T netstat $GOLDEN/http.pcap --format xml").exit_code, 1);
  EXPECT_EQ(run("$T netstat $GOLDEN/http.pcap --watch 1").exit_code, 1);
  EXPECT_EQ(run("$T netstat $GOLDEN/http.pcap --protocol ipx").exit_code, 1);
  EXPECT_EQ(run("$T netstat --at end").exit_code, 1);
  EXPECT_EQ(run("$T netstat -i lo --at end").exit_code, 1);
  EXPECT_EQ(run("$T netstat missing.pcap").exit_code, 2);
  EXPECT_EQ(run("head -c 1000 $GOLDEN/http.pcap > cut.pcap; $T netstat cut.pcap").exit_code, 3);
  EXPECT_EQ(run("$T netstat $GOLDEN/http.pcap > /dev/full").exit_code, 4);
  EXPECT_EQ(run("$T netstat -i none").exit_code, 5);
}

class NetstatOfHost : public test::TwoHosts {};

TEST_F(NetstatOfHost, IsTheKernelsOwn) {
  const std::string until_there =
      "has_socket() { for _ in $(seq 600); do if $1 ss -Huan | grep -q 5300; then return; fi; "
      "sleep 0.05; done; exit 9; }\n";
  const test::Outcome outcome =
      run(until_there +
          "$SERVER socat -u UDP-RECV:5300 - > /dev/null &\nhas_socket \"$SERVER\"\n"
          "mkfifo words; exec 5<>words\n"
          "$CLIENT socat -t 600 - UDP:192.0.2.20:5300 <&5 &\nhas_socket \"$CLIENT\"\n"
          "for host in CLIENT SERVER; do\n"
          "  ${!host} $T netstat -uanp | awk '/^udp/ {print $4, $5, $NF}' | sort > own_$host\n"
          "  ${!host} netstat -uanpW | awk '/^udp/ {print $4, $5, $NF}' | sort > netstat_$host\n"
          "done\n"
          "$CLIENT $T netstat -s > statistics\n"
          "$CLIENT netstat -s | grep -E 'active conn|datagrams|packets sent$' > expected\n"
          "$CLIENT $T netstat -rn -4 | awk '/eth0/ {print $1, $3, $NF}' > routes\n"
          "$CLIENT $T netstat -e | grep -c -E '^(lo|eth0)$' > interfaces\n"
          "$CLIENT $T netstat --watch 10ms --duration 300ms --format json > watched\n");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  for (const std::string host : {"CLIENT", "SERVER"}) {
    EXPECT_EQ(read("own_" + host), read("netstat_" + host));
    EXPECT_NE(read("own_" + host).find("/socat"), std::string::npos) << read("own_" + host);
  }
  EXPECT_NE(read("statistics").find("Udp:\n"), std::string::npos);
  EXPECT_EQ(read("routes"), "192.0.2.0/24 U eth0\n");
  EXPECT_EQ(read("interfaces"), "2\n");
  const std::string watched = read("watched");
  EXPECT_EQ(watched.find("{\"schema_version\":1,"), 0U);
  EXPECT_EQ(watched.back(), '\n');
}

}  // namespace
}  // namespace tapdeck
