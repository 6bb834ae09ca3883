// Places of frames: exact after as many frames as there may be, whatever the pace and the loops.
#include "tools/replay/schedule.h"

#include <cstdlib>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "captures/failure.h"
#include "tools/duration.h"
#include "tools/replay/clock.h"

namespace tapdeck {
namespace {

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t millisecond = 1'000'000;

std::vector<std::int64_t> places(Schedule& schedule, const std::vector<std::int64_t>& times_ns) {
  std::vector<std::int64_t> result;
  for (const std::int64_t time : times_ns) result.push_back(schedule.place(time, 100).value());
  return result;
}

using Places = std::vector<std::int64_t>;

TEST(Schedule, KeepsTheGapsOfTheCapture) {
  Schedule schedule({});
  EXPECT_EQ(places(schedule, {1'700'000'000'000'000'007, 1'700'000'000'000'000'010,
                              1'700'000'001'000'000'007}),
            (Places{0, 3, second}));
}

TEST(Schedule, DividesTheCapturesTimeByTheSpeed) {
  Schedule twice({.rate = {.numerator = 2, .denominator = 1}});
  EXPECT_EQ(places(twice, {0, 3, 1000}), (Places{0, 1, 500}));
  Schedule half({.rate = parse_rate("speed", "0.5")});
  EXPECT_EQ(places(half, {0, 3, 1000}), (Places{0, 6, 2000}));
}

TEST(Schedule, AddsUpNoErrorOverLoopsAtAnySpeed) {
  // Three frames 10 ns apart: a loop takes 20 ns and the mean gap, 30 ns in all, or 60 at half the
  // speed, or 30/0.7.
  for (const char* speed : {"1", "0.5", "0.7", "3"}) {
    const Rate rate = parse_rate("speed", speed);
    Schedule schedule({.rate = rate});
    for (int loop = 0; loop < 100'000; ++loop) {
      if (loop > 0) schedule.begin_loop();
      const auto base = std::int64_t{30} * loop;
      for (const std::int64_t time : {0, 10, 20}) {
        const std::int64_t exact = (base + time) * static_cast<std::int64_t>(rate.denominator) /
                                   static_cast<std::int64_t>(rate.numerator);
        ASSERT_EQ(schedule.place(500 + time, 60).value(), exact) << speed << ", loop " << loop;
      }
    }
  }
}

TEST(Schedule, SendsWhatTheClockSetBackWroteAndGoesOnFromThere) {
  Schedule schedule({});
  EXPECT_EQ(places(schedule, {100 * second, 101 * second, 50 * second, 51 * second}),
            (Places{0, second, second, 2 * second}));
  EXPECT_EQ(schedule.counts().times_backwards, 1U);
}

TEST(Schedule, SendsRecordsThatWereWrittenLateAtOnceAndKeepsTheOthersPlaces) {
  Schedule schedule({});
  EXPECT_EQ(places(schedule, {0, 10, 5, 7, 12}), (Places{0, 10, 10, 10, 12}));
  EXPECT_EQ(schedule.counts().times_backwards, 2U);
}

TEST(Schedule, CutsGapsAsTheyAreSent) {
  Schedule schedule({.rate = {.numerator = 2}, .max_gap_ns = second});
  EXPECT_EQ(places(schedule, {0, 2 * second, 10 * second, 11 * second}),
            (Places{0, second, 2 * second, 2 * second + second / 2}));
  EXPECT_EQ(schedule.counts().gaps_cut, 1U);
}

TEST(Schedule, PausesBetweenLoopsInsteadOfTheMeanGap) {
  Schedule schedule({.loop_pause_ns = 5 * second});
  EXPECT_EQ(places(schedule, {0, second}), (Places{0, second}));
  schedule.begin_loop();
  EXPECT_EQ(places(schedule, {0, second}), (Places{6 * second, 7 * second}));
  schedule.begin_loop();
  EXPECT_EQ(places(schedule, {0, second}), (Places{12 * second, 13 * second}));
}

TEST(Schedule, PausesAtARateToo) {
  Schedule schedule({.pace = Pace::frames_per_second,
                     .rate = parse_rate("pps", "1"),
                     .loop_pause_ns = 10 * second});
  EXPECT_EQ(places(schedule, {0, 0}), (Places{0, second}));
  schedule.begin_loop();
  EXPECT_EQ(places(schedule, {0, 0}), (Places{12 * second, 13 * second}));
}

TEST(Schedule, TakesFractionsOfAPacketASecond) {
  Schedule schedule({.pace = Pace::frames_per_second, .rate = parse_rate("pps", "0.5")});
  EXPECT_EQ(places(schedule, {7, 7, 7}), (Places{0, 2 * second, 4 * second}));
}

/// Waits for each of the frames from the position on by a clock that jumps.
void expect_exact(Pace pace, const char* rate, std::uint64_t position, long double exact_step) {
  Schedule schedule({.pace = pace, .rate = parse_rate("rate", rate)}, position);
  JumpingClock clock;
  for (std::uint64_t frame = position; frame < position + 1000; ++frame) {
    const std::int64_t time = clock.wait_until(schedule.place(0, 1).value());
    const auto exact = static_cast<std::int64_t>(static_cast<long double>(frame) * exact_step);
    ASSERT_LE(std::abs(time - exact), 1) << rate << " at " << frame;
  }
}

TEST(Schedule, IsRightAfterTwoToThe33Packets) {
  constexpr auto a_second = static_cast<long double>(second);
  for (const unsigned bits : {0U, 31U, 32U, 33U, 40U}) {
    const std::uint64_t packets = (std::uint64_t{1} << bits) - 1;
    expect_exact(Pace::frames_per_second, "1488095.24", packets, a_second / 1488095.24L);
    expect_exact(Pace::frames_per_second, "10000", packets, a_second / 10'000);
    expect_exact(Pace::frames_per_second, "14880952", packets, a_second / 14'880'952);
  }
}

TEST(Schedule, IsRightAfterManyOctets) {
  for (const unsigned bits : {31U, 32U, 33U, 45U}) {
    const std::uint64_t octets = (std::uint64_t{1} << bits) - 1;
    expect_exact(Pace::megabits_per_second, "9.7", octets, 8000 / 9.7L);
    expect_exact(Pace::megabits_per_second, "100000", octets, 0.08L);
  }
}

TEST(Schedule, CountsTheOctetsOfLayer2OrOfTheWire) {
  Schedule layer_2({.pace = Pace::megabits_per_second, .rate = parse_rate("mbps", "8")});
  EXPECT_EQ(layer_2.place(0, 1000), 0);
  EXPECT_EQ(layer_2.place(0, 40), millisecond);
  EXPECT_EQ(layer_2.place(0, 40), millisecond + 40'000);
  Schedule layer_1(
      {.pace = Pace::megabits_per_second, .rate = parse_rate("mbps", "8"), .counts_layer_1 = true});
  EXPECT_EQ(layer_1.place(0, 976), 0);
  EXPECT_EQ(layer_1.place(0, 40), millisecond);
  EXPECT_EQ(layer_1.place(0, 40), millisecond + 84'000);
}

TEST(Schedule, HasEveryFrameDueAtOnceAtTopSpeed) {
  Schedule schedule({.pace = Pace::top_speed});
  EXPECT_EQ(places(schedule, {0, second, 2 * second}), (Places{0, 0, 0}));
  EXPECT_FALSE(schedule.is_paced());
}

TEST(Schedule, HasNoPlaceThatIsMoreThanACenturyAway) {
  constexpr auto earliest = std::numeric_limits<std::int64_t>::min();
  constexpr auto latest = std::numeric_limits<std::int64_t>::max();
  Schedule wide({});
  EXPECT_EQ(wide.place(0, 100), 0);
  EXPECT_EQ(wide.place(century_ns, 100), century_ns);
  EXPECT_EQ(wide.place(century_ns + 1, 100), std::nullopt);
  Schedule slow({.rate = parse_rate("speed", "0.000000001")});
  EXPECT_EQ(slow.place(earliest, 100), 0);
  for (const std::int64_t time : {latest, earliest, latest}) {
    EXPECT_EQ(slow.place(time, 100), std::nullopt);
  }
  Schedule rare({.pace = Pace::frames_per_second, .rate = parse_rate("pps", "0.000000001")});
  for (const std::int64_t place : {0, 1, 2, 3}) {
    EXPECT_EQ(rare.place(0, 100), place * 1'000'000'000 * second);
  }
  EXPECT_EQ(rare.place(0, 100), std::nullopt);
  Schedule pausing({.pace = Pace::top_speed, .loop_pause_ns = century_ns});
  EXPECT_EQ(pausing.place(0, 100), 0);
  pausing.begin_loop();
  EXPECT_EQ(pausing.place(0, 100), century_ns);
  pausing.begin_loop();
  EXPECT_EQ(pausing.place(0, 100), std::nullopt);
}

TEST(Rate, IsReadExactly) {
  EXPECT_EQ(parse_rate("pps", "0.1").numerator, 1U);
  EXPECT_EQ(parse_rate("pps", "0.1").denominator, 10U);
  EXPECT_EQ(parse_rate("pps", "1000000").numerator, 1'000'000U);
  for (const char* text :
       {"", "0", "-1", "1e3", ".", "x", "0.0000000001", "1.2.3", "99999999999999999999"}) {
    EXPECT_THROW(static_cast<void>(parse_rate("pps", text)), Failure) << text;
  }
}

TEST(Rate, IsShownAsItWasWritten) {
  for (const char* text : {"1", "0.5", "0.000000001", "1000000.25", "123456789012345678"}) {
    EXPECT_EQ(to_string(parse_rate("pps", text)), text);
  }
  EXPECT_EQ(to_string(parse_rate("pps", "2.50")), "2.5");
}

}  // namespace
}  // namespace tapdeck
