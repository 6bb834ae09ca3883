// What pcapng files say of themselves: texts, counters, names, and their bounds.
#include <limits>

#include <gtest/gtest.h>

#include "tests/captures/read_back.h"

namespace tapdeck::test {
namespace {

Octets number(std::uint64_t value) { return OctetWriter().add(value).octets(); }

TEST(PcapngBlocks, KeepsTheTextsOfSectionsInterfacesAndPackets) {
  PcapngBuilder builder;
  builder.section(std::endian::little, {{1, octets_of("a section")},
                                        {2, octets_of("hardware")},
                                        {3, octets_of("system")},
                                        {4, octets_of("program")}});
  builder.interface({}, {{1, octets_of("an interface")},
                         {2, octets_of("eth0")},
                         {3, octets_of("the first one")},
                         {11, octets_of(std::string_view("\0tcp port 80", 12))}});
  builder.enhanced({}, {{1, octets_of("a packet")}, {1, octets_of("the same")}});
  const auto whole = read_octets(builder.octets());
  const CaptureInfo& info = whole.info();
  EXPECT_EQ(info.comments, (std::vector<std::string>{"a section", "an interface"}));
  EXPECT_EQ(info.hardware, "hardware");
  EXPECT_EQ(info.operating_system, "system");
  EXPECT_EQ(info.application, "program");
  EXPECT_EQ(info.interfaces.at(0).name, "eth0");
  EXPECT_EQ(info.interfaces.at(0).description, "the first one");
  EXPECT_EQ(info.interfaces.at(0).filter, "tcp port 80");
  ASSERT_EQ(info.packet_comments.size(), 2U);
  EXPECT_EQ(info.packet_comments[1].packet_number, 1U);
  EXPECT_EQ(info.packet_comments[1].text, "the same");
}

TEST(PcapngBlocks, KeepsTheFirstSectionsProgram) {
  PcapngBuilder builder;
  builder.section(std::endian::little, {{4, octets_of("first")}});
  builder.section(std::endian::big, {{4, octets_of("second")}});
  EXPECT_EQ(read_octets(builder.octets()).info().application, "first");
}

TEST(PcapngBlocks, KeepsTheLastCountersOfAnInterface) {
  PcapngBuilder builder;
  builder.section().interface();
  const auto statistics = [&](std::uint64_t received) {
    builder.block(5, builder.body().add(std::uint32_t{0}).add(std::uint64_t{0}),
                  {{4, number(received)}, {5, number(3)}, {7, number(0)}});
  };
  statistics(10);
  statistics(20);
  const auto whole = read_octets(builder.octets());
  const InterfaceStatistics& kept = whole.info().interfaces.at(0).statistics;
  EXPECT_EQ(kept.received, 20U);
  EXPECT_EQ(kept.dropped_by_interface, 3U);
  EXPECT_EQ(kept.dropped_by_system, 0U);
  EXPECT_EQ(kept.accepted_by_filter, std::nullopt);
  EXPECT_EQ(kept.delivered, std::nullopt);
}

TEST(PcapngBlocks, IgnoresCountersOfUndescribedInterfaces) {
  PcapngBuilder builder;
  builder.section().interface();
  builder.block(5, builder.body().add(std::uint32_t{9}).add(std::uint64_t{0}), {{4, number(1)}});
  EXPECT_TRUE(read_octets(builder.octets()).info().complete);
}

TEST(PcapngBlocks, AddsUpDropsThatPacketsTell) {
  PcapngBuilder builder;
  builder.section().interface();
  builder.enhanced({}, {{4, number(2)}}).enhanced({}, {{4, number(3)}});
  EXPECT_EQ(read_octets(builder.octets()).info().interfaces.at(0).dropped_between_packets, 5U);
}

TEST(PcapngBlocks, CountsDropsNoFurtherThanCountersGo) {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  PcapngBuilder builder;
  builder.section().interface();
  builder.enhanced({}, {{4, number(most)}}).enhanced({}, {{4, number(most)}});
  EXPECT_EQ(read_octets(builder.octets()).info().interfaces.at(0).dropped_between_packets, most);
}

TEST(PcapngBlocks, KeepsResolvedNames) {
  PcapngBuilder builder;
  builder.section();
  const Octets ipv4{std::byte{192}, std::byte{0}, std::byte{2}, std::byte{1}};
  Octets ipv6(16);
  ipv6[15] = std::byte{1};
  const auto names = octets_of(std::string_view("one.example\0two.example\0", 24));
  builder.block(4, builder.body(),
                {{1, ipv4 + names}, {2, ipv6 + octets_of("loopback")}, {1, ipv4}, {7, names}});
  const auto whole = read_octets(builder.octets());
  ASSERT_EQ(whole.info().names.size(), 3U);
  EXPECT_EQ(whole.info().names[0].address, "192.0.2.1");
  EXPECT_EQ(whole.info().names[0].name, "one.example");
  EXPECT_EQ(whole.info().names[1].name, "two.example");
  EXPECT_EQ(whole.info().names[2].address, "::1");
  EXPECT_EQ(whole.info().names[2].name, "loopback");
}

TEST(PcapngBlocks, ReadsOnBehindOptionsThatClaimTooMuch) {
  PcapngBuilder builder;
  builder.section();
  const Octets bad = OctetWriter().add(std::uint16_t{2}).add(std::uint16_t{900}).octets();
  builder.block(1, builder.body()
                       .add(std::uint32_t{1})
                       .add(std::uint32_t{0})
                       .add(std::uint16_t{9})
                       .add(std::uint16_t{1})
                       .add(std::uint32_t{9})
                       .add(bad));
  builder.enhanced({.time = 5});
  const auto whole = read_octets(builder.octets());
  ASSERT_EQ(whole.packets.size(), 1U);
  EXPECT_EQ(whole.packets[0].time_ns, 5);
  EXPECT_FALSE(whole.info().complete);
}

TEST(PcapngBlocks, BoundsWhatTextsTake) {
  PcapngBuilder builder;
  builder.section().interface();
  const Octets long_text(60'000, std::byte{'x'});
  for (int count = 0; count < 100; ++count) {
    builder.enhanced({}, {{1, long_text}});
  }
  const auto whole = read_octets(builder.octets());
  std::size_t kept = 0;
  for (const PacketComment& comment : whole.info().packet_comments) {
    kept += comment.text.size();
  }
  EXPECT_GT(kept, 1'000'000U);
  EXPECT_LE(kept, std::size_t{4} * 1024 * 1024);
  EXPECT_EQ(whole.info().packet_comments.size() + whole.info().oddities.texts_dropped, 100U);
  EXPECT_EQ(whole.packets.size(), 100U);
}

TEST(PcapngBlocks, BoundsTheNumberOfInterfaces) {
  PcapngBuilder interface;
  interface.interface();
  const Octets& one = interface.octets();
  PcapngBuilder section;
  Octets octets = section.section().octets();
  octets.reserve(70'000 * one.size());
  for (int count = 0; count < 70'000; ++count) {
    octets.insert(octets.end(), one.begin(), one.end());
  }
  const auto whole = read_octets(octets);
  EXPECT_EQ(whole.info().interfaces.size(), 65'536U);
  ASSERT_EQ(whole.info().faults.size(), 1U);
  EXPECT_EQ(whole.info().faults[0].kind, CaptureFaultKind::bad_record);
}

}  // namespace
}  // namespace tapdeck::test
