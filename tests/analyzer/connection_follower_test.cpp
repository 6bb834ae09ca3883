#include "analyzer/connection_follower.h"

#include <gtest/gtest.h>

#include "captures/packet_source.h"
#include "tests/support/sample_report.h"

namespace tapdeck {
namespace {

using test::socket_at;

/// Follows what is picked through a golden capture.
class Follower {
 public:
  Follower(const std::string& name, ConnectionPick pick, const LadderOptions& options = {})
      : x_follower(std::move(pick), options) {
    const auto source = open_captures({TAPDECK_GOLDEN_DIR "/" + name + ".pcap"}, {});
    PacketBatch batch;
    while (source->next(batch)) x_follower.add(batch);
    x_follower.finish(source->captures());
  }

  ConnectionFollower* operator->() { return &x_follower; }

 private:
  ConnectionFollower x_follower;
};

ConnectionPick pick_id(std::uint64_t id) { return {.id = id, .ends = {}}; }
ConnectionPick pick_ends(std::vector<Socket> ends) { return {.id = {}, .ends = std::move(ends)}; }

std::uint64_t frame_of(const LadderItem& item) { return std::get<LadderSegment>(item).frame; }

TEST(ConnectionFollower, PicksByTheNumberOfTheFirstFrame) {
  Follower follower("http", pick_id(22));
  ASSERT_EQ(follower->fitting().count, 1U);
  EXPECT_EQ(follower->fitting().first[0].id, 22U);
  EXPECT_EQ(follower->all().count, 2U);
  const Ladder ladder = follower->ladder();
  ASSERT_EQ(ladder.items.size(), 10U);
  EXPECT_EQ(frame_of(ladder.items.front()), 22U);
}

TEST(ConnectionFollower, NamesTheConnectionOfAnotherFrame) {
  Follower follower("http", pick_id(7));
  EXPECT_EQ(follower->fitting().count, 0U);
  EXPECT_EQ(follower->holder_of_id(), 3U);
}

TEST(ConnectionFollower, PicksByEitherEndAndByBoth) {
  const Socket client = socket_at("192.0.2.10", 49'060);
  const Socket server = socket_at("192.0.2.20", 80);
  for (const auto& ends : {std::vector{client}, {client, server}, {server, client}}) {
    Follower follower("http", pick_ends(ends));
    ASSERT_EQ(follower->fitting().count, 1U);
    EXPECT_EQ(follower->fitting().first[0].id, 22U);
    EXPECT_EQ(follower->ladder().items.size(), 10U);
  }
}

TEST(ConnectionFollower, FindsAllThatFit) {
  Follower by_server("http", pick_ends({socket_at("192.0.2.20", 80)}));
  EXPECT_EQ(by_server->fitting().count, 2U);
  Follower by_address("http", pick_ends({socket_at("192.0.2.10")}));
  EXPECT_EQ(by_address->fitting().count, 2U);
  EXPECT_EQ(by_address->fitting().first[0].id, 3U);
  Follower nowhere("http", pick_ends({socket_at("192.0.2.20", 81)}));
  EXPECT_EQ(nowhere->fitting().count, 0U);
}

TEST(ConnectionFollower, TakesTheOnlyConnectionThereIs) {
  Follower follower("reset_unread_data", {});
  ASSERT_EQ(follower->fitting().count, 1U);
  EXPECT_FALSE(follower->ladder().items.empty());
}

TEST(ConnectionFollower, KnowsConversationsWithoutALadder) {
  Follower follower("arp_and_ping", pick_id(3));
  ASSERT_EQ(follower->fitting().count, 1U);
  EXPECT_FALSE(follower->fitting().first[0].tcp);
  EXPECT_EQ(follower->all().count, 0U);
}

TEST(ConnectionFollower, NamesNoMoreThanAFew) {
  ConnectionFollower::Found found;
  ConnectionReport connection;
  for (std::uint64_t id = 100; id > 0; --id) {
    connection.id = id;
    found.add(connection);
  }
  EXPECT_EQ(found.count, 100U);
  ASSERT_EQ(found.first.size(), ConnectionFollower::most_named);
  EXPECT_EQ(found.first.front().id, 1U);
  EXPECT_EQ(found.first.back().id, 20U);
}

}  // namespace
}  // namespace tapdeck
