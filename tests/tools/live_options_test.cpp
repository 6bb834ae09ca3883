#include "tools/tapdeck/live_options.h"

#include <gtest/gtest.h>

#include "captures/failure.h"
#include "tools/duration.h"
#include "tools/tapdeck/live_limits.h"

namespace tapdeck {
namespace {

constexpr std::int64_t second = 1'000'000'000;

TEST(Rotation, IsASizeATimeAndPackets) {
  EXPECT_EQ(parse_rotation("100M").octets, std::uint64_t{100} << 20U);
  EXPECT_EQ(parse_rotation("10m").duration_ns, 600 * second);
  EXPECT_EQ(parse_rotation("50000p").packets, 50'000U);
  const Rotation all = parse_rotation("1G,1h,5p");
  EXPECT_EQ(all.octets, std::uint64_t{1} << 30U);
  EXPECT_EQ(all.duration_ns, 3'600 * second);
  EXPECT_EQ(all.packets, 5U);
  for (const char* wrong : {"", "100", "M", "p", "0p", "1M,", ",1M", "5q", "1.5M"}) {
    EXPECT_THROW((void)parse_rotation(wrong), Failure) << wrong;
  }
}

TEST(BufferSize, IsInKibibytesAsTcpdumpHasIt) {
  EXPECT_EQ(parse_buffer_size("4096"), std::uint64_t{4} << 20U);
  EXPECT_EQ(parse_buffer_size("64M"), std::uint64_t{64} << 20U);
  for (const char* wrong : {"", "0", "x", "2G", "-1"}) {
    EXPECT_THROW((void)parse_buffer_size(wrong), Failure) << wrong;
  }
}

TEST(DropAllowance, IsACountOrAShare) {
  const LiveCounts counts{
      .captured = 990, .received = 999, .dropped_by_kernel = 9, .dropped_by_interface = 1};
  EXPECT_TRUE(parse_drop_allowance("0").is_exceeded_by(counts));
  EXPECT_TRUE(parse_drop_allowance("9").is_exceeded_by(counts));
  EXPECT_FALSE(parse_drop_allowance("10").is_exceeded_by(counts));
  EXPECT_TRUE(parse_drop_allowance("0.9%").is_exceeded_by(counts));
  EXPECT_FALSE(parse_drop_allowance("1%").is_exceeded_by(counts));
  EXPECT_FALSE(parse_drop_allowance("0").is_exceeded_by({}));
  EXPECT_FALSE(parse_drop_allowance("0%").is_exceeded_by({}));
  for (const char* wrong : {"", "%", "-1", "101%", "1x%", "x"}) {
    EXPECT_THROW((void)parse_drop_allowance(wrong), Failure) << wrong;
  }
}

TEST(LiveLimits, LeaveRoomForWhatElseIsKept) {
  constexpr std::uint64_t taken = std::uint64_t{160} << 20U;
  EXPECT_EQ((live_limits("512M").octets - live_limits("512M", taken).octets) * 256, taken);
  EXPECT_NO_THROW((void)live_limits("192M"));
  EXPECT_NO_THROW((void)live_limits("352M", taken));
  EXPECT_THROW((void)live_limits("351M", taken), Failure);
}

TEST(TimeSpan, IsMoreThanNothing) {
  EXPECT_EQ(parse_time_span("duration", "1ms"), 1'000'000);
  EXPECT_THROW((void)parse_time_span("duration", "0"), Failure);
}

TEST(CountsText, SaysWhatTcpdumpSays) {
  EXPECT_EQ(counts_text({.captured = 1, .received = 3, .dropped_by_kernel = 2}),
            "1 packet captured\n3 packets received by filter\n2 packets dropped by kernel\n");
  EXPECT_NE(counts_text({.dropped_by_interface = 1}).find("1 packet dropped by interface\n"),
            std::string::npos);
}

}  // namespace
}  // namespace tapdeck
