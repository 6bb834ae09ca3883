#include "dissectors/radio.h"

#include "tests/support/dissection_rules.h"
#include "tests/support/packets.h"

namespace tapdeck::test {
namespace {

constexpr std::string_view qos_header =
    "8802 2c00 0200 0000 0001 0200 0000 0002 0200 0000 0003 1000 0000";
constexpr std::string_view llc_snap = "aaaa 03 00 0000 0800";
constexpr auto names = "radiotap ieee802_11 llc snap ipv4 udp";

DissectedPacket dissect_radiotap(std::vector<std::byte> bytes) {
  return dissect(std::move(bytes), LinkType::ieee802_11_radiotap);
}

// Data IV: LLC, dsap SNAP, ssap SNAP: ethertype IPv4: 192.0.2.1.1111 > 198.51.100.2.2222: UDP
TEST(Radiotap, LeadsToTheFrame) {
  const auto bytes = hex("0000 0800 0000 0000", qos_header, llc_snap, ipv4_udp);
  EXPECT_EQ(dissect_radiotap(bytes).layer_names(), names);
  dissect_by_the_rules(bytes, LinkType::ieee802_11_radiotap);
}

TEST(Radiotap, CutsOffAFrameCheckSequenceAtTheEnd) {
  const auto packet =
      dissect_radiotap(hex("0000 0900 0200 0000 10", qos_header, llc_snap, ipv4_udp, "dead beef"));
  EXPECT_EQ(packet.layer_names(), names);
  EXPECT_EQ(packet.region(2).length, 38U);
  EXPECT_EQ(packet.field(0, "fcs_at_end"), "1");
}

TEST(Radiotap, SkipsPaddingBehindTheFramesHeader) {
  const auto bytes = hex("0000 0900 0200 0000 20", qos_header, "0000", llc_snap, ipv4_udp);
  const auto packet = dissect_radiotap(bytes);
  EXPECT_EQ(packet.layer_names(), names);
  EXPECT_EQ(packet.layer(1).header_length, 28U);
  dissect_by_the_rules(bytes, LinkType::ieee802_11_radiotap);
}

TEST(Radiotap, FindsTheFlagsBehindATimerAndMoreWords) {
  const auto packet =
      dissect_radiotap(hex("0000 1900 0300 0080 0000 0000 0000 0000"
                           "0102 0304 0506 0708 10",
                           qos_header, llc_snap, ipv4_udp, "dead beef"));
  EXPECT_EQ(packet.layer_names(), names);
  EXPECT_EQ(packet.field(0, "flags"), "16");
  EXPECT_EQ(packet.region(2).length, 38U);
}

TEST(Radiotap, BearsAMaskWithoutEnd) {
  const auto packet = dissect_radiotap(hex("0000 1000 0200 0080 ffff ffff ffff ffff", qos_header));
  EXPECT_EQ(packet.field(0, "flags"), "absent");
}

TEST(Radiotap, RefusesWrongLengthsAndVersions) {
  EXPECT_EQ(dissect_radiotap(hex("0000 0700 0000 0000")).fault(),
            "bad_length of radiotap at 0, needs 8 has 8");
  EXPECT_EQ(dissect_radiotap(hex("0000 0900 0000 0000")).fault(),
            "too_short of radiotap at 0, needs 9 has 8");
  EXPECT_EQ(dissect_radiotap(hex("0100 0800 0000 0000")).fault(),
            "bad_version of radiotap at 0, needs 0 has 8");
}

TEST(PrismOrAvs, ReadsEitherHeaderOfEitherLinkType) {
  const auto prism = hex("4400 0000 0c00 0000 0000 0000", qos_header, llc_snap, ipv4_udp);
  const auto avs = hex("8021 1001 0000 000c 0000 0000", qos_header, llc_snap, ipv4_udp);
  for (const LinkType link_type : {LinkType::ieee802_11_prism, LinkType::ieee802_11_avs}) {
    EXPECT_EQ(dissect(prism, link_type).layer_names(), "radio_header ieee802_11 llc snap ipv4 udp");
    EXPECT_EQ(dissect(prism, link_type).field(0, "kind"), "1140850688 (Prism)");
    EXPECT_EQ(dissect(avs, link_type).layer_names(), "radio_header ieee802_11 llc snap ipv4 udp");
    EXPECT_EQ(dissect(avs, link_type).field(0, "length"), "12");
    dissect_by_the_rules(prism, link_type);
    dissect_by_the_rules(avs, link_type);
  }
}

TEST(PrismOrAvs, RefusesWrongLengths) {
  EXPECT_EQ(dissect(hex("8021 1001 0000 0004"), LinkType::ieee802_11_avs).fault(),
            "bad_length of radio_header at 0, needs 8 has 8");
  EXPECT_EQ(dissect(hex("4400 0000 ffff ffff"), LinkType::ieee802_11_prism).fault(),
            "too_short of radio_header at 0, needs 4294967295 has 8");
}

}  // namespace
}  // namespace tapdeck::test
