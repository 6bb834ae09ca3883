#include "dissectors/vlan.h"

#include "dissectors/tunnels.h"
#include "tests/support/dissection_rules.h"
#include "tests/support/packets.h"

namespace tapdeck::test {
namespace {

std::vector<std::uint16_t> ids_of(const DissectedPacket& packet) {
  const auto list = vlan_ids_of(packet.dissection);
  return {list.begin(), list.end()};
}

// ethertype 802.1Q (0x8100), vlan 100, p 5, ethertype IPv4: 192.0.2.1.1111 > 198.51.100.2.2222: UDP
TEST(Vlan, ReadsATag) {
  const auto bytes = hex(macs, "8100 a064 0800", ipv4_udp);
  const auto packet = dissect(bytes);
  EXPECT_EQ(packet.layer_names(), "ethernet vlan ipv4 udp");
  EXPECT_TRUE(packet.dissection.has_vlan);
  EXPECT_EQ(ids_of(packet), std::vector<std::uint16_t>{100});
  EXPECT_EQ(packet.field(1, "priority"), "5");
  EXPECT_EQ(packet.field(1, "drop_eligible"), "0");
  EXPECT_EQ(packet.field(1, "vlan_id"), "100");
  EXPECT_EQ(packet.field(1, "type"), "2048 (IPv4)");
  dissect_by_the_rules(bytes);
}

// ethertype 802.1Q-QinQ (0x88a8), vlan 10, DEI, ethertype 802.1Q (0x8100), vlan 20, ethertype IPv4
TEST(Vlan, ListsAStackOutermostFirst) {
  const auto packet = dissect(hex(macs, "88a8 100a 8100 0014 0800", ipv4_udp));
  EXPECT_EQ(packet.layer_names(), "ethernet vlan vlan ipv4 udp");
  EXPECT_EQ(ids_of(packet), (std::vector<std::uint16_t>{10, 20}));
  EXPECT_EQ(packet.field(1, "drop_eligible"), "1");
}

TEST(Vlan, KnowsTheOldNumbersOfServiceTags) {
  EXPECT_EQ(dissect(hex(macs, "9100 0001 9200 0002 0800", ipv4_udp)).layer_names(),
            "ethernet vlan vlan ipv4 udp");
}

TEST(Vlan, LeadsOnToLlcByLength) {
  EXPECT_EQ(dissect(hex(macs, "8100 0001 0003 4242 03")).layer_names(), "ethernet vlan llc");
}

TEST(Vlan, NamesAPriorityTag) {
  EXPECT_EQ(dissect(hex(macs, "8100 e000 0800")).field(1, "vlan_id"), "0 (priority only)");
}

TEST(Vlan, EndsAStackAtTheBoundOfLayers) {
  std::vector<std::byte> bytes = hex(macs, "8100");
  for (int tag = 0; tag < 100; ++tag) {
    const auto octets = hex("0001 8100");
    bytes.insert(bytes.end(), octets.begin(), octets.end());
  }
  const auto packet = dissect(std::move(bytes));
  EXPECT_EQ(packet.dissection.layer_count, Dissection::max_layers);
  EXPECT_EQ(packet.fault(), "too_many_layers of vlan at 106, needs 0 has 308");
}

}  // namespace
}  // namespace tapdeck::test
