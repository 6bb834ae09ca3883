#include <sstream>

#include <gtest/gtest.h>

#include "analyzer/report/page.h"
#include "analyzer/report/printable.h"
#include "analyzer/report/utf8.h"
#include "tests/support/sample_report.h"

namespace tapdeck {
namespace {

using namespace test;

const std::vector web_connections{web_connection(), dns_flow(), ping_flow()};

TEST(TextReport, FitsNarrowPages) {
  EXPECT_EQ(rendered("text", web_summary(), web_connections), R"(web.pcap
  pcap, EN10MB; 15 packets, 3,918 bytes
  1969-12-31T23:59:59.999999Z to 2024-02-29T12:00:01.024000Z, 19782 d 12 h

Nothing is wrong with the capture itself.

TOTALS
  1 TCP connection, 1 UDP flow, 1 other conversation
  15 packets: 11 TCP, 1 UDP, 3 ICMP
  3,918 bytes

CONNECTIONS
     ID PROTO   CLIENT -> SERVER
                           PKTS-> BYTES->  <-PKTS <-BYTES       RTT     DURATION
      1 tcp     10.0.0.1:49152 -> 10.0.0.2:80 (http?)
                                6   512 B       5 3.12 kB  20.13 ms      1.024 s
                closed, the client first (frame 8); the server sent 100 B more
                  than once
                client TIME_WAIT, server CLOSED; Zeek SF ShADadFf
     12 udp     [2001:db8:1234:5678:9abc:def0:1234:5678]:65535
             -> [2001:db8:ffff:ffff:ffff:ffff:ffff:fff1]:53 (domain?)
                                1    90 B       0     0 B         -          0 s
                no answer seen; 1 ICMP error (frame 13, from 2001:db8::1:
                  destination unreachable: port unreachable); VLAN 10, 20; in
                  vxlan 42, gre
                Zeek S0 D
     14 icmp    10.0.0.1 -> 10.0.0.2
                                1    98 B       1    98 B         -     301.2 us
                Zeek OTH Dd
)");
}

TEST(TextReport, UsesTheWidthAndTheCharactersThereAre) {
  const std::string text =
      rendered("text", web_summary(), web_connections, {.width = 120, .unicode = true});
  EXPECT_EQ(text.substr(text.find("CONNECTIONS")), R"(CONNECTIONS
     ID PROTO   CLIENT → SERVER                                     PKTS→  BYTES→   ←PKTS  ←BYTES       RTT     DURATION
      1 tcp     10.0.0.1:49152 → 10.0.0.2:80 (http?)                    6   512 B       5 3.12 kB  20.13 ms      1.024 s
                closed, the client first (frame 8); the server sent 100 B more than once
                client TIME_WAIT, server CLOSED; Zeek SF ShADadFf
     12 udp     [2001:db8:1234:5678:9abc:def0:1234:5678]:65535 → [2001:db8:ffff:ffff:ffff:ffff:ffff:fff1]:53 (domain?)
                                                                        1    90 B       0     0 B         -          0 s
                no answer seen; 1 ICMP error (frame 13, from 2001:db8::1: destination unreachable: port unreachable);
                  VLAN 10, 20; in vxlan 42, gre
                Zeek S0 D
     14 icmp    10.0.0.1 → 10.0.0.2                                     1    98 B       1    98 B         -     301.2 us
                Zeek OTH Dd
)");
}

TEST(TextReport, OfNothingSaysSo) {
  EXPECT_EQ(rendered("text", {}, {}), R"(
Nothing is wrong with the capture itself.

TOTALS
  0 TCP connections, 0 UDP flows, 0 other conversations
  0 packets
  0 bytes
)");
}

TEST(TextReport, BeginsWithWhatIsWrongWithTheCapture) {
  Summary summary = web_summary();
  summary.captures[0].faults = {{.kind = CaptureFaultKind::cut_short,
                                 .offset = 4'711,
                                 .packets_before = 15,
                                 .needed = 100,
                                 .available = 60,
                                 .detail = {}}};
  summary.hygiene.dropped_by_capture = 7;
  summary.hygiene.truncated_packets = 1'234;
  summary.hygiene.offloaded_checksums = 3;
  const std::string text = rendered("text", summary, {});
  const std::size_t begin = text.find("WRONG");
  EXPECT_EQ(text.substr(begin, text.find("TOTALS") - begin), R"(WRONG WITH THE CAPTURE ITSELF
  ! cut short inside packet 16 at byte 4711: the record needs 100 bytes, 60 are
    there
  ! 7 packets were dropped while capturing: gaps may be the capture's own
  ! 1,234 packets were cut by the snap length
  3 packets were captured before the sender's network card had filled in the
    checksum, which is harmless.

)");
}

TEST(TextReport, DoesntBlameTheCaptureForOffloading) {
  Summary summary = web_summary();
  summary.hygiene.offloaded_checksums = 1;
  EXPECT_NE(rendered("text", summary, {})
                .find("Nothing is wrong with the capture itself.\n"
                      "1 packet was captured before the sender's"),
            std::string::npos);
}

std::vector<ConnectionReport> connections_of_sizes(const std::vector<std::uint64_t>& sizes) {
  std::vector<ConnectionReport> connections;
  for (const std::uint64_t size : sizes) {
    connections.push_back(ping_flow());
    connections.back().id = connections.size();
    connections.back().directions[0].bytes = size;
  }
  return connections;
}

/// The ids of the connections listed, in their order.
std::vector<int> listed(const std::string& text) {
  std::istringstream lines(text);
  std::vector<int> ids;
  for (std::string line; std::getline(lines, line);) {
    if (line.find(" icmp ") != std::string::npos) ids.push_back(std::stoi(line));
  }
  return ids;
}

TEST(TextReport, ListsTheBusiestInTheOrderOfTheirIds) {
  const auto connections = connections_of_sizes({10, 500, 20, 400, 400, 400});
  Summary summary;
  summary.totals.other_flows = 6;
  const std::string text = rendered("text", summary, connections, {.top = 3});
  EXPECT_EQ(listed(text), (std::vector{2, 4, 5}));
  EXPECT_NE(text.find("THE 3 BUSIEST OF 6 CONNECTIONS\n"), std::string::npos);
  EXPECT_TRUE(text.ends_with("\n3 more connections with fewer bytes; --top 0 lists all.\n"));
}

TEST(TextReport, WantsNoConnectionThatItWouldNotList) {
  StringSink sink;
  const auto busiest = find_report_format("text")->make(sink, {.top = 2});
  for (const ConnectionReport& each : connections_of_sizes({300, 200})) {
    EXPECT_TRUE(busiest->wants({.id = each.id, .bytes = 0}));
    busiest->connection(each);
  }
  const std::uint64_t least = 200 + ping_flow().directions[1].bytes;
  EXPECT_FALSE(busiest->wants({.id = 3, .bytes = least}));
  EXPECT_TRUE(busiest->wants({.id = 1, .bytes = least}));
  EXPECT_TRUE(busiest->wants({.id = 3, .bytes = least + 1}));
  const auto all = find_report_format("text")->make(sink, {.top = 0});
  for (const ConnectionReport& each : connections_of_sizes({300, 200})) all->connection(each);
  EXPECT_TRUE(all->wants({.id = 3, .bytes = 0}));
}

TEST(TextReport, ListsAllWhereTheyFitOrAreAskedFor) {
  const auto connections = connections_of_sizes({10, 500, 20});
  Summary summary;
  summary.totals.other_flows = 3;
  for (const std::size_t top : {0, 3, 20}) {
    const std::string text = rendered("text", summary, connections, {.top = top});
    EXPECT_EQ(listed(text), (std::vector{1, 2, 3}));
    EXPECT_EQ(text.find("more connection"), std::string::npos);
    EXPECT_NE(text.find("\nCONNECTIONS\n"), std::string::npos);
  }
}

std::string without_colours(std::string text) {
  for (const std::string_view escape : {"\x1b[0m", "\x1b[1m", "\x1b[31m", "\x1b[33m"}) {
    for (std::size_t at = text.find(escape); at != std::string::npos; at = text.find(escape)) {
      text.erase(at, escape.size());
    }
  }
  return text;
}

void expect_fits(const std::string& text, const Style& style) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(display_width(line), style.width) << line;
    EXPECT_EQ(printable(line, style.unicode ? CharacterSet::utf8 : CharacterSet::ascii), line);
  }
}

TEST(TextReport, FitsAnyWidthAndCantHarmATerminal) {
  std::vector<ConnectionReport> connections{web_connection(), dns_flow(), ping_flow(),
                                            extreme_connection()};
  for (int by = 0; by < 4; ++by) {
    for (int kind = 0; kind < 4; ++kind) {
      connections.push_back(extreme_connection());
      connections.back().tcp->teardown.kind = static_cast<TeardownKind>(kind);
      connections.back().tcp->teardown.by = static_cast<TeardownBy>(by);
      connections.back().server.port = 1'524;
    }
  }
  for (const std::size_t width : {80, 81, 99, 110, 120, 132, 200, 1'000}) {
    for (const bool unicode : {false, true}) {
      const Style style{.width = width, .colour = true, .unicode = unicode, .top = 0};
      for (const Summary& summary : {web_summary(), extreme_summary()}) {
        expect_fits(without_colours(rendered("text", summary, connections, style)), style);
      }
    }
  }
}

TEST(TextReport, IsNeverNarrowerThan80Columns) {
  EXPECT_EQ(rendered("text", web_summary(), web_connections, {.width = 20}),
            rendered("text", web_summary(), web_connections, {.width = 80}));
}

TEST(TextReport, HasColoursOnlyWhereAskedFor) {
  const std::string plain = rendered("text", extreme_summary(), web_connections);
  EXPECT_EQ(plain.find('\x1b'), std::string::npos);
  const std::string coloured =
      rendered("text", extreme_summary(), web_connections, {.colour = true});
  EXPECT_NE(coloured, plain);
  EXPECT_EQ(without_colours(coloured), plain);
}

TEST(Wrap, BreaksAtSpacesAndCutsLongWords) {
  EXPECT_EQ(wrap("one two three", 7, 0), (std::vector<std::string>{"one two", "three"}));
  EXPECT_EQ(wrap("one  two", 80, 0), (std::vector<std::string>{"one two"}));
  EXPECT_EQ(wrap("abcdefgh i", 4, 1), (std::vector<std::string>{"abcd", " efg", " h i"}));
  EXPECT_EQ(wrap("漢字漢", 4, 1), (std::vector<std::string>{"漢字", " 漢"}));
  EXPECT_EQ(wrap("", 4, 1), (std::vector<std::string>{""}));
}

}  // namespace
}  // namespace tapdeck
