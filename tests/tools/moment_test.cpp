#include "tools/tapdeck/moment.h"

#include <gtest/gtest.h>

#include "captures/failure.h"

namespace tapdeck {
namespace {

using Kind = WantedMoment::Kind;

constexpr std::int64_t seconds = 1'000'000'000;
constexpr std::int64_t leap_day = 1'709'251'199 * seconds;  // 2024-02-29T23:59:59Z

constexpr MomentForms forms{.option = "at", .examples = "12.5s"};

WantedMoment parsed(const std::string& text) { return parse_moment(text, forms); }

TEST(Moment, IsReadInEveryForm) {
  const auto absolute = [](std::int64_t ns) {
    return WantedMoment{.kind = Kind::absolute, .ns = ns};
  };
  const auto relative = [](std::int64_t ns) {
    return WantedMoment{.kind = Kind::relative, .ns = ns};
  };
  EXPECT_EQ(parsed("end"), WantedMoment{});
  EXPECT_EQ(parsed("frame:12"), (WantedMoment{.kind = Kind::frame, .frame = 12}));
  EXPECT_EQ(parsed("#12"), (WantedMoment{.kind = Kind::frame, .frame = 12}));
  EXPECT_EQ(parsed("2024-02-29T23:59:59Z"), absolute(leap_day));
  EXPECT_EQ(parsed("2024-02-29 23:59:59.000000001z"), absolute(leap_day + 1));
  EXPECT_EQ(parsed("2024-03-01T01:29:59+01:30"), absolute(leap_day));
  EXPECT_EQ(parsed("1709251199.5"), absolute(leap_day + seconds / 2));
  EXPECT_EQ(parsed("1709251199.1234567891"), absolute(leap_day + 123'456'789));
  EXPECT_EQ(parsed("12.5s"), relative(12'500'000'000));
  EXPECT_EQ(parsed("+12.5"), relative(12'500'000'000));
  EXPECT_EQ(parsed("+1m"), relative(60 * seconds));
  EXPECT_EQ(parsed("1m30s"), relative(90 * seconds));
  EXPECT_EQ(parsed("1.5h"), relative(5400 * seconds));
  EXPECT_EQ(parsed("250ms"), relative(seconds / 4));
  EXPECT_EQ(parsed("0.5us"), relative(500));
}

TEST(Moment, RefusesWhatMeansNothing) {
  for (const char* text : {"",
                           "later",
                           "frame:",
                           "frame:0",
                           "#-1",
                           "1.s",
                           "s",
                           "12.5 s",
                           "-3s",
                           "2024-02-30T00:00:00Z",
                           "2024-02-29",
                           "2024-02-29T24:00:00Z",
                           "2024-02-29T23:59:59",
                           "2024-02-29T23:59:.5Z",
                           "2024-02-29T23:59:5Z",
                           "2024-02-29T23:59:59+1:00",
                           "1m30",
                           "99999999999999999999",
                           "99999999999h",
                           "9223372036.9"}) {
    EXPECT_THROW((void)parsed(text), Failure) << text;
  }
}

TEST(Moment, IsNoneOfACaptureWhereThereIsNone) {
  constexpr MomentForms times{.option = "start-at", .examples = "+30s", .of_capture = false};
  EXPECT_EQ(parse_moment("+12.5", times).kind, Kind::relative);
  for (const char* text : {"end", "frame:12", "#12", "soon"}) {
    try {
      (void)parse_moment(text, times);
      ADD_FAILURE() << text;
    } catch (const Failure& failure) {
      EXPECT_EQ(std::string(failure.what()),
                "--start-at: '" + std::string(text) + "' is no moment as in\n+30s");
    }
  }
}

Packet packet_at(std::uint64_t number, std::int64_t time_ns) {
  Packet packet;
  packet.number = number;
  packet.time_ns = time_ns;
  return packet;
}

TEST(MomentGate, ARelativeTimeCountsFromTheFirstPacket) {
  MomentGate gate({.kind = Kind::relative, .ns = seconds});
  EXPECT_FALSE(gate.time_ns());
  EXPECT_TRUE(gate.admits(packet_at(1, 100 * seconds)));
  EXPECT_EQ(gate.time_ns(), 101 * seconds);
  EXPECT_TRUE(gate.admits(packet_at(2, 101 * seconds)));
  EXPECT_FALSE(gate.admits(packet_at(3, 101 * seconds + 1)));
  EXPECT_FALSE(gate.is_past()) << "an earlier one may follow";
  EXPECT_TRUE(gate.has_later());
  EXPECT_TRUE(gate.admits(packet_at(4, 101 * seconds - 1)));
  EXPECT_FALSE(gate.admits(packet_at(5, 103 * seconds)));
  EXPECT_TRUE(gate.is_past());
}

TEST(MomentGate, ARelativeTimeBeyondAllTimesIsTheirEnd) {
  MomentGate gate({.kind = Kind::relative, .ns = INT64_MAX});
  EXPECT_TRUE(gate.admits(packet_at(1, 100 * seconds)));
  EXPECT_EQ(gate.time_ns(), INT64_MAX);
  EXPECT_TRUE(gate.admits(packet_at(2, 1'000'000 * seconds)));
}

TEST(MomentGate, AFrameIsTheLastOne) {
  MomentGate gate({.kind = Kind::frame, .frame = 2});
  EXPECT_TRUE(gate.admits(packet_at(1, 5)));
  EXPECT_TRUE(gate.admits(packet_at(2, 9)));
  EXPECT_FALSE(gate.is_past());
  EXPECT_FALSE(gate.admits(packet_at(3, 1)));
  EXPECT_TRUE(gate.is_past());
  EXPECT_FALSE(gate.time_ns());
}

TEST(MomentGate, TheEndTakesAll) {
  MomentGate gate({});
  EXPECT_TRUE(gate.admits(packet_at(1, INT64_MAX)));
  EXPECT_TRUE(gate.admits(packet_at(2, INT64_MIN)));
  EXPECT_FALSE(gate.is_past());
}

}  // namespace
}  // namespace tapdeck
