#include "dissectors/ppp.h"

#include "tests/support/dissection_rules.h"
#include "tests/support/packets.h"

namespace tapdeck::test {
namespace {

// PPP, IP (0x0021), length 34: 192.0.2.1.1111 > 198.51.100.2.2222: UDP, length 2
TEST(Ppp, ReadsEveryShapeOfTheHeader) {
  struct Sample {
    std::string_view header;
    std::string_view address;
  };
  for (const Sample& sample : {Sample{"ff03 0021", "255"}, Sample{"ff03 21", "255"},
                               Sample{"0021", "absent"}, Sample{"21", "absent"}}) {
    for (const LinkType link_type : {LinkType::ppp, LinkType::ppp_hdlc}) {
      const auto bytes = hex(sample.header, ipv4_udp);
      const auto packet = dissect(bytes, link_type);
      EXPECT_EQ(packet.layer_names(), "ppp ipv4 udp") << sample.header;
      EXPECT_EQ(packet.layer(0).header_length, hex(sample.header).size());
      EXPECT_EQ(packet.field(0, "protocol"), "33 (IPv4)");
      EXPECT_EQ(packet.field(0, "address"), sample.address);
      dissect_by_the_rules(bytes, link_type);
    }
  }
}

TEST(Ppp, ReadsADirectionBeforeTheHeader) {
  for (const auto* header : {"01 ff03 0057", "01 0057", "01 ff03 57"}) {
    const auto bytes = hex(header, ipv6_udp);
    const auto packet = dissect(bytes, LinkType::ppp_with_direction);
    EXPECT_EQ(packet.layer_names(), "ppp ipv6 udp") << header;
    EXPECT_EQ(packet.field(0, "direction"), "1 (sent)");
    EXPECT_EQ(packet.field(0, "protocol"), "87 (IPv6)");
    dissect_by_the_rules(bytes, LinkType::ppp_with_direction);
  }
}

TEST(Ppp, RecognizesCiscosFraming) {
  EXPECT_EQ(dissect(hex("0f00 0800", ipv4_udp), LinkType::ppp_hdlc).layer_names(),
            "cisco_hdlc ipv4 udp");
  EXPECT_EQ(dissect(hex("8f00 86dd", ipv6_udp), LinkType::ppp).layer_names(),
            "cisco_hdlc ipv6 udp");
}

// PPP, LCP (0xc021), length 8: LCP, Echo-Request (0x09)
TEST(Ppp, NamesControlProtocols) {
  const auto packet = dissect(hex("ff03 c021 0901 0008 1234 5678"), LinkType::ppp);
  EXPECT_EQ(packet.layer_names(), "ppp");
  EXPECT_EQ(packet.dissection.unknown, by_ppp(0xc021));
  EXPECT_EQ(packet.field(0, "protocol"), "49185 (link control (LCP))");
}

TEST(Ppp, NeedsItsProtocol) {
  EXPECT_EQ(dissect(hex("ff03 00"), LinkType::ppp).fault(), "too_short of ppp at 0, needs 4 has 3");
  EXPECT_EQ(dissect({}, LinkType::ppp).fault(), "too_short of ppp at 0, needs 2 has 0");
}

}  // namespace
}  // namespace tapdeck::test
