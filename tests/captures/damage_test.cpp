// Captures damaged at random: never a crash, never memory that a file's claims alone ask for.
#include <array>
#include <random>

#include <gtest/gtest.h>

#include "tests/captures/read_back.h"

namespace tapdeck::test {
namespace {

Octets pcap_seed(std::endian order) {
  PcapBuilder builder({.order = order});
  for (std::uint32_t second = 0; second < 12; ++second) {
    builder.add({second, second, Octets(std::size_t{second} * 7)});
  }
  return builder.octets();
}

Octets pcapng_seed() {
  PcapngBuilder builder;
  builder.section(std::endian::big, {{1, octets_of("section")}, {4, octets_of("program")}});
  builder.interface({.link_type = 1}, {{2, octets_of("eth0")}, {9, {std::byte{9}}}});
  for (std::uint64_t time = 0; time < 5; ++time) {
    builder.enhanced({.time = time, .data = Octets(time * 5)}, {{1, octets_of("note")}});
  }
  builder.section(std::endian::little).interface().simple(Octets(9), 9);
  builder.block(4, builder.body(), {{1, octets_of("\x7f\x01\x01\x01host")}});
  builder.block(5, builder.body().add(std::uint32_t{0}).add(std::uint64_t{0}),
                {{4, OctetWriter().add(std::uint64_t{4}).octets()}});
  return builder.obsolete({.data = Octets(11)}).octets();
}

void damage(Octets& octets, std::mt19937& random) {
  const auto any = [&random](std::size_t below) { return random() % below; };
  switch (any(5)) {
    case 0:
      octets[any(octets.size())] ^= static_cast<std::byte>(1U << any(8));
      break;
    case 1:
      octets[any(octets.size())] = static_cast<std::byte>(any(256));
      break;
    case 2:
      std::fill_n(octets.begin() + static_cast<std::ptrdiff_t>(any(octets.size() - 3)), 4,
                  any(2) == 0 ? std::byte{0} : std::byte{0xff});
      break;
    case 3:
      octets.resize(1 + any(octets.size()));
      octets.resize(std::max<std::size_t>(octets.size(), 8));
      break;
    case 4:
      octets.erase(octets.begin() + static_cast<std::ptrdiff_t>(any(octets.size() - 7)));
      break;
  }
}

/// Reads all of it into `batch`, which grows as far as the reader makes it.
void expect_consistent(const std::string& path, std::size_t octets, PacketBatch& batch) {
  const auto source = open_captures({path}, {});
  std::uint64_t packets = 0;
  while (source->next(batch)) {
    for (const Packet& packet : batch.packets) {
      ASSERT_LE(packet.bytes.size(), octets);
      ++packets;
    }
  }
  const CaptureInfo& info = source->captures().at(0);
  EXPECT_EQ(info.packets, packets);
  EXPECT_EQ(info.complete, info.faults.empty());
}

TEST(Damage, NeverHurtsTheReader) {
  constexpr std::uint32_t seed = 20'240'607;
  // NOLINTNEXTLINE(cert-msc32-c, cert-msc51-cpp): a failure must be the same the next time.
  std::mt19937 random(seed);
  const TemporaryDirectory directory;
  const std::array seeds{pcap_seed(std::endian::little), pcap_seed(std::endian::big),
                         pcapng_seed()};
  PacketBatch batch;
  for (int round = 0; round < 3000; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    Octets octets = seeds[random() % seeds.size()];
    for (auto times = random() % 6; times < 6; ++times) {
      damage(octets, random);
    }
    expect_consistent(directory.write("damaged", octets), octets.size(), batch);
  }
  EXPECT_LE(batch.buffer.size(), std::size_t{1024} * 1024);
}

}  // namespace
}  // namespace tapdeck::test
