#include "analyzer/report/packet_fields.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "analyzer/report/packet_field_catalogue.h"
#include "tests/analyzer/report/packet_samples.h"

namespace tapdeck {
namespace {

using test::dissect;
using test::hex;
using test::printed;
using test::view_of;

PacketPrint with_fields(std::vector<std::string> fields, bool header = false) {
  PacketPrint print;
  print.fields = std::move(fields);
  print.header = header;
  return print;
}

TEST(PacketTsv, PutsFieldsBetweenTabs) {
  const auto packet = dissect(hex(test::tcp_syn));
  EXPECT_EQ(printed("tsv", view_of(packet),
                    with_fields({"frame", "source", "destination_port", "ipv4.time_to_live"})),
            "1\t192.0.2.10\t80\t64\n");
}

TEST(PacketTsv, HasAHeaderOnlyIfAsked) {
  const auto packet = dissect(hex(test::tcp_syn));
  EXPECT_EQ(printed("tsv", view_of(packet), with_fields({"frame", "protocol"}, true)),
            "frame\tprotocol\n1\ttcp\n");
}

TEST(PacketTsv, JoinsSeveralOccurrencesAndLeavesAbsentOnesEmpty) {
  const auto packet = dissect(hex(test::icmp_error));
  EXPECT_EQ(printed("tsv", view_of(packet), with_fields({"ipv4.source", "tcp.flags", "frame"})),
            "192.0.2.20,192.0.2.10\t\t1\n");
}

TEST(PacketTsv, JoinsTheWordsOfAVerdict) {
  const auto packet = dissect(hex(test::tcp_syn));
  const Verdict verdict{.placement = Placement::fills_gap,
                        .origin = Origin::out_of_order,
                        .origin_reason = OriginReason::earlier_ip_id,
                        .confidence = Confidence::medium};
  const PacketPrint print = with_fields({"frame", "verdicts", "reason", "frame"});
  EXPECT_EQ(printed("tsv", {view_of(packet)}, print, {{1, 1, verdict}}),
            "1\tfills_gap,out_of_order\tits IP ID was given earlier (medium confidence)\t1\n");
  EXPECT_EQ(printed("tsv", {view_of(packet)}, print, {{1, 1, Verdict{}}}), "1\t\t\t1\n");
  EXPECT_EQ(printed("tsv", {view_of(packet)}, print), "1\t\t\t1\n");
}

TEST(PacketTsv, KeepsOneLineAPacketWhateverItsBytes) {
  auto packet = dissect(hex(test::tcp_syn));
  PacketView view = view_of(packet);
  view.interface_name = "eth\t0\n\x1b[31m";
  const std::string line = printed("tsv", view, with_fields({"interface", "frame"}));
  EXPECT_EQ(std::ranges::count(line, '\t'), 1);
  EXPECT_EQ(std::ranges::count(line, '\n'), 1);
  EXPECT_EQ(line.find('\x1b'), std::string::npos);
}

TEST(PacketFields, ShowLayersFromTheOutsideIn) {
  const auto packet = dissect(hex(test::tagged_ping));
  EXPECT_EQ(printed("tsv", view_of(packet), with_fields({"protocols"})),
            "ethernet:vlan:ipv4:icmp\n");
}

TEST(PacketFieldCatalogue, KnowsTheFieldsOfEveryHeader) {
  const std::vector<std::string> tcp = catalogue_of("tcp");
  for (const char* name : {"tcp.flags", "tcp.maximum_segment_size", "tcp.left_edge"}) {
    EXPECT_NE(std::ranges::find(tcp, name), tcp.end()) << name;
  }
  EXPECT_TRUE(catalogue_of("nonsense").empty());
}

TEST(PacketFieldCatalogue, ListsNoNameTwice) {
  std::vector<std::string> names = whole_catalogue();
  std::ranges::sort(names);
  EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
}

}  // namespace
}  // namespace tapdeck
