// The generator of large captures: what is asked for comes out, the same for a seed, with right
// checksums. Frames are read with a parser of the test's own.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "captures/failure.h"
#include "captures/packet_source.h"
#include "tools/bench/generate.h"
#include "tools/bench/traffic.h"

namespace tapdeck {
namespace {

using Address = std::vector<std::byte>;

struct GeneratedFrame {
  std::int64_t time_ns = 0;
  std::uint32_t wire_length = 0;
  std::vector<std::byte> bytes;
};

/// Where things lie in an Ethernet frame without tags, options of IP, or fragments.
struct Layout {
  explicit Layout(Bytes frame) {
    const bool version_4 = read_big_endian<std::uint16_t>(frame, 12) == 0x0800;
    protocol = read_octet(frame, version_4 ? 23 : 20);
    addresses = version_4 ? frame.subspan(26, 8) : frame.subspan(22, 32);
    ipv4_header = version_4 ? frame.subspan(14, 20) : Bytes();
    const std::size_t at = version_4 ? 34 : 54;
    const std::size_t length = version_4 ? read_big_endian<std::uint16_t>(frame, 16) - 20U
                                         : read_big_endian<std::uint16_t>(frame, 18);
    transport = frame.subspan(at, length);
  }

  std::uint8_t protocol = 0;
  Bytes addresses;
  Bytes ipv4_header;
  Bytes transport;
};

/// RFC 1071: zero over correct data.
[[nodiscard]] unsigned checksum(const std::vector<Bytes>& parts, unsigned sum = 0) {
  for (const Bytes part : parts) {
    for (std::size_t at = 0; at < part.size(); ++at) {
      sum += static_cast<unsigned>(read_octet(part, at)) << (at % 2 == 0 ? 8U : 0U);
    }
  }
  while (sum > 0xffff) sum = (sum & 0xffffU) + (sum >> 16U);
  return ~sum & 0xffffU;
}

/// Both ends in one order, whichever of them sent the frame.
[[nodiscard]] auto flow_of(const Layout& layout) {
  const std::size_t half = layout.addresses.size() / 2;
  const auto end = [&](std::size_t which) {
    const Bytes address = layout.addresses.subspan(which * half, half);
    return std::pair(Address(address.begin(), address.end()),
                     read_big_endian<std::uint16_t>(layout.transport, which * 2));
  };
  return std::tuple(layout.protocol, std::min(end(0), end(1)), std::max(end(0), end(1)));
}

class BenchGenerate : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(x_path); }

  [[nodiscard]] const std::string& path() const { return x_path; }

  [[nodiscard]] GenerateOptions options(const std::string& kind) const {
    return {.kind = kind, .out = x_path, .packets = 3000, .flows = 20};
  }

  [[nodiscard]] std::string octets_of(const GenerateOptions& options) const {
    EXPECT_EQ(generate(options).packets, options.packets);
    std::ifstream file(x_path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  [[nodiscard]] std::vector<GeneratedFrame> frames_of(const GenerateOptions& options) const {
    EXPECT_EQ(generate(options).packets, options.packets);
    const auto source = open_captures({x_path}, {});
    std::vector<GeneratedFrame> frames;
    PacketBatch batch;
    while (source->next(batch)) {
      for (const Packet& packet : batch.packets) {
        frames.push_back(
            {packet.time_ns, packet.wire_length, {packet.bytes.begin(), packet.bytes.end()}});
      }
    }
    EXPECT_TRUE(source->captures().front().complete);
    return frames;
  }

 private:
  std::string x_path = testing::TempDir() + "bench_generate_" + std::to_string(getpid()) + ".pcap";
};

class BenchGenerateKind : public BenchGenerate, public testing::WithParamInterface<const char*> {};

INSTANTIATE_TEST_SUITE_P(Kinds, BenchGenerateKind,
                         testing::Values("web", "elephant", "udp", "syn", "colliding", "idle"),
                         [](const auto& kind) { return std::string(kind.param); });

TEST_P(BenchGenerateKind, SameSeedSameOctets) {
  GenerateOptions asked = options(GetParam());
  const std::string first = octets_of(asked);
  EXPECT_EQ(octets_of(asked), first);
  asked.seed = 2;
  EXPECT_NE(octets_of(asked), first);
}

TEST_P(BenchGenerateKind, AsManyPacketsAndFlowsAsAskedFor) {
  const auto frames = frames_of(options(GetParam()));
  EXPECT_EQ(frames.size(), 3000U);
  std::map<decltype(flow_of(Layout({}))), int> flows;
  for (const GeneratedFrame& frame : frames) ++flows[flow_of(Layout(frame.bytes))];
  EXPECT_EQ(flows.size(), 20U);
}

TEST_P(BenchGenerateKind, ChecksumsAreRight) {
  for (const GeneratedFrame& frame : frames_of(options(GetParam()))) {
    const Layout layout(frame.bytes);
    if (!layout.ipv4_header.empty()) {
      ASSERT_EQ(checksum({layout.ipv4_header}), 0U);
    }
    const auto pseudo_header = static_cast<unsigned>(layout.protocol + layout.transport.size());
    ASSERT_EQ(checksum({layout.addresses, layout.transport}, pseudo_header), 0U);
  }
}

TEST_P(BenchGenerateKind, TimesNeverRunBackwards) {
  const auto frames = frames_of(options(GetParam()));
  EXPECT_TRUE(std::is_sorted(
      frames.begin(), frames.end(),
      [](const GeneratedFrame& a, const GeneratedFrame& b) { return a.time_ns < b.time_ns; }));
}

TEST_P(BenchGenerateKind, SnapLengthCutsWhatIsCapturedOnly) {
  GenerateOptions asked = options(GetParam());
  const auto whole = frames_of(asked);
  asked.snap_length = 64;
  const auto cut = frames_of(asked);
  ASSERT_EQ(cut.size(), whole.size());
  for (std::size_t at = 0; at < cut.size(); ++at) {
    ASSERT_EQ(cut[at].wire_length, whole[at].bytes.size());
    ASSERT_EQ(cut[at].bytes.size(), std::min<std::size_t>(64, whole[at].bytes.size()));
  }
}

TEST_F(BenchGenerate, WebConnectionsOpenWithAHandshake) {
  std::map<decltype(flow_of(Layout({}))), std::vector<unsigned>> flags_of;
  for (const GeneratedFrame& frame : frames_of(options("web"))) {
    const Layout layout(frame.bytes);
    flags_of[flow_of(layout)].push_back(read_octet(layout.transport, 13));
  }
  for (auto& [flow, flags] : flags_of) {
    ASSERT_GE(flags.size(), 3U);
    flags.resize(3);
    EXPECT_EQ(flags,
              (std::vector<unsigned>{tcp_bits::syn, tcp_bits::syn | tcp_bits::ack, tcp_bits::ack}));
  }
}

/// Where data lies against the highest seen of its direction.
class SequenceCounts {
 public:
  void add(Bytes tcp) {
    const auto header = static_cast<std::size_t>(read_octet(tcp, 12) >> 4U) * 4;
    if (header == 44) ++sack_blocks;
    if (tcp.size() == header) return;
    const auto seq = read_big_endian<std::uint32_t>(tcp, 4);
    const auto end = seq + static_cast<std::uint32_t>(tcp.size() - header);
    const auto ports = read_big_endian<std::uint32_t>(tcp, 0);
    std::uint32_t& expected = x_expected.try_emplace(ports, seq).first->second;
    if (before(seq, expected)) ++behind;
    if (before(expected, seq)) ++ahead;
    if (before(expected, end)) expected = end;
  }

  int behind = 0;
  int ahead = 0;
  int sack_blocks = 0;

 private:
  [[nodiscard]] static bool before(std::uint32_t a, std::uint32_t b) {
    return static_cast<std::int32_t>(a - b) < 0;
  }

  std::map<std::uint32_t, std::uint32_t> x_expected;
};

TEST_F(BenchGenerate, WebHoldsGapsRepeatsAndSackBlocks) {
  GenerateOptions asked = options("web");
  asked.packets = 20'000;
  SequenceCounts counts;
  for (const GeneratedFrame& frame : frames_of(asked)) counts.add(Layout(frame.bytes).transport);
  EXPECT_GT(counts.behind, 10);
  EXPECT_GT(counts.ahead, 5);
  EXPECT_GT(counts.sack_blocks, 10);
}

[[nodiscard]] ExitCode failure_of(const GenerateOptions& options) {
  try {
    (void)generate(options);
  } catch (const Failure& failure) {
    return failure.exit_code();
  }
  return ExitCode::fine;
}

TEST_F(BenchGenerate, RefusesWhatCannotBe) {
  EXPECT_EQ(failure_of(options("smoke")), ExitCode::usage);
  GenerateOptions asked = options("web");
  asked.flows = 2999;
  EXPECT_EQ(failure_of(asked), ExitCode::usage);
  asked = options("web");
  asked.out = path() + "/no/such/folder";
  EXPECT_EQ(failure_of(asked), ExitCode::unwritable_output);
}

TEST_F(BenchGenerate, AFullDiskIsAnError) {
  GenerateOptions asked = options("syn");
  asked.out = "/dev/full";
  asked.packets = 100'000;
  EXPECT_EQ(failure_of(asked), ExitCode::unwritable_output);
}

}  // namespace
}  // namespace tapdeck
