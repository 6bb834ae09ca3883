// Whoever works on a lane, and however many do, each datagram is tracked once and in its order.
#include "analyzer/flow/lane_crew.h"

#include <memory>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "dissectors/ip_protocol.h"

namespace tapdeck {
namespace {

constexpr std::uint16_t flows = 100;

std::vector<std::unique_ptr<Lane>> make_lanes(std::size_t count) {
  std::vector<std::unique_ptr<Lane>> lanes;
  for (std::size_t i = 0; i < count; ++i) {
    lanes.push_back(std::make_unique<Lane>(LaneOptions{.tables = 1}));
  }
  return lanes;
}

/// The next one of the flow from `port`, in the lane that all of them go to.
void push(LaneCrew& crew, std::uint16_t port, std::uint64_t frame) {
  Lane& lane = *crew.lanes()[port % crew.lanes().size()];
  QueuedDatagram& queued = lane.next();
  const DirectedKey key =
      make_flow_key({{192, 0, 2, 1}, 4}, port, {{192, 0, 2, 2}, 4}, 53, IpProtocol::udp);
  queued.datagram = {};
  queued.datagram.key = key.key;
  queued.datagram.direction = key.direction;
  queued.datagram.kind = Datagram::Kind::other;
  queued.datagram.frame_number = frame;
  queued.datagram.time_ns = static_cast<std::int64_t>(frame);
  queued.datagram.frame_octets = 60;
  queued.hash = table_hash(key.key, 0);
  queued.table = &lane.tables().front();
  crew.push(lane);
}

void push_rounds(LaneCrew& crew, std::uint64_t from, std::uint64_t rounds) {
  for (std::uint64_t round = from; round < from + rounds; ++round) {
    for (std::uint16_t flow = 0; flow < flows; ++flow) push(crew, flow, round * flows + flow + 1);
  }
}

void expect_rounds(LaneCrew& crew, std::uint64_t rounds) {
  std::size_t seen = 0;
  for (const auto& lane : crew.lanes()) {
    lane->tables().front().visit_open(flows, [&](const Conversation& conversation) {
      ++seen;
      const Traffic& sent = conversation.details->traffic[index_of(Side::client)];
      EXPECT_EQ(sent.packets, rounds);
      EXPECT_EQ(conversation.details->last_frame,
                conversation.first_frame + (rounds - 1) * std::uint64_t{flows});
    });
  }
  EXPECT_EQ(seen, flows);
}

class LaneCrewOf : public testing::TestWithParam<std::pair<std::size_t, unsigned>> {};

TEST_P(LaneCrewOf, TracksEachDatagramOnceAndInOrder) {
  const auto [lanes, threads] = GetParam();
  LaneCrew crew(make_lanes(lanes), threads);
  push_rounds(crew, 0, 300);
  crew.finish();
  expect_rounds(crew, 300);
  push_rounds(crew, 300, 1);
  crew.finish();
  crew.finish();
  expect_rounds(crew, 301);
}

INSTANTIATE_TEST_SUITE_P(LanesAndThreads, LaneCrewOf,
                         testing::Values(std::pair{1U, 1U}, std::pair{3U, 1U}, std::pair{1U, 2U},
                                         std::pair{2U, 2U}, std::pair{5U, 5U}, std::pair{2U, 8U}));

TEST(LaneCrew, EndsWithWorkThatNobodyAskedFor) {
  LaneCrew crew(make_lanes(2), 3);
  push_rounds(crew, 0, 50);
}

}  // namespace
}  // namespace tapdeck
