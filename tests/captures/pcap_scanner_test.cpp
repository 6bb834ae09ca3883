// Every variant of the classic pcap format, its oddities and its faults.
#include <gtest/gtest.h>

#include "tests/captures/read_back.h"

namespace tapdeck::test {
namespace {

const Octets frame = octets_of("a frame of no protocol");
constexpr std::uint32_t frame_octets = 22;

OwnedPacket expected_packet(std::int64_t time_ns) {
  return {.number = 1,
          .time_ns = time_ns,
          .wire_length = frame_octets,
          .link_type = LinkType::ethernet,
          .time_digits = 6,
          .bytes = frame};
}

TEST(PcapScanner, ReadsBothByteOrders) {
  for (const std::endian order : {std::endian::little, std::endian::big}) {
    const auto whole = read_octets(PcapBuilder({.order = order}).add({1, 2, frame}).octets());
    EXPECT_EQ(whole.packets, std::vector{expected_packet(1'000'002'000)});
    EXPECT_TRUE(whole.info().complete);
    EXPECT_EQ(whole.info().format, FileFormat::pcap);
    EXPECT_EQ(whole.info().link_types, std::vector{LinkType::ethernet});
    EXPECT_EQ(whole.info().interfaces.at(0).snap_length, 65535U);
    EXPECT_EQ(whole.info().interfaces.at(0).packets, 1U);
  }
}

TEST(PcapScanner, ReadsNanoseconds) {
  for (const std::endian order : {std::endian::little, std::endian::big}) {
    const auto whole =
        read_octets(PcapBuilder({.order = order, .magic = 0xa1b23c4d}).add({1, 2, frame}).octets());
    OwnedPacket expected = expected_packet(1'000'000'002);
    expected.time_digits = 9;
    EXPECT_EQ(whole.packets, std::vector{expected});
  }
}

TEST(PcapScanner, ReadsTheModifiedFormatWithEightExtraOctets) {
  PcapBuilder builder({.magic = 0xa1b2cd34});
  const auto whole =
      read_octets(builder.add({1, 0, frame}, Octets(8)).add({2, 0, frame}, Octets(8)).octets());
  ASSERT_EQ(whole.packets.size(), 2U);
  EXPECT_EQ(whole.packets[0].bytes, frame);
  EXPECT_EQ(whole.packets[1].bytes, frame);
  EXPECT_TRUE(whole.info().complete);
}

TEST(PcapScanner, ReadsTheModifiedFormatWithTwelveExtraOctets) {
  PcapBuilder builder({.magic = 0xa1b2cd34});
  const auto whole =
      read_octets(builder.add({1, 0, frame}, Octets(12)).add({2, 0, frame}, Octets(12)).octets());
  ASSERT_EQ(whole.packets.size(), 2U);
  EXPECT_EQ(whole.packets[1].bytes, frame);
  EXPECT_TRUE(whole.info().complete);
}

TEST(PcapScanner, SwapsTheLengthsOfVersionsBefore23) {
  const PcapRecord record{.data = frame, .wire_length = frame_octets, .captured = 1000};
  const auto whole = read_octets(PcapBuilder({.minor = 2}).add(record).octets());
  ASSERT_EQ(whole.packets.size(), 1U);
  EXPECT_EQ(whole.packets[0].bytes, frame);
  EXPECT_EQ(whole.packets[0].wire_length, 1000U);
}

TEST(PcapScanner, TakesTheSmallerLengthOfVersion23AsCaptured) {
  const PcapRecord swapped{.data = frame, .wire_length = frame_octets, .captured = 1000};
  const PcapRecord plain{.data = frame, .wire_length = 1000};
  const auto whole = read_octets(PcapBuilder({.minor = 3}).add(swapped).add(plain).octets());
  ASSERT_EQ(whole.packets.size(), 2U);
  for (const OwnedPacket& packet : whole.packets) {
    EXPECT_EQ(packet.bytes, frame);
    EXPECT_EQ(packet.wire_length, 1000U);
  }
}

TEST(PcapScanner, ReadsWhatAixWrites) {
  const auto whole =
      read_octets(PcapBuilder({.minor = 2, .link_type = 6}).add({1, 5, frame}).octets());
  ASSERT_EQ(whole.packets.size(), 1U);
  EXPECT_EQ(whole.packets[0].link_type, LinkType::ethernet);
  EXPECT_EQ(whole.packets[0].time_ns, 1'000'000'005);
}

TEST(PcapScanner, ReadsMinorVersionsThatDoNotExist) {
  EXPECT_EQ(read_octets(PcapBuilder({.minor = 99}).add({1, 2, frame}).octets()).packets,
            std::vector{expected_packet(1'000'002'000)});
}

TEST(PcapScanner, RefusesOtherMajorVersions) {
  const auto whole = read_octets(PcapBuilder({.major = 3}).add({1, 2, frame}).octets());
  EXPECT_TRUE(whole.packets.empty());
  ASSERT_EQ(whole.info().faults.size(), 1U);
  EXPECT_EQ(whole.info().faults[0].kind, CaptureFaultKind::unsupported_version);
  EXPECT_EQ(describe(whole.info().faults[0]),
            "of a version that is not supported, at byte 0: pcap 3.4");
}

TEST(PcapScanner, TakesTheFcsLengthFromTheLinkTypeField) {
  const auto whole =
      read_octets(PcapBuilder({.link_type = 0x2400'0001}).add({1, 2, frame}).octets());
  ASSERT_EQ(whole.packets.size(), 1U);
  EXPECT_EQ(whole.packets[0].link_type, LinkType::ethernet);
  EXPECT_EQ(whole.packets[0].fcs_length, 4);
}

TEST(PcapScanner, IgnoresOtherUpperBitsOfTheLinkType) {
  const auto whole =
      read_octets(PcapBuilder({.link_type = 0x3030'0071}).add({1, 2, frame}).octets());
  ASSERT_EQ(whole.packets.size(), 1U);
  EXPECT_EQ(whole.packets[0].link_type, LinkType::linux_sll);
  EXPECT_EQ(whole.packets[0].fcs_length, 0);
}

TEST(PcapScanner, CarriesTooManyMicrosecondsIntoTheSeconds) {
  const auto whole = read_octets(PcapBuilder().add({1, 2'500'000, frame}).octets());
  EXPECT_EQ(whole.packets, std::vector{expected_packet(3'500'000'000)});
  EXPECT_EQ(whole.info().oddities.subsecond_overflow, 1U);
}

TEST(PcapScanner, ReadsSecondsAfter2038) {
  const auto whole = read_octets(PcapBuilder().add({0xffff'ffff, 0, frame}).octets());
  EXPECT_EQ(whole.packets, std::vector{expected_packet(4'294'967'295'000'000'000)});
}

TEST(PcapScanner, CountsTimesThatRunBackwards) {
  PcapBuilder builder;
  builder.add({5, 0, frame}).add({4, 0, frame}).add({4, 0, frame}).add({3, 0, frame});
  const auto whole = read_octets(builder.octets());
  EXPECT_EQ(whole.info().oddities.times_backwards, 2U);
  EXPECT_EQ(whole.info().first_ns, 3'000'000'000);
  EXPECT_EQ(whole.info().last_ns, 5'000'000'000);
}

TEST(PcapScanner, ToleratesAndCountsOddLengths) {
  PcapBuilder builder({.snap_length = 10});
  builder.add({1, 0, frame});
  builder.add({.seconds = 2, .data = frame, .wire_length = 5});
  builder.add({.seconds = 3, .wire_length = 60});
  const auto whole = read_octets(builder.octets());
  ASSERT_EQ(whole.packets.size(), 3U);
  EXPECT_EQ(whole.packets[1].bytes, frame);
  EXPECT_EQ(whole.packets[1].wire_length, 5U);
  EXPECT_TRUE(whole.packets[2].bytes.empty());
  EXPECT_EQ(whole.info().oddities.captured_over_snap_length, 2U);
  EXPECT_EQ(whole.info().oddities.captured_over_wire_length, 1U);
  EXPECT_EQ(whole.info().oddities.zero_length, 1U);
  EXPECT_EQ(whole.info().bytes, frame_octets + 5U + 60U);
  EXPECT_TRUE(whole.info().complete);
}

TEST(PcapScanner, HasNoSnapLengthWhereTheFileSaysZero) {
  const auto whole = read_octets(PcapBuilder({.snap_length = 0}).add({1, 0, frame}).octets());
  EXPECT_EQ(whole.info().oddities.captured_over_snap_length, 0U);
}

TEST(PcapScanner, IsCompleteWithoutPackets) {
  const auto whole = read_octets(PcapBuilder().octets());
  EXPECT_TRUE(whole.info().complete);
  EXPECT_TRUE(whole.info().faults.empty());
  EXPECT_EQ(whole.info().first_ns, std::nullopt);
}

TEST(PcapScanner, EndsAtARecordThatClaimsTooMuch) {
  PcapBuilder builder;
  builder.add({1, 2, frame}).add({.data = frame, .captured = 0x0800'0001});
  const auto whole = read_octets(builder.octets());
  EXPECT_EQ(whole.packets, std::vector{expected_packet(1'000'002'000)});
  const CaptureFault expected{.kind = CaptureFaultKind::bad_record,
                              .offset = 24 + 16 + frame_octets,
                              .packets_before = 1,
                              .needed = 16 + 0x0800'0001,
                              .available = 16 + frame_octets,
                              .detail = "its header claims 134217729 captured bytes of 22"};
  EXPECT_EQ(whole.info().faults, std::vector{expected});
  EXPECT_FALSE(whole.info().complete);
}

TEST(PcapScanner, EndsAtARecordWhoseLengthsContradictEachOther) {
  const auto whole = read_octets(
      PcapBuilder().add({.data = frame, .wire_length = 60, .captured = 300'000}).octets());
  ASSERT_EQ(whole.info().faults.size(), 1U);
  EXPECT_EQ(whole.info().faults[0].kind, CaptureFaultKind::bad_record);
}

TEST(PcapScanner, ReadsAPacketLargerThanManyBlocks) {
  const Octets large(5'000'000, std::byte{7});
  const auto whole =
      read_octets(PcapBuilder().add({1, 0, frame}).add({2, 0, large}).add({3, 0, frame}).octets());
  ASSERT_EQ(whole.packets.size(), 3U);
  EXPECT_EQ(whole.packets[1].bytes, large);
  EXPECT_EQ(whole.packets[2].bytes, frame);
  EXPECT_TRUE(whole.info().complete);
}

}  // namespace
}  // namespace tapdeck::test
