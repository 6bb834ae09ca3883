#include "dissectors/linux_sll.h"

#include "tests/support/dissection_rules.h"
#include "tests/support/packets.h"

namespace tapdeck::test {
namespace {

// Out 02:00:00:00:00:01 ethertype IPv4, length 46: 192.0.2.1.1111 > 198.51.100.2.2222: UDP, length
// 2
TEST(LinuxSll, LeadsToThePacketByEtherType) {
  const auto bytes = hex("0004 0001 0006 0200 0000 0001 0000 0800", ipv4_udp);
  const auto packet = dissect(bytes, LinkType::linux_sll);
  EXPECT_EQ(packet.layer_names(), "linux_sll ipv4 udp");
  EXPECT_EQ(packet.fault(), "none");
  EXPECT_EQ(packet.field(0, "packet_type"), "4 (sent by this host)");
  EXPECT_EQ(packet.field(0, "hardware"), "1 (Ethernet)");
  EXPECT_EQ(packet.field(0, "address"), "02 00 00 00 00 01");
  EXPECT_EQ(packet.field(0, "protocol"), "2048 (IPv4)");
  dissect_by_the_rules(bytes, LinkType::linux_sll);
}

TEST(LinuxSll, LeadsToLlc) {
  const auto packet =
      dissect(hex("0002 0001 0006 0200 0000 0001 0000 0004 4242 03"), LinkType::linux_sll);
  EXPECT_EQ(packet.layer_names(), "linux_sll llc");
  EXPECT_EQ(packet.field(0, "protocol"), "4 (LLC)");
}

TEST(LinuxSll, BearsAnAddressLengthBeyondTheAddress) {
  const auto packet =
      dissect(hex("0000 0001 ffff 0102 0304 0506 0708 0800", ipv4_udp), LinkType::linux_sll);
  EXPECT_EQ(packet.field(0, "address"), "01 02 03 04 05 06 07 08");
}

TEST(LinuxSll, StopsAtNetlink) {
  const auto packet =
      dissect(hex("0004 0338 0000 0000 0000 0000 0000 0800", ipv4_udp), LinkType::linux_sll);
  EXPECT_EQ(packet.layer_names(), "linux_sll");
  EXPECT_EQ(packet.field(0, "hardware"), "824 (netlink)");
}

TEST(LinuxSll, StopsAtOldProtocolNumbers) {
  const auto packet =
      dissect(hex("0004 0118 0000 0000 0000 0000 0000 000c 0102"), LinkType::linux_sll);
  EXPECT_EQ(packet.layer_names(), "linux_sll");
  EXPECT_EQ(packet.fault(), "none");
}

TEST(LinuxSll, NeedsSixteenOctets) {
  EXPECT_EQ(dissect(hex("0004 0001 0006 0200 0000 0001 0000 08"), LinkType::linux_sll).fault(),
            "too_short of linux_sll at 0, needs 16 has 15");
}

// eth0 In IP6 2001:db8::1.1111 > 2001:db8::2.2222: UDP, length 2
TEST(LinuxSll2, LeadsToThePacketByEtherType) {
  const auto bytes = hex("86dd 0000 0000 0002 0001 00 06 0200 0000 0001 0000", ipv6_udp);
  const auto packet = dissect(bytes, LinkType::linux_sll2);
  EXPECT_EQ(packet.layer_names(), "linux_sll2 ipv6 udp");
  EXPECT_EQ(packet.field(0, "protocol"), "34525 (IPv6)");
  EXPECT_EQ(packet.field(0, "interface_index"), "2");
  EXPECT_EQ(packet.field(0, "packet_type"), "0 (to this host)");
  EXPECT_EQ(packet.field(0, "address"), "02 00 00 00 00 01");
  dissect_by_the_rules(bytes, LinkType::linux_sll2);
}

TEST(LinuxSll2, NeedsTwentyOctets) {
  EXPECT_EQ(dissect(hex("0800 0000"), LinkType::linux_sll2).fault(),
            "too_short of linux_sll2 at 0, needs 20 has 4");
}

}  // namespace
}  // namespace tapdeck::test
