#include "dissectors/ip_version.h"

#include "tests/support/dissection_rules.h"
#include "tests/support/packets.h"

namespace tapdeck::test {
namespace {

// IP 192.0.2.1.1111 > 198.51.100.2.2222: UDP, length 2
TEST(IpVersion, TellsTheVersionsOfRawCaptures) {
  for (const LinkType link_type : {LinkType::raw, LinkType::raw_bsd, LinkType::raw_openbsd}) {
    EXPECT_EQ(dissect(hex(ipv4_udp), link_type).layer_names(), "ipv4 udp");
    EXPECT_EQ(dissect(hex(ipv6_udp), link_type).layer_names(), "ipv6 udp");
    dissect_by_the_rules(hex(ipv6_udp), link_type);
  }
}

TEST(IpVersion, LeavesOtherOctetsAlone) {
  const auto packet = dissect(hex("0102"), LinkType::raw);
  EXPECT_EQ(packet.layer_names(), "");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(packet.dissection.payload.length, 2U);
}

TEST(IpVersion, SaysThatThereIsNothing) {
  EXPECT_EQ(dissect({}, LinkType::raw).fault(), "too_short of ip at 0, needs 1 has 0");
}

}  // namespace
}  // namespace tapdeck::test
