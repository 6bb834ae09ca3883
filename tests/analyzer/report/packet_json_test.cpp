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

TEST(PacketJson, StaysJsonWhateverTheBytes) {
  auto packet = dissect(hex("0180c200000e 020000000001 88cc ff00221b5c"));
  PacketView view = view_of(packet);
  view.interface_name = "a\"b\\c\x1b\xff\n";
  EXPECT_TRUE(parsed(printed("json", view)).IsArray());
}

TEST(PacketJson, IsAnEmptyArrayWithoutPackets) {
  StringSink sink;
  const auto writer = find_packet_format("json")->make(sink, {});
  writer->begin();
  writer->end();
  EXPECT_EQ(parsed(sink.text()).Size(), 0U);
}

}  // namespace
}  // namespace tapdeck
