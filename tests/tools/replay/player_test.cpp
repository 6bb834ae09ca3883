// When frames leave, in which batches, and what is counted, by a clock that jumps.
#include "tools/replay/player.h"

#include <algorithm>
#include <cerrno>
#include <numeric>

#include <gtest/gtest.h>

#include "tests/tools/replay/frame_packets.h"
#include "tools/duration.h"
#include "tools/replay/replay_report.h"

namespace tapdeck::test {
namespace {

constexpr std::int64_t start = 1000;
constexpr std::size_t memory = std::size_t{64} << 20U;

/// Late by so much at each wait that the list has an entry for.
class LateClock final : public Clock {
 public:
  std::vector<std::int64_t> late_ns;

  [[nodiscard]] std::int64_t now() override { return x_now; }
  std::int64_t wait_until(std::int64_t time_ns) override {
    const std::int64_t late = x_wait < late_ns.size() ? late_ns[x_wait] : 0;
    ++x_wait;
    x_now = std::max(x_now, time_ns) + late;
    return x_now;
  }

 private:
  std::int64_t x_now = 0;
  std::size_t x_wait = 0;
};

class Play : public ::testing::Test {
 protected:
  PlayStatistics play(Frames& frames, const ScheduleOptions& schedule, PlayerOptions options = {}) {
    options.start_ns = start;
    FrameFeed feed(frames.maker(), memory, options.loops != 1, thread);
    Player player(options, schedule, clock, {&client, &server}, controls);
    return player.play(feed);
  }

  [[nodiscard]] std::vector<std::int64_t> times() const {
    std::vector<std::int64_t> result;
    for (const Sent& sent : log) result.push_back(sent.at_ns - start);
    return result;
  }
  [[nodiscard]] std::vector<std::uint64_t> numbers() const {
    std::vector<std::uint64_t> result;
    for (const Sent& sent : log) result.push_back(sent.number);
    return result;
  }

  LateClock clock;
  std::vector<Sent> log;
  RecordingTransmitter client{clock, log, 0};
  RecordingTransmitter server{clock, log, 1};
  PlayerControls controls;
  FrameFeed::Thread thread = FrameFeed::Thread::own;
};

using Times = std::vector<std::int64_t>;

TEST_F(Play, SendsEachFrameAtItsPlace) {
  Frames frames({7, 17, 40});
  const PlayStatistics played = play(frames, {});
  EXPECT_EQ(times(), (Times{0, 10, 33}));
  EXPECT_EQ(played.attempted, 3U);
  EXPECT_EQ(played.sent(), (TransmitCounts{.frames = 3, .octets = 300}));
  EXPECT_EQ(played.lateness_ns.max(), 0);
  EXPECT_EQ(played.end, PlayEnd::complete);
  EXPECT_EQ(client.finished, 1);
}

TEST_F(Play, SendsAllThatIsDueInOneBatchAndNothingBeforeItsTime) {
  Frames frames({0, 10, 20, 30, 1000});
  clock.late_ns = {0, 25};  // when waiting for the second one
  const PlayStatistics played = play(frames, {});
  EXPECT_EQ(times(), (Times{0, 35, 35, 35, 1000}));
  EXPECT_EQ(log[1].batch, log[3].batch);
  EXPECT_NE(log[3].batch, log[4].batch);
  EXPECT_EQ(played.lateness_ns.max(), 25);
  EXPECT_EQ(played.lateness_ns.quantile(0.4), 0);
  EXPECT_EQ(played.late, 0U);
}

TEST_F(Play, IsOnTimeAgainAfterBeingLate) {
  std::vector<std::int64_t> captured(1000);
  std::iota(captured.begin(), captured.end(), 0);
  for (std::int64_t& time : captured) time *= 10'000;
  Frames frames(captured, 7);
  clock.late_ns = {0, 0, 0, 2'000'000, 300, 0, 17};
  const PlayStatistics played = play(frames, {});
  EXPECT_EQ(times().back(), captured.back());
  EXPECT_GT(played.late, 0U);
  EXPECT_EQ(played.lateness_ns.max(), 2'000'000);
  std::vector<std::uint64_t> order(1000);
  std::iota(order.begin(), order.end(), 1);
  EXPECT_EQ(numbers(), order);
}

TEST_F(Play, SendsLargeBatchesAtTopSpeed) {
  Frames frames(Times(1000));
  const PlayStatistics played = play(frames, {.pace = Pace::top_speed});
  EXPECT_EQ(log.back().batch, 3U);  // of 256
  EXPECT_EQ(played.lateness_ns.count(), 0U);
}

TEST_F(Play, LoopsFromMemoryWithoutMakingFramesAgain) {
  Frames frames({0, 10, 20});
  const PlayStatistics played = play(frames, {}, {.loops = 3});
  EXPECT_EQ(times(), (Times{0, 10, 20, 30, 40, 50, 60, 70, 80}));
  EXPECT_EQ(frames.readings, 1U);
  EXPECT_EQ(played.loops, 3U);
}

TEST_F(Play, EndsALoopWithoutEndAtTheLimit) {
  Frames frames({0, 10, 20});
  const PlayStatistics played = play(frames, {}, {.loops = 0, .frame_limit = 5});
  EXPECT_EQ(numbers(), (std::vector<std::uint64_t>{1, 2, 3, 1, 2}));
  EXPECT_EQ(played.end, PlayEnd::limit);
  EXPECT_EQ(client.finished, 1);
}

TEST_F(Play, EndsBeforeTheFirstFrameBehindTheDuration) {
  Frames frames({0, 10, 20});
  const PlayStatistics played = play(frames, {}, {.loops = 0, .duration_ns = 41});
  EXPECT_EQ(times(), (Times{0, 10, 20, 30, 40}));
  EXPECT_EQ(played.end, PlayEnd::duration);
}

TEST_F(Play, EndsBeforeAFrameThatNobodyWouldWaitFor) {
  Frames frames({0, 10, century_ns + 1, century_ns + 1});
  const PlayStatistics played = play(frames, {});
  EXPECT_EQ(times(), (Times{0, 10}));
  EXPECT_EQ(played.end, PlayEnd::beyond_century);
  EXPECT_EQ(client.finished, 1);
}

TEST_F(Play, EndsByItsDurationWhateverFollows) {
  Frames frames({0, 10, century_ns + 1});
  EXPECT_EQ(play(frames, {}, {.duration_ns = 11}).end, PlayEnd::duration);
  Frames pausing({0, 0});
  log.clear();
  const PlayStatistics played = play(pausing, {.pace = Pace::top_speed, .loop_pause_ns = 100},
                                     {.loops = 0, .duration_ns = 50});
  EXPECT_EQ(played.end, PlayEnd::duration);
  EXPECT_EQ(numbers(), (std::vector<std::uint64_t>{1, 2}));
}

TEST_F(Play, HasLastedForNothingBeforeItsStart) {
  PlayStatistics waiting;
  waiting.start_ns = 5000;
  waiting.now_ns = 1000;
  EXPECT_EQ(waiting.duration_ns(), 0);
  EXPECT_NE(play_text(waiting, {}).find("due in 4.000 us"), std::string::npos);
}

TEST_F(Play, EndsAnEndlessLoopOverNothing) {
  Frames frames({});
  const PlayStatistics played = play(frames, {}, {.loops = 0});
  EXPECT_EQ(played.attempted, 0U);
}

TEST_F(Play, KeepsTheOrderAcrossTwoSides) {
  Frames frames(Times(300), 64);
  frames.side = [](std::size_t index) { return static_cast<std::uint8_t>(index / 3 % 2); };
  for (const Pace pace : {Pace::top_speed, Pace::as_captured}) {
    log.clear();
    static_cast<void>(play(frames, {.pace = pace}));
    frames = Frames(Times(300), 64);
    frames.side = [](std::size_t index) { return static_cast<std::uint8_t>(index / 3 % 2); };
    ASSERT_EQ(log.size(), 300U);
    for (std::size_t i = 0; i < log.size(); ++i) {
      EXPECT_EQ(log[i].number, i + 1);
      EXPECT_EQ(log[i].side, i / 3 % 2);
    }
  }
}

TEST_F(Play, CountsARefusedFrameByItsErrorAndGoesOn) {
  Frames frames(Times(10));
  client.error = EMSGSIZE;
  client.take = [](std::span<const Packet> some) {
    const auto refused = std::ranges::find(some, 4U, &Packet::number);
    return static_cast<std::size_t>(refused - some.begin());
  };
  const PlayStatistics played = play(frames, {.pace = Pace::top_speed});
  EXPECT_EQ(numbers(), (std::vector<std::uint64_t>{1, 2, 3, 5, 6, 7, 8, 9, 10}));
  EXPECT_EQ(played.attempted, 10U);
  EXPECT_EQ(played.failed, (std::map<int, std::uint64_t>{{EMSGSIZE, 1}}));
  EXPECT_EQ(played.failed_frames(), 1U);
}

TEST_F(Play, GivesUpOnAnInterfaceThatIsDown) {
  Frames frames(Times(10));
  client.error = ENETDOWN;
  client.take = [](std::span<const Packet>) { return std::size_t{2}; };
  const PlayStatistics played = play(frames, {.pace = Pace::top_speed});
  EXPECT_EQ(numbers(), (std::vector<std::uint64_t>{1, 2}));
  EXPECT_EQ(played.end, PlayEnd::broken);
  EXPECT_EQ(played.failed_frames(), 1U);
}

TEST_F(Play, StopsWhenItIsTold) {
  Frames frames({0, 10, 20'000'000'000});
  client.take = [this](std::span<const Packet> some) {
    controls.stop = some.back().number == 2;
    return some.size();
  };
  const PlayStatistics played = play(frames, {});
  EXPECT_EQ(numbers(), (std::vector<std::uint64_t>{1, 2}));
  EXPECT_EQ(played.end, PlayEnd::stopped);
  EXPECT_EQ(client.finished, 1);
}

TEST_F(Play, AsksBeforeEachFrameInSteps) {
  Frames frames({0, 10, 20});
  const PlayStatistics played =
      play(frames, {.pace = Pace::by_key},
           {.may_send = [](const Packet& next) { return next.number < 3; }});
  EXPECT_EQ(numbers(), (std::vector<std::uint64_t>{1, 2}));
  EXPECT_NE(log[0].batch, log[1].batch);
  EXPECT_EQ(played.end, PlayEnd::stopped);
}

TEST_F(Play, StampsPlacesWhereTheCaptureHadOtherTimes) {
  Frames frames({500, 900});
  std::vector<std::int64_t> stamps;
  client.take = [&](std::span<const Packet> some) {
    for (const Packet& frame : some) stamps.push_back(frame.time_ns);
    return some.size();
  };
  static_cast<void>(play(frames, {.rate = {.numerator = 2}}, {.loops = 2, .stamps_places = true}));
  EXPECT_EQ(stamps, (Times{500, 700, 900, 1100}));
}

TEST_F(Play, TellsWhereItIsToWhoeverAsks) {
  Frames frames({0, 10, 20});
  std::optional<PlayStatistics> told;
  std::thread asking;
  client.take = [&](std::span<const Packet> some) {
    if (some.front().number == 2) {
      asking = std::thread([&] { told = controls.board.ask(std::chrono::seconds(20)); });
      while (!controls.board.is_asked()) std::this_thread::yield();
    }
    return some.size();
  };
  static_cast<void>(play(frames, {}));
  asking.join();
  ASSERT_TRUE(told.has_value());
  EXPECT_EQ(told->attempted, 2U);
}

TEST_F(Play, TellsWhatWasSentAndWhere) {
  Frames frames({0, 10, 20});
  Times places;
  static_cast<void>(play(
      frames, {},
      {.on_sent = [&](std::size_t, std::span<const Packet> some, std::span<const std::int64_t> at) {
        EXPECT_EQ(some.size(), at.size());
        places.insert(places.end(), at.begin(), at.end());
      }}));
  EXPECT_EQ(places, (Times{0, 10, 20}));
}

}  // namespace
}  // namespace tapdeck::test
