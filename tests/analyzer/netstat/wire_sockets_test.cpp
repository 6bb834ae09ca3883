// Which sockets a host has at a moment, by stories of what passed until then.
#include "analyzer/netstat/wire_sockets.h"

#include <gtest/gtest.h>

#include "tests/support/story.h"

namespace tapdeck {
namespace {

using test::milliseconds;
using test::seconds;
using test::Story;

constexpr std::int64_t begin_ns = 1'700'000'000 * seconds;

const std::vector<Network> client{network_of(test::address(1))};
const std::vector<Network> server{network_of(test::address(2))};
const std::vector<Network> everybody{{.address = {}, .prefix = 0}};

std::vector<SocketRow> rows_of(Story& story, const std::vector<Network>& local,
                               std::int64_t since_begin_ns) {
  WireSockets sockets(local, begin_ns + since_begin_ns);
  GatheredFacts facts;
  story.table().visit_open(SIZE_MAX, [&](const Conversation& conversation) {
    sockets.add(story.table(), conversation);
    facts.add_conversation(story.table(), conversation, true);
  });
  sockets.add_ports(facts);
  return sockets.take();
}

/// Of the only row that has a peer; UNKNOWN where there is none.
TcpState state_of(Story& story, const std::vector<Network>& local, std::int64_t since_begin_ns) {
  for (const SocketRow& row : rows_of(story, local, since_begin_ns)) {
    if (!row.waits) return *row.wire->state;
  }
  return TcpState::unknown;
}

TEST(WireSockets, EachEndHasItsOwnState) {
  Story story;
  story.client("S", 0);
  EXPECT_EQ(state_of(story, client, seconds), TcpState::syn_sent);
  EXPECT_EQ(state_of(story, server, seconds), TcpState::unknown) << "nothing came from there";
  story.server("S.", 0, 1);
  EXPECT_EQ(state_of(story, server, seconds), TcpState::syn_received);
  story.client(".", 1, 1);
  EXPECT_EQ(state_of(story, client, seconds), TcpState::established);
  EXPECT_EQ(state_of(story, server, seconds), TcpState::established);
}

TEST(WireSockets, WhoIsOnBothSidesHasTwoRowsAndAPortThatListens) {
  Story story;
  story.handshake();
  const std::vector<SocketRow> rows = rows_of(story, everybody, seconds);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_TRUE(rows[0].waits);
  EXPECT_EQ(rows[0].wire->state, TcpState::listen);
  EXPECT_EQ(rows[0].local.port, 80);
  EXPECT_FALSE(rows[0].foreign.port);
  EXPECT_EQ(rows[1].local, rows[2].foreign);
  EXPECT_EQ(rows[2].local, rows[1].foreign);
}

TEST(WireSockets, SendQueueIsWhatIsUnacknowledged) {
  Story story;
  story.client("S", 0);
  EXPECT_EQ(rows_of(story, client, 0)[0].wire->unacknowledged, 1U) << "a SYN takes one";
  story.server("S.", 0, 1);
  story.client(".", 1, 1);
  EXPECT_EQ(rows_of(story, client, 0)[0].wire->unacknowledged, 0U);
  story.client("P.", 1, 1, 300);
  story.client("P.", 301, 1, 200);
  EXPECT_EQ(rows_of(story, client, 0)[0].wire->unacknowledged, 500U);
  story.server(".", 1, 301);
  EXPECT_EQ(rows_of(story, client, 0)[0].wire->unacknowledged, 200U);
}

TEST(WireSockets, TimeWaitLastsAMinuteBehindTheLastSegment) {
  Story story;
  story.handshake();
  story.client("F.", 1, 1);
  story.server("F.", 1, 2);
  story.client(".", 2, 2);  // at 60 ms
  EXPECT_EQ(state_of(story, client, 60 * seconds), TcpState::time_wait);
  EXPECT_EQ(state_of(story, server, seconds), TcpState::unknown) << "closed";
  EXPECT_EQ(state_of(story, client, 60 * seconds + 70 * milliseconds), TcpState::unknown);
}

TEST(WireSockets, WhoNoLongerRepeatsASynHasGivenUp) {
  Story story;
  story.client("S", 0);
  EXPECT_EQ(state_of(story, client, 2900 * milliseconds), TcpState::syn_sent);
  EXPECT_EQ(state_of(story, client, 3100 * milliseconds), TcpState::unknown);
  story.wait(990 * milliseconds);
  story.client("S", 0);
  story.wait(1990 * milliseconds);
  story.client("S", 0);  // 3 s behind the first: the next would come 4 s later
  EXPECT_EQ(state_of(story, client, 7 * seconds), TcpState::syn_sent);
  EXPECT_EQ(state_of(story, client, 8 * seconds), TcpState::unknown);
}

TEST(WireSockets, AFinMayWaitLongForItsRepeat) {
  Story story;
  story.handshake();
  story.client("F.", 1, 1);
  EXPECT_EQ(state_of(story, client, 59 * seconds), TcpState::fin_wait_1);
  EXPECT_EQ(state_of(story, client, 61 * seconds), TcpState::unknown);
  EXPECT_EQ(state_of(story, server, 61 * seconds), TcpState::established) << "it keeps what it has";
}

TEST(WireSockets, TheLaterConnectionHasTheSockets) {
  Story story;
  story.handshake();
  story.server("F.", 1, 1);
  story.client("F.", 1, 2);
  story.server(".", 2, 2);
  EXPECT_EQ(state_of(story, server, seconds), TcpState::time_wait);
  story.client_isn += 100'000;
  story.client("S", 0);
  EXPECT_EQ(state_of(story, client, seconds), TcpState::syn_sent);
  EXPECT_EQ(state_of(story, server, seconds), TcpState::time_wait) << "until it answers";
  story.server_isn += 100'000;
  story.server("S.", 0, 1);
  EXPECT_EQ(state_of(story, server, seconds), TcpState::syn_received);
  EXPECT_EQ(rows_of(story, server, seconds).size(), 2U) << "and the port that listens";
}

TEST(WireSockets, APortThatRefusedLaterListensNoMore) {
  Story story;
  story.handshake();
  EXPECT_EQ(rows_of(story, server, seconds).size(), 2U);
  ++story.client_port;
  story.client("S", 0);
  story.server("R.", 0, 1);
  const std::vector<SocketRow> rows = rows_of(story, server, seconds);
  ASSERT_EQ(rows.size(), 1U) << "the connection outlives it";
  EXPECT_FALSE(rows[0].waits);
}

TEST(WireSockets, AnsweredDatagramsShowAPortAndRefusedOnesNone) {
  Story story;
  story.server_port = 53;
  story.udp(true, 30);
  EXPECT_EQ(rows_of(story, server, seconds).size(), 1U) << "a flow, as far as is known";
  story.udp(false, 100);
  const std::vector<SocketRow> rows = rows_of(story, server, seconds);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_TRUE(rows[0].waits);
  EXPECT_FALSE(rows[0].wire->state);
  story.icmp_error(3, 3, 17);
  EXPECT_EQ(rows_of(story, server, seconds).size(), 1U);
  EXPECT_TRUE(rows_of(story, server, 301 * seconds).empty()) << "silent for too long";
}

}  // namespace
}  // namespace tapdeck
