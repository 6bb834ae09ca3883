// Reading allocates nothing for a packet once the buffers have grown.
#include <gtest/gtest.h>

#include "tests/captures/read_back.h"
#include "tests/support/allocation_counter.h"

namespace tapdeck::test {
namespace {

/// Reads half of the capture, then counts what the other half allocates.
std::uint64_t allocations_of_second_half(const std::vector<std::string>& paths,
                                         const SourceOptions& options, std::uint64_t packets) {
  const auto source = open_captures(paths, options);
  PacketBatch batch;
  std::uint64_t read = 0;
  while (read < packets / 2 && source->next(batch)) {
    read += batch.packets.size();
  }
  const AllocationCounter counter;
  while (source->next(batch)) {
    read += batch.packets.size();
  }
  EXPECT_EQ(read, packets);
  return counter.allocations();
}

constexpr std::uint32_t packets = 40'000;

Octets large_pcap() {
  PcapBuilder builder;
  for (std::uint32_t second = 0; second < packets; ++second) {
    builder.add({second, 0, Octets(60 + second % 3)});
  }
  return builder.octets();
}

Octets large_pcapng() {
  PcapngBuilder builder;
  builder.section().interface();
  for (std::uint32_t second = 0; second < packets; ++second) {
    builder.enhanced({.time = second, .data = Octets(60 + second % 3)});
  }
  return builder.octets();
}

// A few for the end of the file; one for every block or packet would be hundreds or thousands.
constexpr std::uint64_t most_allocations = 8;

TEST(SteadyState, AllocatesNothingForAPacket) {
  if (!AllocationCounter::works()) {
    GTEST_SKIP() << "the sanitizer keeps its own allocator";
  }
  const TemporaryDirectory directory;
  for (const Octets& octets : {large_pcap(), large_pcapng()}) {
    const std::string path = directory.write("large", octets);
    EXPECT_LE(allocations_of_second_half({path}, {}, packets), most_allocations);
    EXPECT_LE(allocations_of_second_half({path}, {.filter = "greater 10"}, packets),
              most_allocations);
    EXPECT_LE(allocations_of_second_half({path, path}, {}, std::uint64_t{2} * packets),
              most_allocations);
  }
}

}  // namespace
}  // namespace tapdeck::test
