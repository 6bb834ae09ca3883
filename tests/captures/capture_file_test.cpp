// How files end: whole, cut at any byte, empty, or as something that is no capture.
#include "captures/capture_file.h"

#include <gtest/gtest.h>

#include "tests/captures/read_back.h"

namespace tapdeck::test {
namespace {

Octets small_pcap() {
  PcapBuilder builder;
  for (std::uint32_t second = 1; second <= 4; ++second) {
    builder.add({second, 0, Octets(std::size_t{second} * 3, static_cast<std::byte>(second))});
  }
  return builder.octets();
}

Octets small_pcapng() {
  PcapngBuilder builder;
  builder.section(std::endian::big, {{1, octets_of("comment")}}).interface();
  builder.enhanced({.time = 1, .data = Octets(5, std::byte{1})}, {{1, octets_of("note")}});
  builder.simple(Octets(6, std::byte{2}), 6);
  builder.section(std::endian::little).interface({.link_type = 101});
  builder.enhanced({.time = 2, .data = Octets(7, std::byte{3})});
  builder.obsolete({.time = 3, .data = Octets(8, std::byte{4})});
  return builder.octets();
}

/// Every packet that the cut file gives is the whole file's; nothing but the cut is reported.
void expect_prefix_at_every_cut(const Octets& octets) {
  const WholeCapture whole = read_octets(octets);
  ASSERT_EQ(whole.packets.size(), 4U);
  const TemporaryDirectory directory;
  for (std::size_t length = 0; length < octets.size(); ++length) {
    const Octets start(octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(length));
    const WholeCapture cut = read_all({directory.write("cut", start)});
    ASSERT_LE(cut.packets.size(), whole.packets.size());
    for (std::size_t index = 0; index < cut.packets.size(); ++index) {
      EXPECT_EQ(cut.packets[index], whole.packets[index]);
    }
    const CaptureInfo& info = cut.info();
    ASSERT_EQ(info.faults.size(), info.complete ? 0U : 1U) << "cut to " << length;
    if (info.complete) {
      continue;
    }
    const CaptureFault& fault = info.faults.front();
    const CaptureFaultKind expected = length == 0  ? CaptureFaultKind::empty
                                      : length < 4 ? CaptureFaultKind::not_a_capture
                                                   : CaptureFaultKind::cut_short;
    EXPECT_EQ(fault.kind, expected) << "cut to " << length;
    EXPECT_EQ(fault.packets_before, cut.packets.size());
    EXPECT_EQ(fault.offset + fault.available, length);
    EXPECT_TRUE(length < 4 || fault.needed > fault.available);
  }
}

TEST(CaptureFile, GivesAllBeforeTheCutOfAPcap) { expect_prefix_at_every_cut(small_pcap()); }

TEST(CaptureFile, GivesAllBeforeTheCutOfAPcapng) { expect_prefix_at_every_cut(small_pcapng()); }

TEST(CaptureFile, IsCompleteExactlyBetweenRecords) {
  const Octets octets = small_pcap();
  std::vector<std::size_t> complete;
  for (std::size_t length = 0; length <= octets.size(); ++length) {
    const Octets start(octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(length));
    if (read_octets(start).info().complete) {
      complete.push_back(length);
    }
  }
  EXPECT_EQ(complete, (std::vector<std::size_t>{24, 43, 65, 90, 118}));
}

TEST(CaptureFile, SaysWhereAFileIsCut) {
  Octets octets = small_pcap();
  octets.resize(octets.size() - 2);
  EXPECT_EQ(describe(read_octets(octets).info().faults.at(0)),
            "cut short inside packet 4 at byte 90: the record needs 28 bytes, 26 are there");
  octets.resize(91);
  EXPECT_EQ(describe(read_octets(octets).info().faults.at(0)),
            "cut short inside packet 4 at byte 90: the record needs 16 bytes, 1 is there");
}

TEST(CaptureFile, ReadsTheSameWithBlocksOfAnySize) {
  for (const Octets& octets : {small_pcap(), small_pcapng()}) {
    const TemporaryDirectory directory;
    const std::string path = directory.write("capture", octets);
    const WholeCapture whole = read_all({path});
    for (std::size_t block = 1; block < octets.size() + 10; ++block) {
      CaptureInfo info;
      info.file = path;
      CaptureFile file(0, info, block);
      PacketBatch batch;
      std::size_t count = 0;
      while (file.next(batch)) {
        for (const Packet& packet : batch.packets) {
          ASSERT_LT(count, whole.packets.size());
          EXPECT_EQ(Octets(packet.bytes.begin(), packet.bytes.end()), whole.packets[count].bytes);
          EXPECT_EQ(packet.number, ++count);
        }
      }
      EXPECT_EQ(count, whole.packets.size());
      EXPECT_TRUE(info.complete);
    }
  }
}

TEST(CaptureFile, StaysAtItsEnd) {
  const TemporaryDirectory directory;
  CaptureInfo info;
  info.file = directory.write("capture", small_pcap());
  CaptureFile file(0, info);
  PacketBatch batch;
  EXPECT_TRUE(file.next(batch));
  EXPECT_FALSE(file.next(batch));
  EXPECT_FALSE(file.next(batch));
  EXPECT_TRUE(batch.packets.empty());
}

TEST(CaptureFile, KeepsEachBatchApart) {
  PcapBuilder builder;
  for (std::uint32_t second = 0; second < 600; ++second) {
    builder.add({second, 0, Octets(1500, static_cast<std::byte>(second))});
  }
  const TemporaryDirectory directory;
  CaptureInfo info;
  info.file = directory.write("capture", builder.octets());
  CaptureFile file(0, info);
  PacketBatch first;
  PacketBatch second;
  ASSERT_TRUE(file.next(first));
  ASSERT_TRUE(file.next(second));
  for (const PacketBatch* batch : {&first, &second}) {
    for (const Packet& packet : batch->packets) {
      EXPECT_EQ(packet.bytes[0], static_cast<std::byte>(packet.number - 1));
      EXPECT_EQ(packet.bytes[1499], static_cast<std::byte>(packet.number - 1));
    }
  }
}

TEST(CaptureFile, SaysWhatIsNoCapture) {
  const auto said = [](const Octets& octets) {
    return describe(read_octets(octets).info().faults.at(0));
  };
  EXPECT_EQ(said({}), "empty, not even a file header");
  EXPECT_EQ(said(octets_of("GET / HTTP/1.1\r\nHost: example.org\r\n")),
            "not a packet capture: text that begins \"GET / HTTP/1.1  Host: ex\"");
  EXPECT_EQ(said(octets_of("\x01\x02zz")),
            "not a packet capture: it begins with the bytes 01 02 7a 7a");
  EXPECT_EQ(said(octets_of("{\"packets\": []}")), "not a packet capture: a JSON text");
  EXPECT_EQ(said(octets_of(std::string_view("snoop\0\0\0\0\0\0\2", 12))),
            "not a packet capture: a snoop capture");
}

TEST(CaptureFile, SaysWhatCantBeRead) {
  const TemporaryDirectory directory;
  CaptureInfo info;
  info.file = directory.path("missing");
  CaptureFile file(0, info);
  PacketBatch batch;
  EXPECT_FALSE(file.next(batch));
  ASSERT_EQ(info.faults.size(), 1U);
  EXPECT_EQ(info.faults[0].kind, CaptureFaultKind::not_readable);
  EXPECT_EQ(describe(info.faults[0]), "can't be read: No such file or directory");
}

TEST(CaptureFile, TellsHowFarItIs) {
  const Octets octets = small_pcap();
  const TemporaryDirectory directory;
  CaptureInfo info;
  info.file = directory.write("capture", octets);
  CaptureFile file(0, info);
  PacketBatch batch;
  while (file.next(batch)) {
  }
  EXPECT_EQ(file.octets_read(), octets.size());
  EXPECT_EQ(file.octets_total(), octets.size());
}

}  // namespace
}  // namespace tapdeck::test
