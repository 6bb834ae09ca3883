// Compressed captures: the same packets as the plain file, several members in a row, and streams
// that are cut or corrupt.
#include <array>

#include <gtest/gtest.h>
#include <lz4frame.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "captures/byte_source.h"
#include "tests/captures/read_back.h"

namespace tapdeck::test {
namespace {

Octets gzip(const Octets& plain) {
  Octets input = plain;  // zlib wants it writable
  z_stream stream{};
  ::deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  Octets packed(::deflateBound(&stream, plain.size()));
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  ::deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  ::deflateEnd(&stream);
  return packed;
}

Octets zstd(const Octets& plain) {
  Octets packed(ZSTD_compressBound(plain.size()));
  packed.resize(ZSTD_compress(packed.data(), packed.size(), plain.data(), plain.size(), 1));
  return packed;
}

Octets lz4(const Octets& plain) {
  Octets packed(LZ4F_compressFrameBound(plain.size(), nullptr));
  packed.resize(
      LZ4F_compressFrame(packed.data(), packed.size(), plain.data(), plain.size(), nullptr));
  return packed;
}

struct Packer {
  Compression compression;
  Octets (*pack)(const Octets&);
};
constexpr std::array packers{Packer{Compression::gzip, gzip}, Packer{Compression::zstd, zstd},
                             Packer{Compression::lz4, lz4}};

/// Two megabytes that hardly compress.
Octets large_pcap() {
  PcapBuilder builder;
  std::uint32_t random = 1;
  for (std::uint32_t second = 0; second < 1400; ++second) {
    Octets data(1500);
    for (std::byte& octet : data) {
      random = random * 1664525U + 1013904223U;
      octet = static_cast<std::byte>(random >> 24);
    }
    builder.add({second, 0, data});
  }
  return builder.octets();
}

Octets part(const Octets& octets, std::size_t from, std::size_t to) {
  return {octets.begin() + static_cast<std::ptrdiff_t>(from),
          octets.begin() + static_cast<std::ptrdiff_t>(to)};
}

void expect_prefix(const WholeCapture& found, const WholeCapture& whole) {
  ASSERT_LE(found.packets.size(), whole.packets.size());
  for (std::size_t index = 0; index < found.packets.size(); ++index) {
    ASSERT_EQ(found.packets[index], whole.packets[index]);
  }
}

TEST(Compressed, EqualsPlain) {
  const Octets plain = large_pcap();
  const WholeCapture whole = read_octets(plain);
  for (const Packer& packer : packers) {
    const WholeCapture unpacked = read_octets(packer.pack(plain));
    EXPECT_EQ(unpacked.packets, whole.packets);
    EXPECT_TRUE(unpacked.info().complete);
    EXPECT_EQ(unpacked.info().compression, packer.compression);
    EXPECT_EQ(unpacked.info().bytes, whole.info().bytes);
  }
}

TEST(Compressed, ReadsSeveralMembersAsOneFile) {
  const Octets plain = large_pcap();
  const WholeCapture whole = read_octets(plain);
  for (const Packer& packer : packers) {
    const Octets packed = packer.pack(part(plain, 0, 10)) + packer.pack({}) +
                          packer.pack(part(plain, 10, 777'777)) +
                          packer.pack(part(plain, 777'777, plain.size()));
    const WholeCapture unpacked = read_octets(packed);
    EXPECT_EQ(unpacked.packets, whole.packets);
    EXPECT_TRUE(unpacked.info().complete);
  }
}

TEST(Compressed, GivesAllBeforeTheCut) {
  const Octets plain = large_pcap();
  const WholeCapture whole = read_octets(plain);
  for (const Packer& packer : packers) {
    const Octets packed = packer.pack(plain);
    const WholeCapture cut = read_octets(part(packed, 0, packed.size() * 3 / 4));
    expect_prefix(cut, whole);
    EXPECT_GT(cut.packets.size(), whole.packets.size() / 2);
    ASSERT_EQ(cut.info().faults.size(), 1U);
    EXPECT_EQ(cut.info().faults[0].kind, CaptureFaultKind::broken_compression);
    EXPECT_EQ(cut.info().faults[0].detail, "the compressed file is cut short");
    EXPECT_EQ(cut.info().faults[0].packets_before, cut.packets.size());
  }
}

TEST(Compressed, IsCutShortWhereGzipBarelyShows) {
  const Octets packed = gzip(large_pcap());
  for (const std::size_t octets : {2U, 3U, 4U, 11U}) {
    const WholeCapture cut = read_octets(part(packed, 0, octets));
    ASSERT_EQ(cut.info().faults.size(), 1U);
    EXPECT_EQ(cut.info().faults[0].detail, "the compressed file is cut short") << octets;
  }
}

TEST(Compressed, GivesAllBeforeTheDamage) {
  const Octets plain = large_pcap();
  const WholeCapture whole = read_octets(plain);
  for (const Packer& packer : packers) {
    const Octets packed = packer.pack(part(plain, 0, 1'000'000)) + octets_of("damage") +
                          packer.pack(part(plain, 1'000'000, plain.size()));
    const WholeCapture damaged = read_octets(packed);
    EXPECT_GT(damaged.packets.size(), 200U);
    ASSERT_EQ(damaged.info().faults.size(), 1U);
    EXPECT_EQ(damaged.info().faults[0].kind, CaptureFaultKind::broken_compression);
    EXPECT_NE(damaged.info().faults[0].detail, "");
    expect_prefix(damaged, whole);
  }
}

TEST(Compressed, APipeThatFallsSilentKeepsNobodyWaitingAtTheEnd) {
  for (const Packer& packer : packers) {
    const Octets packed = packer.pack(large_pcap());
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    const auto write_some = [&](std::size_t from, std::size_t to) {
      return ::write(ends[1], packed.data() + from, to - from) == static_cast<ssize_t>(to - from);
    };
    ASSERT_TRUE(write_some(0, 1'000));
    {
      const auto source = open_byte_source("/dev/fd/" + std::to_string(ends[0]));
      ASSERT_TRUE(write_some(1'000, 500'000)) << "fits: the pipe was made larger";
      Octets room(100);
      EXPECT_GT(source->read(room), 0U);
    }  // while the writer has the pipe open
    ::close(ends[0]);
    ::close(ends[1]);
  }
}

TEST(Compressed, EndsAtEveryCutOfASmallFileWithoutInventing) {
  PcapBuilder builder;
  for (std::uint32_t second = 0; second < 5; ++second) {
    builder.add({second, 0, Octets(20, static_cast<std::byte>(second))});
  }
  const WholeCapture whole = read_octets(builder.octets());
  for (const Packer& packer : packers) {
    const Octets packed = packer.pack(builder.octets());
    for (std::size_t length = 0; length < packed.size(); ++length) {
      const WholeCapture cut = read_octets(part(packed, 0, length));
      expect_prefix(cut, whole);
      EXPECT_EQ(cut.info().faults.size(), 1U) << "cut to " << length;
    }
  }
}

TEST(Compressed, SaysThatWhatFollowsTheLastMemberIsNone) {
  const Octets plain = PcapBuilder().add({1, 0, Octets(60)}).octets();
  for (const Packer& packer : packers) {
    for (const char* const behind : {"garbage", "\x1f is no member"}) {
      const WholeCapture unpacked = read_octets(packer.pack(plain) + octets_of(behind));
      EXPECT_EQ(unpacked.packets.size(), 1U);
      EXPECT_FALSE(unpacked.info().complete);
      ASSERT_EQ(unpacked.info().faults.size(), 1U);
      EXPECT_EQ(unpacked.info().faults[0].kind, CaptureFaultKind::broken_compression);
    }
  }
  const WholeCapture padded = read_octets(gzip(plain) + Octets(512) + octets_of("garbage"));
  ASSERT_EQ(padded.info().faults.size(), 1U);
  EXPECT_EQ(describe(padded.info().faults[0]),
            "the compressed data is broken behind packet 1, at byte 100 of the decompressed "
            "capture: bytes behind its end that are no gzip data");
}

TEST(Compressed, PassesOverZerosBehindTheLastGzipMember) {
  const Octets plain = PcapBuilder().add({1, 0, Octets(60)}).octets();
  const WholeCapture unpacked = read_octets(gzip(plain) + Octets(512));
  EXPECT_EQ(unpacked.packets.size(), 1U);
  EXPECT_TRUE(unpacked.info().complete);
}

TEST(Compressed, PassesOverSkippableFramesOfZstd) {
  const Octets skippable = OctetWriter()
                               .add(std::uint32_t{0x184d2a50})
                               .add(std::uint32_t{4})
                               .add(std::uint32_t{0})
                               .octets();
  const Octets plain = PcapBuilder().add({1, 0, Octets(60)}).octets();
  const WholeCapture unpacked = read_octets(skippable + zstd(plain) + skippable);
  EXPECT_EQ(unpacked.packets.size(), 1U);
  EXPECT_TRUE(unpacked.info().complete);
}

TEST(Compressed, SaysWhatIsInsideIfItIsNoCapture) {
  for (const Packer& packer : packers) {
    const WholeCapture unpacked = read_octets(packer.pack(octets_of("[1, 2, 3]")));
    EXPECT_EQ(unpacked.info().faults.at(0).kind, CaptureFaultKind::not_a_capture);
    EXPECT_EQ(unpacked.info().faults.at(0).detail, "a JSON text");
    EXPECT_EQ(unpacked.info().compression, packer.compression);
  }
}

// A record may claim 128 MiB and a small compressed file can back the claim; more is refused before
// any of it is held.
TEST(Compressed, RefusesABombByItsFirstRecord) {
  Octets bomb = PcapBuilder().add({.wire_length = 0x7fff'ffff, .captured = 0x7fff'ffff}).octets();
  bomb.resize(std::size_t{64} * 1024 * 1024);
  const TemporaryDirectory directory;
  const auto source = open_captures({directory.write("bomb.zst", zstd(bomb))}, {});
  PacketBatch batch;
  EXPECT_FALSE(source->next(batch));
  EXPECT_LE(batch.buffer.size(), 512U * 1024);
  EXPECT_EQ(source->captures().at(0).faults.at(0).kind, CaptureFaultKind::bad_record);
}

TEST(Compressed, TellsProgressInCompressedOctets) {
  const TemporaryDirectory directory;
  const Octets packed = gzip(large_pcap());
  const auto source = open_captures({directory.write("capture.gz", packed)}, {});
  PacketBatch batch;
  ASSERT_TRUE(source->next(batch));
  EXPECT_LT(source->progress().octets_read, packed.size());
  while (source->next(batch)) {
  }
  EXPECT_EQ(source->progress().octets_read, packed.size());
  EXPECT_EQ(source->progress().octets_total, packed.size());
}

}  // namespace
}  // namespace tapdeck::test
