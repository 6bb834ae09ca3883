#include "tools/tapdeck/connection_pick.h"

#include <gtest/gtest.h>

#include "captures/failure.h"

namespace tapdeck {
namespace {

TEST(ConnectionPick, ReadsAddressesWithAndWithoutPorts) {
  const auto ipv4 = parse_socket("192.0.2.1:80");
  ASSERT_TRUE(ipv4);
  EXPECT_EQ(to_string(ipv4->address), "192.0.2.1");
  EXPECT_EQ(ipv4->port, 80);
  const auto ipv6 = parse_socket("[2001:db8::1]:443");
  ASSERT_TRUE(ipv6);
  EXPECT_EQ(to_string(ipv6->address), "2001:db8::1");
  EXPECT_EQ(ipv6->port, 443);
  const auto alone = parse_socket("2001:db8::1");
  ASSERT_TRUE(alone);
  EXPECT_FALSE(alone->port);
}

TEST(ConnectionPick, RefusesWhatIsNoEnd) {
  for (const char* word :
       {"", ":", "80", "host:80", "192.0.2.1:", "192.0.2.1:65536", "tcp", "192.0.2.1:80x",
        "192.0.2:80", "[192.0.2.1]:80", "[2001:db8::1]", "[]:1", "192.0.2.1:-1"}) {
    EXPECT_FALSE(parse_socket(word)) << word;
  }
}

TEST(ConnectionPick, IsAnIdOrEnds) {
  EXPECT_TRUE(names_connection("17"));
  EXPECT_FALSE(names_connection("-17"));
  EXPECT_FALSE(names_connection("port"));
  EXPECT_EQ(parse_pick({"17"}).id, 17U);
  EXPECT_EQ(parse_pick({"192.0.2.1:80", "192.0.2.2"}).ends.size(), 2U);
  EXPECT_FALSE(parse_pick({}).id);
  EXPECT_THROW((void)parse_pick({"17", "192.0.2.1:80"}), Failure);
  EXPECT_THROW((void)parse_pick({"99999999999999999999999"}), Failure);
}

}  // namespace
}  // namespace tapdeck
