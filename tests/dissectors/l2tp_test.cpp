#include "dissectors/l2tp.h"

#include "tests/support/dissection_rules.h"
#include "tests/support/packets.h"

namespace tapdeck::test {
namespace {

// 203.0.113.1.50000 > 203.0.113.2.1701: l2tp:[](3/5) {IP (0x0021): 192.0.2.1.1111 > …}
TEST(L2tp, OpensPpp) {
  const auto bytes = in_udp(1701, hex("0002 0003 0005 ff03 0021", ipv4_udp));
  const auto packet = dissect(bytes);
  EXPECT_EQ(packet.layer_names(), "ethernet ipv4 udp l2tp ppp ipv4 udp");
  EXPECT_EQ(L2tp::tunnel_id(packet.region(3)), 0x30005U);
  EXPECT_EQ(packet.field(3, "tunnel"), "3");
  EXPECT_EQ(packet.field(3, "session"), "5");
  dissect_by_the_rules(bytes);
}

// l2tp:[LSO](3/5)Ns=1,Nr=2 {IP (0x0021): 192.0.2.1.1111 > …}
TEST(L2tp, ReadsEveryOptionalField) {
  const auto bytes =
      in_udp(1701, hex("4a02 0032 0003 0005 0001 0002 0002 0000 ff03 0021", ipv4_udp));
  const auto packet = dissect(bytes);
  EXPECT_EQ(packet.layer_names(), "ethernet ipv4 udp l2tp ppp ipv4 udp");
  EXPECT_EQ(packet.layer(3).header_length, 16U);
  EXPECT_EQ(packet.field(3, "length"), "50");
  EXPECT_EQ(packet.field(3, "sequence_number"), "1");
  dissect_by_the_rules(bytes);
}

// l2tp:[TLS](3/0)Ns=1,Nr=2 ZLB
TEST(L2tp, NamesControlMessages) {
  const auto packet = dissect(in_udp(1701, hex("c802 000c 0003 0000 0001 0002")));
  EXPECT_EQ(packet.layer_names(), "ethernet ipv4 udp l2tp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(packet.field(3, "flags_and_version"), "51202 (control message)");
}

TEST(L2tp, LeavesWhatDoesNotFitToUdp) {
  for (const auto* header : {"0003 0003 0005", "1002 0003 0005", "4002 ffff 0003 0005",
                             "4002 0004 0003 0005", "0202 0003 0005 ffff", "0002 0003"}) {
    const auto packet = dissect(in_udp(1701, hex(header)));
    EXPECT_EQ(packet.layer_names(), "ethernet ipv4 udp") << header;
    EXPECT_EQ(packet.fault(), "none");
  }
}

}  // namespace
}  // namespace tapdeck::test
