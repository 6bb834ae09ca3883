#include "dissectors/edit/vlan_tags.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/packets.h"

namespace tapdeck {
namespace {

using test::hex;

const auto untagged = hex(test::macs, "0800 4500");
const auto tagged = hex(test::macs, "8100 2064 0800 4500");
const auto twice = hex(test::macs, "88a8 0005 8100 2064 0800 4500");

TEST(VlanTags, AreCounted) {
  EXPECT_EQ(count_vlan_tags(untagged), 0U);
  EXPECT_EQ(count_vlan_tags(tagged), 1U);
  EXPECT_EQ(count_vlan_tags(twice), 2U);
  EXPECT_EQ(count_vlan_tags(hex(test::macs, "8100 20")), 0U) << "cut";
  EXPECT_EQ(count_vlan_tags(hex("02")), 0U);
}

TEST(VlanTags, ArePushed) {
  auto frame = untagged;
  EXPECT_TRUE(push_vlan_tag(frame, 0, {.vlan_id = 100, .priority = 1}));
  EXPECT_EQ(frame, tagged);
  EXPECT_TRUE(push_vlan_tag(frame, 0, {.type = 0x88a8, .vlan_id = 5}));
  EXPECT_EQ(frame, twice);
  EXPECT_TRUE(push_vlan_tag(frame, 2, {.vlan_id = 0xfff, .priority = 7, .drop_eligible = true}));
  EXPECT_EQ(frame, hex(test::macs, "88a8 0005 8100 2064 8100 ffff 0800 4500"));
  EXPECT_FALSE(push_vlan_tag(frame, 4, {}));
}

TEST(VlanTags, ArePopped) {
  auto frame = twice;
  EXPECT_TRUE(pop_vlan_tag(frame, 1));
  EXPECT_EQ(frame, hex(test::macs, "88a8 0005 0800 4500"));
  EXPECT_FALSE(pop_vlan_tag(frame, 1));
  EXPECT_TRUE(pop_vlan_tag(frame, 0));
  EXPECT_EQ(frame, untagged);
  EXPECT_FALSE(pop_vlan_tag(frame, 0));
}

TEST(VlanTags, AreChangedFieldByField) {
  auto frame = twice;
  EXPECT_TRUE(set_vlan_tag(frame, 1, {.vlan_id = 7}));
  EXPECT_TRUE(set_vlan_tag(frame, 0, {.type = 0x8100, .priority = 3}));
  EXPECT_TRUE(set_vlan_tag(frame, 0, {.drop_eligible = true}));
  EXPECT_EQ(frame, hex(test::macs, "8100 7005 8100 2007 0800 4500"));
  EXPECT_FALSE(set_vlan_tag(frame, 2, {.vlan_id = 7}));
}

TEST(VlanTags, NeedAFrame) {
  for (std::size_t length = 0; length < 14; ++length) {
    std::vector<std::byte> frame(untagged.begin(), untagged.begin() + static_cast<long>(length));
    EXPECT_FALSE(push_vlan_tag(frame, 0, {}));
    EXPECT_EQ(frame.size(), length);
  }
}

}  // namespace
}  // namespace tapdeck
