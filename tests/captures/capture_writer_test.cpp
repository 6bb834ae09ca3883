// Captures that are written and read again, and disks that are full.
#include "captures/capture_writer.h"

#include <gtest/gtest.h>

#include "captures/failure.h"
#include "tests/captures/read_back.h"

namespace tapdeck::test {
namespace {

const Octets frame = octets_of("a frame of no protocol");

/// Reads `input` and writes every packet to `output`.
void copy_capture(const std::string& input, const std::string& output,
                  PacketLengths lengths = PacketLengths::captured) {
  const auto source = open_captures({input}, {});
  const auto writer = create_capture(output, source->captures(), own_rights(), lengths);
  PacketBatch batch;
  while (source->next(batch)) {
    for (const Packet& packet : batch.packets) {
      writer->write(packet);
    }
  }
  writer->close();
}

Octets pcapng_of_two_link_types() {
  PcapngBuilder builder;
  builder.section(std::endian::big);
  builder.interface({.link_type = 1, .snap_length = 96},
                    {{2, octets_of("eth0")},
                     {3, octets_of("uplink")},
                     {11, octets_of(std::string_view("\0tcp", 4))},
                     {13, {std::byte{4}}}});
  builder.interface({.link_type = 101}, {{2, octets_of("tun0")}, {9, {std::byte{9}}}});
  builder.enhanced({.interface = 1, .time = 1'700'000'000'123'456'789, .data = frame});
  builder.enhanced(
      {.interface = 0, .time = 1'700'000'000'123'456, .data = frame, .wire_length = 1500});
  builder.enhanced({.interface = 1, .time = 5, .data = {}});
  return builder.octets();
}

TEST(CaptureWriter, WritesPcapThatReadsTheSame) {
  const TemporaryDirectory directory;
  for (const std::uint32_t magic : {0xa1b2c3d4U, 0xa1b23c4dU}) {
    PcapBuilder builder({.order = std::endian::big, .magic = magic, .link_type = 0x2400'0071});
    builder.add({1'700'000'000, 999'999, frame}).add({4'000'000'000, 5, {}, 60});
    const std::string input = directory.write("in.pcap", builder.octets());
    const std::string output = directory.path("out.pcap");
    copy_capture(input, output);
    const WholeCapture copy = read_all({output});
    EXPECT_EQ(copy.packets, read_all({input}).packets);
    EXPECT_EQ(copy.info().format, FileFormat::pcap);
    EXPECT_TRUE(copy.info().complete);
  }
}

TEST(CaptureWriter, KeepsTimesThatGetFinerLater) {
  const TemporaryDirectory directory;
  PcapBuilder coarse({.magic = 0xa1b2c3d4});
  PcapBuilder fine({.magic = 0xa1b23c4d});
  coarse.add({1'700'000'000, 1, frame});
  fine.add({1'700'000'001, 123'456'789, frame});
  const std::string merged = directory.path("merged");
  const std::string output = directory.path("out.pcap");
  directory.write("merged/a.pcap", coarse.octets());
  directory.write("merged/b.pcap", fine.octets());
  copy_capture(merged, output);
  EXPECT_EQ(read_all({output}).packets.at(1).time_ns, 1'700'000'001'123'456'789);

  PcapngBuilder builder;
  builder.section(std::endian::little);
  builder.interface({.link_type = 1});
  builder.enhanced({.interface = 0, .time = 1'700'000'000'000'001, .data = frame});
  builder.interface({.link_type = 1}, {{9, {std::byte{9}}}});
  builder.enhanced({.interface = 1, .time = 1'700'000'001'123'456'789, .data = frame});
  copy_capture(directory.write("in.pcapng", builder.octets()), output);
  EXPECT_EQ(read_all({output}).packets.at(1).time_ns, 1'700'000'001'123'456'789);
}

TEST(CaptureWriter, PromisesNoLengthOfPacketsThatMayHaveGrown) {
  const TemporaryDirectory directory;
  const std::string input = directory.write("in", pcapng_of_two_link_types());
  const std::string output = directory.path("out.pcapng");
  copy_capture(input, output, PacketLengths::maybe_longer);
  const WholeCapture copy = read_all({output});
  for (const CaptureInterface& interface : copy.info().interfaces) {
    EXPECT_EQ(interface.snap_length, 0U);
  }
  EXPECT_EQ(copy.packets.size(), 3U);
}

TEST(CaptureWriter, WritesPcapngWithEachInterface) {
  const TemporaryDirectory directory;
  const std::string input = directory.write("in", pcapng_of_two_link_types());
  const std::string output = directory.path("out.pcapng");
  copy_capture(input, output);
  const WholeCapture original = read_all({input});
  const WholeCapture copy = read_all({output});
  ASSERT_EQ(copy.packets.size(), original.packets.size());
  for (std::size_t index = 0; index < copy.packets.size(); ++index) {
    OwnedPacket expected = original.packets[index];
    expected.interface = 1 - expected.interface;  // numbered in the order of their first packets
    EXPECT_EQ(copy.packets[index], expected);
  }
  const CaptureInterface& ethernet = copy.info().interfaces.at(1);
  EXPECT_EQ(copy.info().interfaces.at(0).name, "tun0");
  EXPECT_EQ(ethernet.name, "eth0");
  EXPECT_EQ(ethernet.description, "uplink");
  EXPECT_EQ(ethernet.filter, "tcp");
  EXPECT_EQ(ethernet.snap_length, 96U);
  EXPECT_TRUE(copy.info().complete);
}

TEST(CaptureWriter, WritesTimesBeforeTheEpochToPcapng) {
  PcapngBuilder builder;
  builder.section().interface();
  builder.enhanced({.time = ~std::uint64_t{0}, .data = frame});
  const TemporaryDirectory directory;
  copy_capture(directory.write("in", builder.octets()), directory.path("out.pcapng"));
  EXPECT_EQ(read_all({directory.path("out.pcapng")}).packets.at(0).time_ns, -1000);
}

TEST(CaptureWriter, RefusesTimesInPcapThatItCantSay) {
  constexpr std::uint64_t second = 1'000'000, end_of_pcap = (std::uint64_t{1} << 32) * second;
  for (const std::uint64_t time : {~std::uint64_t{0}, end_of_pcap}) {
    PcapngBuilder builder;
    builder.section().interface();
    builder.enhanced({.time = 0, .data = frame}).enhanced({.time = end_of_pcap - 1, .data = frame});
    builder.enhanced({.time = time, .data = frame});
    const TemporaryDirectory directory;
    const std::string output = directory.path("out.pcap");
    try {
      copy_capture(directory.write("in", builder.octets()), output);
      FAIL() << "a time that pcap can't say";
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.exit_code(), ExitCode::unwritable_output);
      EXPECT_EQ(failure.what(), output +
                                    ": pcap holds times from 1970 to 2106 only, and here comes "
                                    "another one (packet 3): write to a name that ends in .pcapng");
    }
    EXPECT_EQ(read_all({output}).packets.size(), 2U);
  }
}

TEST(CaptureWriter, RefusesASecondLinkTypeInPcap) {
  const TemporaryDirectory directory;
  const std::string input = directory.write("in", pcapng_of_two_link_types());
  try {
    copy_capture(input, directory.path("out.pcap"));
    FAIL() << "two link types in one pcap";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.exit_code(), ExitCode::unwritable_output);
    EXPECT_NE(std::string(failure.what()).find("after RAW comes EN10MB (packet 2)"),
              std::string::npos)
        << failure.what();
  }
  EXPECT_EQ(read_all({directory.path("out.pcap")}).packets.size(), 1U);
}

TEST(CaptureWriter, WritesValidCapturesWithoutPackets) {
  const TemporaryDirectory directory;
  const std::string input = directory.write("in", PcapBuilder({.link_type = 113}).octets());
  for (const char* name : {"out.pcap", "out.pcapng"}) {
    copy_capture(input, directory.path(name));
    const WholeCapture copy = read_all({directory.path(name)});
    EXPECT_TRUE(copy.info().complete);
    EXPECT_EQ(copy.info().interfaces.at(0).link_type, LinkType::linux_sll);
  }
}

TEST(CaptureWriter, EndsAtARecordWheneverItIsFlushed) {
  const TemporaryDirectory directory;
  const std::string output = directory.path("out.pcapng");
  const std::vector<CaptureInfo> none;
  const auto writer = create_capture(output, none);
  for (std::uint64_t number = 1; number <= 5; ++number) {
    writer->write({.number = number, .wire_length = 22, .bytes = frame});
    writer->flush();
    const WholeCapture so_far = read_all({output});
    EXPECT_EQ(so_far.packets.size(), number);
    EXPECT_TRUE(so_far.info().complete);
  }
  EXPECT_EQ(writer->octets_written(), std::filesystem::file_size(output));
}

TEST(CaptureWriter, HasOnlyWholeRecordsOnDiskAtAnyTime) {
  const TemporaryDirectory directory;
  const std::string output = directory.path("out.pcap");
  const std::vector<CaptureInfo> none;
  const auto writer = create_capture(output, none);
  const Octets data(1511);
  for (std::uint64_t number = 1; number <= 1000; ++number) {
    writer->write({.number = number, .wire_length = 1511, .bytes = data});
  }
  const WholeCapture so_far = read_all({output});
  EXPECT_GT(so_far.packets.size(), 500U);
  EXPECT_TRUE(so_far.info().complete);
}

TEST(CaptureWriter, SaysThatTheDiskIsFull) {
  const std::vector<CaptureInfo> none;
  const auto writer = create_capture("/dev/full", none);
  writer->write({.number = 1, .wire_length = 22, .bytes = frame});
  try {
    writer->close();
    FAIL() << "a full disk stays unseen";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.exit_code(), ExitCode::unwritable_output);
    EXPECT_STREQ(failure.what(), "/dev/full: can't be written on: No space left on device");
  }
}

TEST(CaptureWriter, SaysThatAFileCantBeCreated) {
  const TemporaryDirectory directory;
  const std::vector<CaptureInfo> none;
  EXPECT_THROW(static_cast<void>(create_capture(directory.path("no/such/dir.pcap"), none)),
               Failure);
}

TEST(CaptureWriter, RefusesToOverwriteItsInput) {
  const TemporaryDirectory directory;
  const Octets octets = PcapBuilder().add({1, 0, frame}).octets();
  const std::string path = directory.write("in.pcap", octets);
  EXPECT_THROW(copy_capture(path, path), Failure);
  EXPECT_EQ(read_file(path), octets);
}

}  // namespace
}  // namespace tapdeck::test
