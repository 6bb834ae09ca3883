#include "analyzer/report/packet_time.h"

#include <limits>

#include <gtest/gtest.h>

#include "tests/analyzer/report/packet_samples.h"

namespace tapdeck {
namespace {

std::string time_of(std::int64_t time_ns, PacketTimeStyle style, std::uint8_t digits = 6) {
  auto packet = test::dissect(test::hex(test::arp_request));
  packet.packet.time_ns = time_ns;
  packet.packet.time_digits = digits;
  return packet_time({.packet = packet.packet,
                      .dissection = packet.dissection,
                      .first_ns = 1'000'000'000,
                      .previous_ns = 2'000'000'000,
                      .interface_name = {}},
                     style);
}

TEST(PacketTime, CountsFromTheFirstPacket) {
  EXPECT_EQ(time_of(3'500'000'000, {PacketTimeFormat::relative}), "2.500000");
  EXPECT_EQ(time_of(3'500'000'001, {PacketTimeFormat::relative}, 9), "2.500000001");
}

TEST(PacketTime, MayRunBackwards) {
  EXPECT_EQ(time_of(1'999'000'000, {PacketTimeFormat::delta}), "-0.001000");
}

TEST(PacketTime, CountsFromTheEpoch) {
  EXPECT_EQ(time_of(1'795'233'859'000'177'182, {PacketTimeFormat::epoch}, 9),
            "1795233859.000177182");
}

TEST(PacketTime, IsShownInUtc) {
  EXPECT_EQ(time_of(1'795'233'859'000'177'000, {PacketTimeFormat::utc}),
            "2026-11-21T04:04:19.000177Z");
}

TEST(PacketTime, IsShownInTheUsersZone) {
  const PacketTimeStyle india{PacketTimeFormat::local,
                              [](std::int64_t) -> std::int32_t { return 19'800; }};
  EXPECT_EQ(time_of(1'795'233'859'000'177'000, india), "2026-11-21T09:34:19.000177+05:30");
  const PacketTimeStyle newfoundland{PacketTimeFormat::local,
                                     [](std::int64_t) -> std::int32_t { return -12'600; }};
  EXPECT_EQ(time_of(1'795'233'859'000'177'000, newfoundland), "2026-11-21T00:34:19.000177-03:30");
}

TEST(SecondsBetween, HoldsTheLongestTimes) {
  constexpr auto first = std::numeric_limits<std::int64_t>::min();
  constexpr auto last = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(seconds_between(first, last, 9), "18446744073.709551615");
  EXPECT_EQ(seconds_between(last, first, 0), "-18446744073");
}

}  // namespace
}  // namespace tapdeck
