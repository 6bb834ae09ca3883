#include <string>

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "tests/analyzer/report/packet_samples.h"

namespace tapdeck {
namespace {

using test::dissect;
using test::hex;
using test::printed;
using test::view_of;

rapidjson::Document parsed(const std::string& text) {
  rapidjson::Document document;
  document.Parse(text.c_str());
  EXPECT_FALSE(document.HasParseError()) << text;
  return document;
}

TEST(PacketJson, IsAnArrayWithAnObjectAPacket) {
  const auto packet = dissect(hex(test::tcp_syn));
  const auto document = parsed(printed("json", view_of(packet)));
  ASSERT_EQ(document.Size(), 1U);
  EXPECT_EQ(document[0]["frame"].GetUint64(), 1U);
  EXPECT_EQ(document[0]["layers"].Size(), 3U);
  EXPECT_STREQ(document[0]["layers"][2]["protocol"].GetString(), "tcp");
}

TEST(PacketJson, NestsThePartsOfAField) {
  const auto packet = dissect(hex(test::tcp_syn));
  const auto document = parsed(printed("json", view_of(packet)));
  for (const auto& field : document[0]["layers"][2]["fields"].GetArray()) {
    if (std::string(field["name"].GetString()) != "flags") continue;
    EXPECT_EQ(field["fields"].Size(), 9U);
    EXPECT_STREQ(field["meaning"].GetString(), "SYN");
    return;
  }
  FAIL() << "no flags";
}

TEST(PacketJson, ShowsChosenFieldsAsArrays) {
  const auto packet = dissect(hex(test::icmp_error));
  PacketPrint print;
  print.fields = {"ipv4.time_to_live", "tcp.flags"};
  const auto document = parsed(printed("json", view_of(packet), print));
  EXPECT_EQ(document[0]["ipv4.time_to_live"].Size(), 2U);
  EXPECT_EQ(document[0]["ipv4.time_to_live"][0].GetUint64(), 64U);
  EXPECT_EQ(document[0]["tcp.flags"].Size(), 0U);
}

TEST(PacketJson, HoldsTheVerdictOfASegmentAlone) {
  const auto packet = dissect(hex(test::tcp_syn));
  const Verdict verdict{.origin = Origin::retransmission,
                        .trigger = Trigger::fast,
                        .origin_reason = OriginReason::later_ip_id,
                        .delivery_reason = DeliveryReason::d_sack,
                        .confidence = Confidence::high};
  const std::vector<PacketView> views{view_of(packet)};
  const auto with = parsed(printed("json", views, {}, {{1, 1, verdict}}));
  EXPECT_EQ(with[0]["verdicts"].Size(), 2U);
  EXPECT_STREQ(with[0]["verdicts"][0].GetString(), "retransmission");
  EXPECT_STREQ(with[0]["reason"][0].GetString(), "its IP ID was given later (high confidence)");
  EXPECT_EQ(with[0]["reason"].Size(), 2U);
  EXPECT_FALSE(parsed(printed("json", views))[0].HasMember("verdicts"));
  PacketPrint print;
  print.fields = {"verdicts"};
  EXPECT_EQ(parsed(printed("json", views, print))[0]["verdicts"].Size(), 0U);
  EXPECT_EQ(parsed(printed("json", views, print, {{1, 1, verdict}}))[0]["verdicts"].Size(), 2U);
}

TEST(PacketJson, StaysJsonWhateverTheBytes) {
  auto packet = dissect(hex("0180c200000e 020000000001 88cc ff00221b5c"));
  PacketView view = view_of(packet);
  view.interface_name = "a\"b\\c\x1b\xff\n";
  EXPECT_TRUE(parsed(printed("json", view)).IsArray());
}

TEST(PacketJson, IsAnEmptyArrayWithoutPackets) {
  EXPECT_EQ(parsed(printed("json", std::vector<PacketView>{})).Size(), 0U);
}

}  // namespace
}  // namespace tapdeck
