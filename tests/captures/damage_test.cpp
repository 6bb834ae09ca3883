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

TEST(Damage, NeverHurtsTheReader) {
  constexpr std::uint32_t seed = 20'240'607;
  std::mt19937 random(seed);
  const TemporaryDirectory directory;
  const std::array seeds{pcap_seed(std::endian::little), pcap_seed(std::endian::big),
                         pcapng_seed()};
  PacketBatch batch;
  for (int round = 0; round < 3000; ++round) {
    Octets octets = seeds[random() % 3];
    for (auto times = random() % 6; times < 6; ++times) {
      damage(octets, random);
    }
    const auto source = open_captures({directory.write("damaged", octets)}, {});
    std::uint64_t packets = 0;
    while (source->next(batch)) {
      for (const Packet& packet : batch.packets) {
        ASSERT_LE(packet.bytes.size(), octets.size()) << "seed " << seed << " round " << round;
        ++packets;
      }
    }
    const CaptureInfo& info = source->captures().at(0);
    ASSERT_EQ(info.packets, packets);
    ASSERT_EQ(info.complete, info.faults.empty());
  }
  EXPECT_LE(batch.buffer.size(), 1024U * 1024);
}

}  // namespace
}  // namespace tapdeck::test
