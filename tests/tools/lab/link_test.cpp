// What the emulated link does to frames, and what it writes down.
#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "captures/failure.h"
#include "dissectors/checksum.h"
#include "dissectors/dissector.h"
#include "tools/bench/frame_maker.h"
#include "tools/lab/link/frame_fate.h"
#include "tools/lab/link/impairment.h"
#include "tools/lab/link/segmentation.h"
#include "tools/lab/link/trigger_watch.h"

namespace tapdeck {
namespace {

constexpr std::int64_t millisecond = 1'000'000;

TEST(Impairment, ReadsItsWords) {
  const Impairment read = parse_impairment(
      "delay=5 jitter=1.5 ordered loss=2.5 burst=3 reorder=1:2-8 duplicate=0.5:0-3 rate=10 "
      "queue=20000 blackout=200-700,900-950 drop=3,7-9");
  EXPECT_EQ(read.delay_ns, 5 * millisecond);
  EXPECT_EQ(read.jitter_ns, 1'500'000);
  EXPECT_TRUE(read.keeps_order);
  EXPECT_EQ(read.loss_per_million, 25'000U);
  EXPECT_EQ(read.burst_frames, 3U);
  EXPECT_EQ(read.reorder_ns.end, 8 * millisecond);
  EXPECT_EQ(read.duplicate_per_million, 5'000U);
  EXPECT_EQ(read.bits_per_second, 10'000'000U);
  EXPECT_EQ(read.queue_octets, 20'000U);
  EXPECT_EQ(read.blackouts_ns.at(1).begin, 900 * millisecond);
  EXPECT_EQ(read.drops.at(1).end, 10);
}

TEST(Impairment, RefusesWhatItDoesNotKnow) {
  for (const char* text : {"lose=1", "loss=much", "loss=101", "reorder=1", "blackout=9-3"}) {
    EXPECT_THROW(static_cast<void>(parse_impairment(text)), Failure) << text;
  }
}

TEST(FateMaker, TheSameSeedGivesTheSameFates) {
  const Impairment impairment =
      parse_impairment("delay=5 jitter=2 loss=10 burst=2 reorder=5:1-9 duplicate=5:0-3");
  FateMaker one(impairment, 42);
  FateMaker other(impairment, 42);
  int lost = 0;
  for (int i = 0; i < 2000; ++i) {
    const Fate a = one.next(i * millisecond, 1500);
    const Fate b = other.next(i * millisecond, 60);
    EXPECT_EQ(a.loss, b.loss);
    EXPECT_EQ(a.delivery_ns, b.delivery_ns);
    EXPECT_EQ(a.copied, b.copied);
    lost += a.loss == Loss::loss ? 1 : 0;
  }
  EXPECT_NEAR(lost, 200, 60);
}

TEST(FateMaker, LosesTheOrdinalsNamedAndAllOfABlackout) {
  FateMaker maker(parse_impairment("delay=1 drop=2,4-5 blackout=60-80"), 1);
  std::string losses;
  for (int i = 0; i < 10; ++i) {
    losses += std::string(to_string(maker.next(i * 10 * millisecond, 100).loss)) + ",";
  }
  EXPECT_EQ(losses, ",loss,,loss,loss,,blackout,blackout,,,");
}

TEST(FateMaker, ANarrowLineDelaysAndItsQueueOverflows) {
  // 1 Mbit/s: 1000 octets take 8 ms.
  FateMaker maker(parse_impairment("delay=1 rate=1 queue=2500"), 1);
  EXPECT_EQ(maker.next(0, 1000).delivery_ns, 9 * millisecond);
  EXPECT_EQ(maker.next(0, 1000).delivery_ns, 17 * millisecond);
  EXPECT_EQ(maker.next(0, 1000).loss, Loss::queue);
  EXPECT_EQ(maker.next(8 * millisecond, 1000).delivery_ns, 25 * millisecond);
}

TEST(FateMaker, OrderedJitterLetsNothingOvertake) {
  FateMaker maker(parse_impairment("delay=5 jitter=50 ordered"), 3);
  std::int64_t last = 0;
  for (int i = 0; i < 200; ++i) {
    const Fate fate = maker.next(i * millisecond, 100);
    EXPECT_GE(fate.delivery_ns, last);
    last = fate.delivery_ns;
  }
}

TEST(FateMaker, ACopyComesBehindItsFrame) {
  FateMaker maker(parse_impairment("delay=5 reorder=50:1-30 duplicate=100:0-3"), 3);
  for (int i = 0; i < 200; ++i) {
    const Fate fate = maker.next(i * millisecond, 100);
    EXPECT_TRUE(fate.copied);
    EXPECT_GT(fate.copy_delivery_ns, fate.delivery_ns);
  }
}

TEST(FrameFates, AreReadAsTheyWereWritten) {
  const std::string path = std::filesystem::temp_directory_path() /
                           ("tapdeck_fates_" + std::to_string(getpid()) + ".tsv");
  FrameFate delivered{.way = Way::up,
                      .ordinal = 7,
                      .seq = 4'000'000'000,
                      .seq_octets = 1448,
                      .sent_ns = 1'700'000'000'123'456'789,
                      .delivered_ns = 1'700'000'000'200'000'000,
                      .copy_delivered_ns = 1'700'000'000'300'000'000,
                      .trigger = "timeout|go_back_n"};
  delivered.captured_at(CapturePoint::client) = {.frame = 9};
  delivered.captured_at(CapturePoint::server) = {.frame = 5, .copy = 8};
  FrameFate lost{.way = Way::down, .ordinal = 1, .loss = Loss::queue};
  write_fates(path, {delivered, lost});
  const auto read = read_fates(path);
  std::filesystem::remove(path);
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read[0].seq, delivered.seq);
  EXPECT_EQ(read[0].sent_ns, delivered.sent_ns);
  EXPECT_EQ(read[0].delivered_ns, delivered.delivered_ns);
  EXPECT_EQ(read[0].copy_delivered_ns, delivered.copy_delivered_ns);
  EXPECT_EQ(read[0].trigger, delivered.trigger);
  EXPECT_EQ(read[0].captured_at(CapturePoint::server).copy, 8U);
  EXPECT_EQ(read[0].captured_at(CapturePoint::missing).frame, 0U);
  EXPECT_EQ(read[1].way, Way::down);
  EXPECT_EQ(read[1].loss, Loss::queue);
  EXPECT_FALSE(read[1].delivered_ns);
}

TEST(Segmentation, CutsALongSegmentIntoFramesThatAreRight) {
  for (const GeneratedIp ip : {GeneratedIp::version_4, GeneratedIp::version_6}) {
    FrameMaker maker;
    const std::vector<std::byte> payload(1000, std::byte{0x5a});
    const Bytes whole =
        maker.tcp({.from = {1, 1}, .to = {2, 2}, .ip = ip},
                  {.seq = 0xffff'ff00, .flags = tcp_bits::ack | tcp_bits::psh}, payload);
    TapFrame sent{.bytes = {whole.begin(), whole.end()},
                  .offload = {.checksum_missing = true, .segment_octets = 400}};
    const auto frames = frames_on_the_wire(sent);
    ASSERT_EQ(frames.size(), 3U);
    std::uint32_t seq = 0xffff'ff00;
    for (std::size_t i = 0; i < frames.size(); ++i) {
      const SequencePlace place = sequence_place_of(frames[i]);
      EXPECT_EQ(place.seq, seq);
      EXPECT_EQ(place.octets, i < 2 ? 400U : 200U);
      seq += place.octets;
      Dissector dissector;
      Dissection dissection;
      dissector.dissect(
          {.wire_length = static_cast<std::uint32_t>(frames[i].size()), .bytes = frames[i]},
          dissection);
      EXPECT_EQ(verify_checksums(dissection).transport, ChecksumStatus::good);
      EXPECT_NE(verify_checksums(dissection).network, ChecksumStatus::bad);
    }
  }
}

TEST(TriggerPool, ARepeatClaimsTheCounterThatRose) {
  TriggerPool pool;
  EXPECT_EQ(pool.claim({0, 0, 2, 0}), "recovery");
  EXPECT_EQ(pool.claim({0, 0, 2, 0}), "recovery");
  EXPECT_EQ(pool.claim({0, 0, 2, 0}), "");
  EXPECT_EQ(pool.claim({1, 0, 2, 3}), "timeout|go_back_n");
  EXPECT_EQ(pool.claim({1, 0, 2, 3}), "go_back_n");
}

TEST(Misses, TakeSingleFramesAndRuns) {
  Misses misses("single=3 burst=1:5", 11);
  int missed = 0;
  for (int i = 0; i < 10'000; ++i) missed += misses.next() ? 1 : 0;
  EXPECT_NEAR(missed, 600, 150);
}

}  // namespace
}  // namespace tapdeck
