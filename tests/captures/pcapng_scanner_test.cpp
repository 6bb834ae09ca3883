// pcapng sections, interfaces and packets, and the faults that end reading.
#include <gtest/gtest.h>

#include "tests/captures/read_back.h"

namespace tapdeck::test {
namespace {

const Octets frame = octets_of("seventeen octets.");
constexpr std::uint32_t frame_octets = 17;

CaptureFault only_fault(const WholeCapture& whole) {
  EXPECT_EQ(whole.info().faults.size(), 1U);
  return whole.info().faults.empty() ? CaptureFault{} : whole.info().faults.front();
}

TEST(PcapngScanner, ReadsEnhancedPacketsInBothByteOrders) {
  for (const std::endian order : {std::endian::little, std::endian::big}) {
    PcapngBuilder builder;
    builder.section(order).interface({.link_type = 113, .snap_length = 96});
    builder.enhanced({.time = 5'000'000'001, .data = frame, .wire_length = 1500});
    const auto whole = read_octets(builder.octets());
    const OwnedPacket expected{.number = 1,
                               .time_ns = 5'000'000'001'000,
                               .wire_length = 1500,
                               .link_type = LinkType::linux_sll,
                               .time_digits = 6,
                               .bytes = frame};
    EXPECT_EQ(whole.packets, std::vector{expected});
    EXPECT_TRUE(whole.info().complete);
    EXPECT_EQ(whole.info().format, FileFormat::pcapng);
    EXPECT_EQ(whole.info().interfaces.at(0).snap_length, 96U);
    EXPECT_EQ(whole.info().interfaces.at(0).packets, 1U);
  }
}

TEST(PcapngScanner, KeepsInterfacesOfOneSectionApart) {
  PcapngBuilder builder;
  builder.section();
  builder.interface({.link_type = 1}, {{2, octets_of("eth0")}, {9, {std::byte{9}}}});
  builder.interface({.link_type = 101}, {{2, octets_of("tun0")}, {9, {std::byte{3}}}});
  builder.enhanced({.interface = 1, .time = 1001, .data = frame});
  builder.enhanced({.interface = 0, .time = 1001, .data = frame});
  const auto whole = read_octets(builder.octets());
  ASSERT_EQ(whole.packets.size(), 2U);
  EXPECT_EQ(whole.packets[0].link_type, LinkType::raw);
  EXPECT_EQ(whole.packets[0].time_ns, 1'001'000'000);
  EXPECT_EQ(whole.packets[0].time_digits, 3);
  EXPECT_EQ(whole.packets[0].interface, 1U);
  EXPECT_EQ(whole.packets[1].link_type, LinkType::ethernet);
  EXPECT_EQ(whole.packets[1].time_ns, 1001);
  EXPECT_EQ(whole.packets[1].time_digits, 9);
  EXPECT_EQ(whole.info().link_types, (std::vector{LinkType::raw, LinkType::ethernet}));
  EXPECT_EQ(whole.info().interfaces.at(1).name, "tun0");
}

TEST(PcapngScanner, StartsInterfacesAnewInEachSection) {
  PcapngBuilder builder;
  builder.section(std::endian::little).interface({.link_type = 1});
  builder.enhanced({.time = 1, .data = frame});
  builder.section(std::endian::big).interface({.link_type = 228});
  builder.enhanced({.time = 2, .data = frame});
  const auto whole = read_octets(builder.octets());
  ASSERT_EQ(whole.packets.size(), 2U);
  EXPECT_EQ(whole.packets[0].interface, 0U);
  EXPECT_EQ(whole.packets[1].interface, 1U);
  EXPECT_EQ(whole.packets[1].link_type, LinkType::ipv4);
  EXPECT_EQ(whole.info().interfaces.size(), 2U);
}

TEST(PcapngScanner, CutsSimplePacketsAtTheSnapLength) {
  PcapngBuilder builder;
  builder.section().interface({.link_type = 1, .snap_length = 8});
  builder.enhanced({.time = 7, .data = frame});
  builder.simple(Octets(frame.begin(), frame.begin() + 8), frame_octets);
  const auto whole = read_octets(builder.octets());
  ASSERT_EQ(whole.packets.size(), 2U);
  EXPECT_EQ(whole.packets[1].bytes.size(), 8U);
  EXPECT_EQ(whole.packets[1].wire_length, frame_octets);
  EXPECT_EQ(whole.packets[1].time_ns, 7000);
  EXPECT_EQ(whole.info().oddities.no_time_stamp, 1U);
}

TEST(PcapngScanner, ReadsSimplePacketsWithoutPadding) {
  PcapngBuilder builder;
  const auto whole =
      read_octets(builder.section().interface().simple(frame, frame_octets).octets());
  ASSERT_EQ(whole.packets.size(), 1U);
  EXPECT_EQ(whole.packets[0].bytes, frame);
}

TEST(PcapngScanner, ReadsObsoletePacketsAndTheirDrops) {
  PcapngBuilder builder;
  builder.section().interface();
  builder.obsolete({.time = 3, .data = frame}, 5).obsolete({.time = 4, .data = frame}, 0xffff);
  const auto whole = read_octets(builder.octets());
  ASSERT_EQ(whole.packets.size(), 2U);
  EXPECT_EQ(whole.packets[0].bytes, frame);
  EXPECT_EQ(whole.packets[0].time_ns, 3000);
  EXPECT_EQ(whole.info().interfaces.at(0).dropped_between_packets, 5U);
}

TEST(PcapngScanner, TakesFcsLengthFromInterfaceAndPacket) {
  PcapngBuilder builder;
  builder.section().interface({}, {{13, {std::byte{4}}}});
  builder.enhanced({.data = frame});
  builder.enhanced({.data = frame}, {{2, OctetWriter().add(std::uint32_t{2U << 5}).octets()}});
  const auto whole = read_octets(builder.octets());
  ASSERT_EQ(whole.packets.size(), 2U);
  EXPECT_EQ(whole.packets[0].fcs_length, 4);
  EXPECT_EQ(whole.packets[1].fcs_length, 2);
}

TEST(PcapngScanner, SkipsWhatItDoesNotKnow) {
  PcapngBuilder builder;
  builder.section().interface();
  builder.block(0x0bad, builder.body().add(frame).pad_to_four());
  builder.block(0x8000'0001, builder.body());
  builder.block(10, builder.body().add(octets_of("TLSKsecret")).pad_to_four());
  builder.enhanced({.data = frame});
  const auto whole = read_octets(builder.octets());
  EXPECT_EQ(whole.packets.size(), 1U);
  EXPECT_EQ(whole.info().oddities.unknown_blocks, 2U);
  EXPECT_TRUE(whole.info().complete);
}

TEST(PcapngScanner, EndsAtAPacketOfAnUndescribedInterface) {
  PcapngBuilder builder;
  builder.section().interface().enhanced({.data = frame});
  const std::size_t offset = builder.octets().size();
  const auto whole = read_octets(builder.enhanced({.interface = 4, .data = frame}).octets());
  EXPECT_EQ(whole.packets.size(), 1U);
  const CaptureFault fault = only_fault(whole);
  EXPECT_EQ(fault.kind, CaptureFaultKind::unknown_interface);
  EXPECT_EQ(fault.offset, offset);
  EXPECT_EQ(fault.packets_before, 1U);
  EXPECT_EQ(describe(fault), "no interface is described for packet 2 at byte " +
                                 std::to_string(offset) + ": it names number 4 of 1");
}

TEST(PcapngScanner, EndsAtASimplePacketWithoutInterface) {
  PcapngBuilder builder;
  const auto whole = read_octets(builder.section().simple(frame, frame_octets).octets());
  EXPECT_EQ(only_fault(whole).kind, CaptureFaultKind::unknown_interface);
}

TEST(PcapngScanner, EndsAtAPacketLargerThanItsBlock) {
  PcapngBuilder builder;
  builder.section().interface().enhanced({.data = frame, .captured = 65536});
  const auto whole = read_octets(builder.octets());
  EXPECT_TRUE(whole.packets.empty());
  EXPECT_EQ(only_fault(whole).kind, CaptureFaultKind::bad_record);
}

TEST(PcapngScanner, EndsAtBlocksWithImpossibleLengths) {
  for (const std::uint32_t length : {0U, 8U, 0xffff'fff0U}) {
    PcapngBuilder builder;
    builder.section().interface().enhanced({.data = frame});
    builder.block(6, builder.body().add(frame).pad_to_four(), {}, length);
    const auto whole = read_octets(builder.octets());
    EXPECT_EQ(whole.packets.size(), 1U);
    EXPECT_EQ(only_fault(whole).kind, CaptureFaultKind::bad_record);
  }
}

TEST(PcapngScanner, EndsWhereTheTwoLengthsOfABlockDiffer) {
  PcapngBuilder builder;
  builder.section().interface();
  builder.raw(OctetWriter()
                  .add(std::uint32_t{6})
                  .add(std::uint32_t{16})
                  .add(std::uint32_t{0})
                  .add(std::uint32_t{20})
                  .octets());
  const CaptureFault fault = only_fault(read_octets(builder.octets()));
  EXPECT_EQ(fault.kind, CaptureFaultKind::bad_record);
  EXPECT_EQ(fault.detail, "a block that says 16 bytes at its start and 20 at its end");
}

TEST(PcapngScanner, EndsWhereTheTwoLengthsOfASectionHeaderDiffer) {
  for (const std::endian order : {std::endian::little, std::endian::big}) {
    PcapngBuilder builder;
    builder.section(order).interface().enhanced({.data = frame});
    Octets octets = builder.octets();
    Octets header = PcapngBuilder().section(order).octets();
    header.back() ^= std::byte{4};
    octets.insert(octets.end(), header.begin(), header.end());
    const WholeCapture whole = read_octets(octets);
    EXPECT_EQ(whole.packets.size(), 1U);
    const CaptureFault fault = only_fault(whole);
    EXPECT_EQ(fault.kind, CaptureFaultKind::bad_record);
    EXPECT_EQ(fault.detail.substr(0, 40), "a block that says 28 bytes at its start ");
  }
}

TEST(PcapngScanner, ReadsOnBehindOptionsThatRunOverTheirBlock) {
  PcapngBuilder builder;
  builder.section();
  builder.block(1, builder.body()
                       .add(std::uint16_t{1})
                       .add(std::uint16_t{0})
                       .add(std::uint32_t{0})
                       .add(std::uint16_t{2})
                       .add(std::uint16_t{400})
                       .add(std::uint32_t{0}));
  builder.enhanced({.data = frame}, {{1, octets_of("fine")}}).enhanced({.data = frame});
  const WholeCapture whole = read_octets(builder.octets());
  EXPECT_EQ(whole.packets.size(), 2U);
  EXPECT_EQ(whole.info().packet_comments.size(), 1U);
  EXPECT_FALSE(whole.info().complete);
  EXPECT_EQ(describe(only_fault(whole)),
            "damaged at packet 1 at byte 28: an option that claims 400 bytes, of which 4 are in "
            "its block; what follows that block was read");
}

TEST(PcapngScanner, EndsAtBlocksTooShortForTheirFields) {
  for (const std::uint32_t type : {1U, 2U, 3U, 6U, 0x0a0d'0d0aU}) {
    PcapngBuilder builder;
    builder.section().interface();
    builder.block(type, type == 0x0a0d'0d0aU ? builder.body().add(std::uint32_t{0x1a2b3c4d})
                                             : builder.body());
    EXPECT_EQ(only_fault(read_octets(builder.octets())).kind, CaptureFaultKind::bad_record);
  }
}

TEST(PcapngScanner, RefusesVersionsThatItDoesNotKnow) {
  PcapngBuilder builder;
  builder.section().interface().enhanced({.data = frame});
  builder.section(std::endian::little, {}, 2, 0);
  const auto whole = read_octets(builder.octets());
  EXPECT_EQ(whole.packets.size(), 1U);
  EXPECT_EQ(only_fault(whole).kind, CaptureFaultKind::unsupported_version);
  EXPECT_EQ(only_fault(whole).detail, "pcapng 2.0");
}

TEST(PcapngScanner, RefusesASectionWithoutByteOrder) {
  PcapngBuilder builder;
  builder.block(0x0a0d'0d0a, OctetWriter().add(std::uint32_t{1}).add(std::uint64_t{0}));
  EXPECT_EQ(only_fault(read_octets(builder.octets())).kind, CaptureFaultKind::bad_record);
}

TEST(PcapngScanner, ReadsAllButTheLastOfBlocksOverManyReads) {
  PcapngBuilder builder;
  builder.section().interface();
  builder.block(0x0bad, builder.body().add(Octets(3'000'000)));
  for (std::uint64_t time = 0; time < 50; ++time) {
    builder.enhanced({.time = time, .data = Octets(20'001, static_cast<std::byte>(time))});
  }
  const auto whole = read_octets(builder.octets());
  ASSERT_EQ(whole.packets.size(), 50U);
  for (std::size_t index = 0; index < 50; ++index) {
    EXPECT_EQ(whole.packets[index].bytes, Octets(20'001, static_cast<std::byte>(index)));
  }
  EXPECT_TRUE(whole.info().complete);
}

}  // namespace
}  // namespace tapdeck::test
