// Conversations begin, end by silence or at the bound, and take the ICMP errors about them.
#include "analyzer/flow/flow_table.h"

#include <algorithm>
#include <limits>

#include <gtest/gtest.h>

#include "tests/support/story.h"

namespace tapdeck {
namespace {

using test::seconds;
using test::Story;

TEST(FlowTable, SilenceSplitsUdpButNotBelowTheTimeout) {
  Story story;
  story.udp(true, 10);
  story.wait(299 * seconds);
  story.udp(false, 20);
  story.wait(301 * seconds);
  story.udp(true, 30);
  const auto reports = story.reports();
  ASSERT_EQ(reports.size(), 2U);
  EXPECT_EQ(reports[0].directions[0].payload_bytes, 10U);
  EXPECT_EQ(reports[0].directions[1].payload_bytes, 20U);
  EXPECT_EQ(reports[1].directions[0].payload_bytes, 30U);
  EXPECT_EQ(reports[0].ended_frame, 3U);
}

TEST(FlowTable, AdvanceEndsWhatIsSilent) {
  Story story;
  story.udp(true, 10);
  story.handshake();
  story.wait(301 * seconds);
  story.advance();
  const auto ended = story.table().take_ended();
  ASSERT_EQ(ended.size(), 1U) << "the open TCP connection stays";
  EXPECT_EQ(ended[0].first_frame, 1U);
}

TEST(FlowTable, WhatIsSilentForTooLongWentWithoutAnEnd) {
  Story story({.open_timeout_ns = 300 * seconds});
  story.handshake();
  story.client("PA", 10);
  story.wait(299 * seconds);
  story.advance();
  EXPECT_TRUE(story.table().take_ended().empty());
  story.wait(2 * seconds);
  story.advance();
  const auto reports = story.reports();
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports[0].tcp->teardown.kind, TeardownKind::timeout);
  EXPECT_FALSE(reports[0].tcp->teardown.frame);
}

TEST(FlowTable, TracesTheScaleOfEachWindow) {
  Story story({}, TraceWish::segments);
  story.options.has_window_scale = true;
  story.options.window_scale = 7;
  story.client("S", 0);
  story.options = {};
  story.client("S", 0);  // an offer that was made stands
  story.options.has_window_scale = true;
  story.options.window_scale = 2;
  story.server("S.", 0, 1);
  story.client(".", 1, 1);
  story.server(".", 1, 1);
  const Trace trace = story.table().take_trace();
  ASSERT_EQ(trace.segments.size(), 5U);
  EXPECT_EQ(trace.segments[3].window_shift, 7U);
  EXPECT_EQ(trace.segments[4].window_shift, 2U);
}

TEST(FlowTable, TracesNoScaleIfOneSideDidNotOfferIt) {
  Story story({}, TraceWish::segments);
  story.options.has_window_scale = true;
  story.options.window_scale = 7;
  story.client("S", 0);
  story.options = {};
  story.server("S.", 0, 1);
  story.client(".", 1, 1);
  const Trace trace = story.table().take_trace();
  ASSERT_EQ(trace.segments.size(), 3U);
  EXPECT_EQ(trace.segments[2].window_shift, 0U);
}

TEST(FlowTable, TracesNoScaleInTheMiddleOfAConnection) {
  Story story({}, TraceWish::segments);
  story.client(".", 100, 100, 10);
  const Trace trace = story.table().take_trace();
  ASSERT_EQ(trace.segments.size(), 1U);
  EXPECT_EQ(trace.segments[0].window_shift, std::nullopt);
}

TEST(FlowTable, TimeThatRunsBackwardsEndsNothing) {
  Story story;
  story.udp(true, 10);
  story.wait(-3600 * seconds);
  story.udp(true, 10);
  story.advance();
  const auto reports = story.reports();
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_LT(reports[0].start_ns, reports[0].end_ns);
}

TEST(FlowTable, TimesAtTheEndsOfTheRangeAreFarApart) {
  Story story;
  story.wait(std::numeric_limits<std::int64_t>::min() / 2);
  story.wait(std::numeric_limits<std::int64_t>::min() / 2);
  story.udp(true, 10);
  story.client("S", 0);
  story.wait(std::numeric_limits<std::int64_t>::max() - 1);
  story.wait(std::numeric_limits<std::int64_t>::max() / 2);
  story.server("S.", 0, 1);
  story.udp(true, 10);
  const auto reports = story.reports();
  ASSERT_EQ(reports.size(), 3U);
  EXPECT_EQ(reports[1].tcp->handshake.server_rtt_ns, std::numeric_limits<std::int64_t>::max());
}

std::uint64_t shed(Story& story, Stage stage) {
  return story.table().shed()[static_cast<std::size_t>(stage)];
}

TEST(FlowTable, TheLeastMissedGivesWayAtTheBound) {
  FlowLimits limits;
  limits.open_conversations = 4;
  Story story(limits);
  story.handshake();  // the oldest, but alive
  story.client_port = 50'001;
  story.client("S", 0);  // comes to nothing: goes first
  story.client_port = 50'002;
  story.client("S", 0);
  story.server("R.", 0, 1);  // over: goes second
  story.client_port = 50'003;
  story.udp(true, 1);  // goes third
  for (std::uint16_t port = 50'004; port < 50'007; ++port) {
    story.client_port = port;
    story.handshake();
  }
  story.client_port = 50'007;
  story.handshake();  // so that the oldest connection must go
  const auto ended = story.table().take_ended();
  ASSERT_EQ(ended.size(), 4U);
  EXPECT_EQ(ended[0].first_frame, 4U);
  EXPECT_EQ(ended[1].first_frame, 5U);
  EXPECT_EQ(ended[2].first_frame, 7U);
  EXPECT_EQ(ended[3].first_frame, 1U);
  for (const Stage stage : {Stage::attempt, Stage::over, Stage::idle, Stage::open}) {
    EXPECT_EQ(shed(story, stage), 1U);
  }
}

TEST(FlowTable, ActivityKeepsAConversationFromGivingWay) {
  FlowLimits limits;
  limits.open_conversations = 2;
  Story story(limits);
  story.udp(true, 1);
  story.client_port = 50'001;
  story.udp(true, 1);
  story.client_port = 50'000;
  story.udp(true, 1);  // of the older one, and yet the last one heard of
  story.client_port = 50'002;
  story.udp(true, 1);
  const auto ended = story.table().take_ended();
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(ended[0].first_frame, 2U);
}

/// A hundred thousand attempts within the memory of some hundred; a connection among them is
/// reported as if it were alone.
TEST(FlowTable, AFloodKeepsToItsMemoryAndLeavesConnectionsAlone) {
  FlowLimits limits;
  limits.octets = 200'000;
  limits.open_conversations = std::numeric_limits<std::size_t>::max();
  Story story(limits);
  constexpr std::uint32_t attempts = 100'000;
  std::uint64_t given_up = 0;
  for (std::uint32_t i = 0; i < attempts; ++i) {
    story.client_host = static_cast<std::uint8_t>(3 + i / 60'000);
    story.client_port = static_cast<std::uint16_t>(1 + i % 60'000);
    story.client("S", 0);
    if (i % 1'000 == 0) {
      story.client_host = 1;
      story.client_port = 50'000;
      if (i == 0) story.handshake();
      story.client("P.", 1 + i, 1, 1'000);
      story.server(".", 1, 1'001 + i);
      for (const EndedConversation& ended : story.table().take_ended()) {
        story.table().release(ended.index);
        ++given_up;
      }
      // What is open may end all at once.
      const std::size_t ends = story.table().open() * sizeof(EndedConversation);
      EXPECT_LE(story.table().octets() + ends, limits.octets + 2'000);
    }
  }
  EXPECT_EQ(shed(story, Stage::open), 0U);
  EXPECT_GT(given_up, attempts - 2'000);
  const auto reports = story.reports();
  const auto good = std::ranges::find(reports, 2U, &ConnectionReport::id);
  ASSERT_NE(good, reports.end());
  EXPECT_EQ(good->directions[0].payload_bytes, 100U * 1'000U);
  EXPECT_EQ(good->directions[1].packets, 101U);
}

TEST(FlowTable, IcmpErrorHangsOnTheFlowItQuotes) {
  Story story;
  story.client("S", 0);
  EXPECT_TRUE(story.icmp_error(3, 1, 6));
  const ConnectionReport report = story.report();
  ASSERT_EQ(report.icmp_errors.size(), 1U);
  EXPECT_EQ(report.icmp_errors[0].frame, 2U);
  EXPECT_EQ(report.icmp_errors[0].type, 3);
  EXPECT_EQ(report.icmp_error_count, 1U);
  EXPECT_EQ(report.directions[0].packets, 1U) << "the error is no packet of the flow";
}

TEST(FlowTable, IcmpErrorAboutAnUnknownFlowIsRefused) {
  Story story;
  EXPECT_FALSE(story.icmp_error(3, 1, 6));
}

TEST(FlowTable, IcmpErrorsKeptAreBoundedAndAllCounted) {
  Story story;
  story.udp(true, 1);
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(story.icmp_error(11, 0, 17));
  const ConnectionReport report = story.report();
  EXPECT_EQ(report.icmp_errors.size(), IcmpErrors::bound);
  EXPECT_EQ(report.icmp_error_count, 20U);
}

TEST(FlowTable, PortsTellTheClientWhereNothingElseDoes) {
  Story story;
  story.udp(false, 1);  // from port 80 to 50,000
  const ConnectionReport report = story.report();
  EXPECT_EQ(report.client.port, 50'000);
  EXPECT_EQ(report.client_known_by, ClientKnownBy::port);
}

TEST(FlowTable, HandshakeSplitsTheRoundTripAtTheCapturePoint) {
  Story story;
  story.client("S", 0);
  story.step_ns = 7 * test::milliseconds;
  story.server("S.", 0, 1);
  story.step_ns = 2 * test::milliseconds;
  story.client(".", 1, 1);
  const HandshakeReport handshake = story.report().tcp->handshake;
  EXPECT_TRUE(handshake.complete);
  EXPECT_EQ(handshake.server_rtt_ns, 7 * test::milliseconds);
  EXPECT_EQ(handshake.client_rtt_ns, 2 * test::milliseconds);
  EXPECT_EQ(handshake.rtt_ns, 9 * test::milliseconds);
  EXPECT_EQ(handshake.client_isn, 1000U);
}

TEST(FlowTable, OptionsHoldOnlyWhereBothOffered) {
  Story story;
  story.options.has_window_scale = true;
  story.options.window_scale = 7;
  story.options.sack_permitted = true;
  story.client("S", 0);
  story.options.has_window_scale = false;
  story.server("S.", 0, 1);
  const HandshakeReport handshake = story.report().tcp->handshake;
  EXPECT_EQ(handshake.client_options->window_scale, 7);
  EXPECT_FALSE(handshake.agreed->window_scale);
  EXPECT_TRUE(handshake.agreed->sack);
}

}  // namespace
}  // namespace tapdeck
