// Packets that are kept as they came are taken in later with the result they would have had at
// once: no report changes. What they save is memory.
#include "analyzer/flow/early_packets.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/corpus.h"
#include "tests/support/report_of.h"
#include "tests/support/story.h"

namespace tapdeck {
namespace {

using test::Story;

FlowLimits kept_early() {
  FlowLimits limits;
  limits.early_packets = EarlyPackets::bound;
  return limits;
}

void ask_and_answer(Story& story) {
  story.handshake();
  story.client("P.", 1, 1, 48);
  story.server(".", 1, 49);
}

TEST(EarlyPackets, AnIdleConnectionTakesAFewHundredOctets) {
  Story story(kept_early());
  ask_and_answer(story);
  EXPECT_LE(story.table().octets(), 410U);
  const ConnectionReport report = story.report();
  EXPECT_TRUE(report.tcp->handshake.complete);
  EXPECT_EQ(report.directions[0].packets, 3U);
  EXPECT_EQ(report.directions[0].payload_bytes, 48U);
  EXPECT_EQ(report.directions[1].packets, 2U);
  EXPECT_EQ(report.history, "ShADa");
}

TEST(EarlyPackets, AnAttemptTakesLessThanTwoHundredOctets) {
  Story story(kept_early());
  story.client("S", 0);
  EXPECT_LE(story.table().octets(), 200U);
  EXPECT_EQ(story.report().conn_state, "S0");
}

TEST(EarlyPackets, AnAttemptThatIsRepeatedTakesHardlyMore) {
  Story story(kept_early());
  for (int i = 0; i < 3; ++i) {
    story.client("S", 0);
    story.wait(1'000'000'000);
  }
  EXPECT_LE(story.table().octets(), 320U);
  const ConnectionReport report = story.report();
  EXPECT_EQ(report.conn_state, "S0");
  EXPECT_EQ(report.directions[0].tcp->counters.retransmissions, 2U);
}

TEST(EarlyPackets, ASynOfAnotherConnectionIsTracked) {
  Story story(kept_early());
  story.client("S", 0);
  story.wait(1'000'000'000);
  story.client("S", 100'000);
  EXPECT_GT(story.table().octets(), 1'000U);
}

TEST(EarlyPackets, MoreThanAFewAreTracked) {
  Story story(kept_early());
  story.handshake();
  for (std::uint32_t i = 0; i < EarlyPackets::bound; ++i) story.client("P.", 1 + 10 * i, 1, 10);
  EXPECT_GT(story.table().octets(), 1'000U);
  EXPECT_EQ(story.report().directions[0].payload_bytes, 10U * EarlyPackets::bound);
}

/// Each of these waits for evidence, ends something or is odd: it needs all that is known.
TEST(EarlyPackets, WhatIsNotOrdinaryIsTracked) {
  const auto is_tracked_behind_handshake = [](auto tell) {
    Story story(kept_early());
    story.handshake();
    tell(story);
    return story.table().octets() > 1'000;
  };
  EXPECT_FALSE(is_tracked_behind_handshake([](Story& story) { story.client("P.", 1, 1, 10); }));
  EXPECT_TRUE(is_tracked_behind_handshake([](Story& story) { story.client("F.", 1, 1); }));
  EXPECT_TRUE(is_tracked_behind_handshake([](Story& story) { story.client("R.", 1, 1); }));
  EXPECT_TRUE(is_tracked_behind_handshake([](Story& story) { story.client("S", 0); }));
  EXPECT_TRUE(is_tracked_behind_handshake([](Story& story) { story.client("P.", 5, 1, 10); }));
  EXPECT_TRUE(is_tracked_behind_handshake([](Story& story) { story.client(".", 0, 1, 1); }));
  EXPECT_TRUE(is_tracked_behind_handshake([](Story& story) { story.client(".", 1, 9); }));
  EXPECT_TRUE(is_tracked_behind_handshake([](Story& story) {
    story.bad_checksum = true;
    story.client("P.", 1, 1, 10);
  }));
  EXPECT_TRUE(is_tracked_behind_handshake([](Story& story) {
    story.wait(-1'000'000'000);
    story.client("P.", 1, 1, 10);
  }));
}

TEST(EarlyPackets, AnIcmpErrorFindsTheirConnection) {
  Story story(kept_early());
  story.client("S", 0);
  EXPECT_TRUE(story.icmp_error(3, 1, 6, 0));
  EXPECT_EQ(story.report().icmp_error_count, 1U);
}

TEST(EarlyPackets, OpenConnectionsOutliveAttempts) {
  FlowLimits limits = kept_early();
  limits.open_conversations = 2;
  Story story(limits);
  story.handshake();
  story.client_port = 50'001;
  story.client("S", 0);
  story.client_port = 50'002;
  story.client("S", 0);
  const auto ended = story.table().take_ended();
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(ended[0].first_frame, 4U);
}

TEST(EarlyPackets, CanBeReadAgain) {
  Story story(kept_early());
  ask_and_answer(story);
  story.table().finish({.frame = 5, .time_ns = 0});
  const EndedConversation ended = story.table().take_ended().at(0);
  const auto read = [&] {
    story.table().conclude(ended);
    return make_connection_report(story.table(), story.table().conversation(ended.index),
                                  TunnelStacks{});
  };
  EXPECT_EQ(read().history, "ShADa");
  story.table().set_aside(ended);
  EXPECT_LE(story.table().octets(), 410U);
  EXPECT_EQ(read().history, "ShADa");
  story.table().release(ended.index);
  EXPECT_EQ(story.table().octets(), 0U);
}

/// Some are tracked and end at once, others are taken in when they are read: what spans them is the
/// same, whichever came to a full table first.
TEST(EarlyPackets, LeaveNothingOutOfWhatSpansConversations) {
  const auto floods = [](const FlowLimits& limits) {
    Story story(limits);
    story.step_ns = test::milliseconds;
    for (std::uint16_t i = 0; i < 200; ++i) {
      story.client_port = 40'000 + i;
      story.client("S", 0);
    }
    story.bad_checksum = true;  // not ordinary
    for (std::uint16_t i = 0; i < 1'200; ++i) {
      story.server_port = 10'000 + i;
      story.client("S", 0);
    }
    const std::vector<Anomaly> found = story.anomalies();
    return std::ranges::count(found, AnomalyType::syn_flood, &Anomaly::type);
  };
  EXPECT_EQ(floods({}), 1);
  EXPECT_EQ(floods(kept_early()), 1);
}

TEST(EarlyPackets, KeepTheirFlowLabel) {
  for (const FlowLimits& limits : {FlowLimits{}, kept_early()}) {
    Story story(limits);
    story.flow_label = 7;
    ask_and_answer(story);
    story.wait(100 * test::milliseconds);
    story.flow_label = 8;
    story.client("P.", 1, 1, 48);
    const auto triggers = story.report().directions[0].tcp->counters.triggers;
    EXPECT_EQ(triggers[static_cast<std::size_t>(Trigger::timeout)], 1U);
  }
}

/// After 2^32 units of the clock by which copies are found.
TEST(EarlyPackets, NoPacketOfAnHourLaterIsACopy) {
  for (const FlowLimits& limits : {FlowLimits{}, kept_early()}) {
    Story story(limits);
    story.fingerprint = 1;
    story.client("S", 0);
    story.fingerprint = 3;
    story.server("S.", 0, 1);
    story.fingerprint = 5;
    story.client(".", 1, 1);
    story.wait((std::int64_t{1} << 42U) - story.step_ns);
    story.hop_limit = 1;
    story.client(".", 1, 1);
    const std::vector<Anomaly> found = story.anomalies();
    EXPECT_EQ(std::ranges::count(found, AnomalyType::duplicate_frame, &Anomaly::type), 0);
  }
}

std::string report_of(const std::string& path, std::string_view format, std::uint8_t kept) {
  AnalysisOptions options;
  options.tracker.limits.early_packets = kept;
  return test::report_of(path, format, options);
}

void expect_same(const std::string& path) {
  for (const std::string_view format : {"json", "jsonl", "text"}) {
    ASSERT_EQ(report_of(path, format, EarlyPackets::bound), report_of(path, format, 0))
        << path << " as " << format;
  }
}

TEST(EarlyPackets, ChangeNoGoldenReport) {
  const auto paths = test::small_captures_below(TAPDECK_GOLDEN_DIR);
  ASSERT_FALSE(paths.empty());
  for (const std::string& path : paths) expect_same(path);
}

TEST(EarlyPackets, ChangeNothingOfOthersCaptures) {
  const std::string corpus = test::corpus_directory();
  if (corpus.empty()) GTEST_SKIP() << "no corpus here";
  for (const std::string& path : test::small_captures_below(corpus)) expect_same(path);
}

}  // namespace
}  // namespace tapdeck
