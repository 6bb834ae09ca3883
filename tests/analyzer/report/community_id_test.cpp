// Against the values that the Community ID specification publishes.
#include "analyzer/report/community_id.h"

#include <gtest/gtest.h>

namespace tapdeck {
namespace {

IpAddress v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
  return {{a, b, c, d}, 4};
}

TEST(CommunityId, TcpIsTheSameBothWays) {
  CommunityIdFlow flow{.source = v4(128, 232, 110, 120),
                       .destination = v4(66, 35, 250, 204),
                       .source_port = 34855,
                       .destination_port = 80,
                       .ip_protocol = 6,
                       .has_ports = true};
  EXPECT_EQ(community_id(flow), "1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
  std::swap(flow.source, flow.destination);
  std::swap(flow.source_port, flow.destination_port);
  EXPECT_EQ(community_id(flow), "1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
}

TEST(CommunityId, Udp) {
  const CommunityIdFlow flow{.source = v4(192, 168, 1, 52),
                             .destination = v4(8, 8, 8, 8),
                             .source_port = 54585,
                             .destination_port = 53,
                             .ip_protocol = 17,
                             .has_ports = true};
  EXPECT_EQ(community_id(flow), "1:d/FP5EW3wiY1vCndhwleRRKHowQ=");
}

TEST(CommunityId, IcmpEchoAndItsReplyAreOneFlow) {
  CommunityIdFlow flow{.source = v4(192, 168, 0, 89),
                       .destination = v4(192, 168, 0, 1),
                       .source_port = 8,
                       .destination_port = 0,
                       .ip_protocol = 1,
                       .has_ports = true};
  EXPECT_EQ(community_id(flow), "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=");
  std::swap(flow.source, flow.destination);
  flow.source_port = 0;
  EXPECT_EQ(community_id(flow), "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=");
}

TEST(CommunityId, Sctp) {
  const CommunityIdFlow flow{.source = v4(192, 168, 170, 8),
                             .destination = v4(192, 168, 170, 56),
                             .source_port = 7,
                             .destination_port = 80,
                             .ip_protocol = 132,
                             .has_ports = true};
  EXPECT_EQ(community_id(flow), "1:jQgCxbku+pNGw8WPbEc/TS/uTpQ=");
}

}  // namespace
}  // namespace tapdeck
