#include "dissectors/ethernet.h"

#include "dissectors/trailer.h"
#include "tests/support/dissection_rules.h"
#include "tests/support/packets.h"

namespace tapdeck::test {
namespace {

// 02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype IPv4 (0x0800), length 44:
//   192.0.2.1.1111 > 198.51.100.2.2222: UDP, length 2
TEST(Ethernet, TellsWhatFollowsByEtherType) {
  const auto packet = dissect(hex(ethernet_ipv4_udp));
  EXPECT_EQ(packet.layer_names(), "ethernet ipv4 udp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(packet.dissection.payload.length, 2U);
  EXPECT_EQ(packet.field(0, "destination"), "02:00:00:00:00:02");
  EXPECT_EQ(packet.field(0, "source"), "02:00:00:00:00:01");
  EXPECT_EQ(packet.field(0, "type"), "2048 (IPv4)");
  EXPECT_EQ(packet.field(0, "padding"), "absent");
  dissect_by_the_rules(hex(ethernet_ipv4_udp));
}

TEST(Ethernet, NamesBroadcastAndMulticast) {
  EXPECT_EQ(dissect(hex("ffff ffff ffff 0200 0000 0001 9999")).field(0, "destination"),
            "ff:ff:ff:ff:ff:ff (broadcast)");
  EXPECT_EQ(dissect(hex("0180 c200 0000 0200 0000 0001 9999")).field(0, "destination"),
            "01:80:c2:00:00:00 (multicast)");
}

TEST(Ethernet, LeavesAnUnknownTypeAsPayload) {
  const auto packet = dissect(hex(macs, "9999 0102"));
  EXPECT_EQ(packet.layer_names(), "ethernet");
  EXPECT_EQ(packet.dissection.unknown, by_ether_type(0x9999));
  EXPECT_EQ(packet.dissection.payload.length, 2U);
}

// 02:00:00:00:00:01 > 02:00:00:00:00:02, 802.3, length 3: LLC, dsap STP, ssap STP, UI
TEST(Ethernet, TakesSmallTypesForAnLlcLength) {
  const auto packet = dissect(hex(macs, "0003 4242 03 0000 0000"));
  EXPECT_EQ(packet.layer_names(), "ethernet llc");
  EXPECT_EQ(packet.region(1).length, 3U);
  EXPECT_EQ(packet.field(0, "length"), "3");
  EXPECT_EQ(packet.field(0, "padding"), "00 00 00 00");
}

TEST(Ethernet, KeepsPaddingOutOfThePacket) {
  for (std::size_t padding = 1; padding <= 64; ++padding) {
    auto bytes = hex(ethernet_ipv4_udp);
    bytes.resize(bytes.size() + padding);
    const auto packet = dissect(std::move(bytes));
    EXPECT_EQ(packet.layer_names(), "ethernet ipv4 udp");
    EXPECT_EQ(packet.dissection.payload.length, 2U);
  }
}

TEST(Ethernet, TellsPaddingFromATrailer) {
  auto bytes = hex(ethernet_ipv4_udp);
  bytes.resize(60);
  bytes.push_back(std::byte{0xab});
  bytes.push_back(std::byte{0xcd});
  const auto packet = dissect(std::move(bytes));
  EXPECT_EQ(packet.field(0, "padding"), "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00");
  EXPECT_EQ(packet.field(0, "trailer"), "ab cd");
  EXPECT_EQ(packet.field(0, "frame_check_sequence"), "absent");
}

TEST(Ethernet, ShowsNoMoreOfATrailerThanIsCaptured) {
  for (const std::size_t captured : {50U, 62U}) {
    auto bytes = hex(ethernet_ipv4_udp);
    bytes.resize(captured);
    const auto packet = dissect(std::move(bytes), LinkType::ethernet, {.wire_length = 70});
    expect_fields_keep_the_rules(packet.dissection);
    EXPECT_NE(packet.field(0, "padding"), "absent");
  }
}

TEST(Ethernet, KnowsAFrameCheckSequenceThatTheFileDeclares) {
  const auto bytes = hex(macs, "9999 0102 dead beef");
  const auto packet = dissect(bytes, LinkType::ethernet, {.fcs_length = 4});
  EXPECT_EQ(packet.dissection.payload.length, 2U);
  EXPECT_EQ(packet.field(0, "frame_check_sequence"), "efbeadde (wrong, should be cf7d5346)");
}

TEST(Ethernet, RecognizesAFrameCheckSequenceThatIsRight) {
  auto bytes = hex(ethernet_ipv4_udp);
  const std::uint32_t sum = frame_check_sequence(bytes);
  for (unsigned shift = 0; shift < 32; shift += 8) {
    bytes.push_back(static_cast<std::byte>(sum >> shift));
  }
  const auto packet = dissect(std::move(bytes));
  EXPECT_EQ(packet.layer_names(), "ethernet ipv4 udp");
  EXPECT_TRUE(packet.field(0, "frame_check_sequence").ends_with("(correct)"));
  EXPECT_EQ(packet.field(0, "padding"), "absent");
}

TEST(Ethernet, ComputesTheCheckValueOfTheStandard) {
  EXPECT_EQ(frame_check_sequence(hex("3132 3334 3536 3738 39")), 0xcbf43926U);
}

TEST(Ethernet, SaysHowMuchIsMissing) {
  const auto bytes = hex(macs, "08");
  EXPECT_EQ(dissect(bytes).fault(), "too_short of ethernet at 0, needs 14 has 13");
  EXPECT_EQ(dissect(bytes, LinkType::ethernet, {.wire_length = 60}).fault(),
            "cut_short of ethernet at 0, needs 14 has 13");
}

}  // namespace
}  // namespace tapdeck::test
