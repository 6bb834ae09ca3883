#include "dissectors/null_loopback.h"

#include "tests/support/dissection_rules.h"
#include "tests/support/packets.h"

namespace tapdeck::test {
namespace {

// AF IPv4 (2), length 34: 192.0.2.1.1111 > 198.51.100.2.2222: UDP, length 2
TEST(NullLoopback, ReadsIpv4InEitherByteOrder) {
  for (const auto* family : {"0200 0000", "0000 0002"}) {
    for (const LinkType link_type : {LinkType::null, LinkType::loop}) {
      const auto bytes = hex(family, ipv4_udp);
      const auto packet = dissect(bytes, link_type);
      EXPECT_EQ(packet.layer_names(), "null ipv4 udp");
      EXPECT_EQ(packet.field(0, "family"), "2 (IPv4)");
      dissect_by_the_rules(bytes, link_type);
    }
  }
}

TEST(NullLoopback, KnowsEverySystemsNumberOfIpv6) {
  for (const auto* family : {"1800 0000", "1c00 0000", "1e00 0000", "0a00 0000", "0000 001e"}) {
    EXPECT_EQ(dissect(hex(family, ipv6_udp), LinkType::null).layer_names(), "null ipv6 udp");
  }
}

TEST(NullLoopback, TakesAnEtherTypeWhereAWriterPutOne) {
  EXPECT_EQ(dissect(hex("0008 0000", ipv4_udp), LinkType::null).layer_names(), "null ipv4 udp");
  EXPECT_EQ(dissect(hex("0000 86dd", ipv6_udp), LinkType::loop).layer_names(), "null ipv6 udp");
}

TEST(NullLoopback, StopsAtOtherFamilies) {
  const auto packet = dissect(hex("0700 0000 0102"), LinkType::null);
  EXPECT_EQ(packet.layer_names(), "null");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(packet.dissection.payload.length, 2U);
}

TEST(NullLoopback, NeedsFourOctets) {
  EXPECT_EQ(dissect(hex("0200 00"), LinkType::null).fault(),
            "too_short of null at 0, needs 4 has 3");
}

}  // namespace
}  // namespace tapdeck::test
