// The captures of public projects, replayed into a file: every packet that an interface could be
// given is there with its bytes, lengths, link type and time. Skipped where the corpus is absent.
#include "tests/support/corpus.h"

#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>

#include "tests/captures/read_back.h"
#include "tools/replay/schedule.h"
#include "tools/tapdeck/command.h"

namespace tapdeck::test {
namespace {

/// What a file that holds the same packets must have the same.
struct Content {
  std::int64_t time_ns;
  std::uint32_t wire_length;
  LinkType link_type;
  Bytes bytes;

  explicit Content(const OwnedPacket& packet)
      : time_ns(packet.time_ns),
        wire_length(packet.wire_length),
        link_type(packet.link_type),
        bytes(packet.bytes) {}

  [[nodiscard]] bool is_as_in(const Content& other) const {
    return time_ns == other.time_ns && wire_length == other.wire_length &&
           link_type == other.link_type && std::ranges::equal(bytes, other.bytes);
  }
};

/// What can be sent: whole packets without check sequence, up to one that is due too late.
std::vector<OwnedPacket> sendable(const std::vector<OwnedPacket>& packets) {
  std::vector<OwnedPacket> result;
  Schedule schedule({});
  for (OwnedPacket packet : packets) {
    const std::size_t on_wire = std::max<std::size_t>(packet.wire_length, packet.bytes.size());
    const std::size_t length = on_wire - std::min<std::size_t>(on_wire, packet.fcs_length);
    const std::size_t least = packet.link_type == LinkType::ethernet ? 14 : 1;
    if (packet.bytes.size() < length || length < least) continue;
    if (!schedule.place(packet.time_ns, length)) break;
    packet.wire_length = static_cast<std::uint32_t>(length);
    packet.bytes.resize(length);
    result.push_back(packet);
  }
  return result;
}

/// The first packet that isn't as it was, from 1; 0: none.
std::size_t first_difference(const std::vector<OwnedPacket>& one,
                             const std::vector<OwnedPacket>& other) {
  const std::size_t common = std::min(one.size(), other.size());
  for (std::size_t i = 0; i < common; ++i) {
    if (!Content(one[i]).is_as_in(Content(other[i]))) return i + 1;
  }
  return one.size() == other.size() ? 0 : common + 1;
}

TEST(ReplayOfTheCorpus, IntoAFileChangesNothingThatCanBeSent) {
  const std::string corpus = corpus_directory();
  if (corpus.empty()) GTEST_SKIP() << "the corpus is absent; TAPDECK_CORPUS names its directory";
  const TemporaryDirectory directory;
  const std::string copy = directory.path("copy.pcapng");
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(corpus)) {
    if (entry.path().string().find(".pcap") == std::string::npos) continue;
    const WholeCapture original = read_all({entry.path()});
    if (original.packets.empty()) continue;
    ++files;
    const ExitCode exit_code =
        run_program({"replay", entry.path().string(), "-o", copy, "--quiet", "--no-sandbox"});
    const std::vector<OwnedPacket> expected = sendable(original.packets);
    const bool is_whole = original.info().complete && expected.size() == original.packets.size();
    EXPECT_EQ(exit_code == ExitCode::fine, is_whole) << entry.path();
    EXPECT_EQ(first_difference(expected, read_all({copy}).packets), 0U) << entry.path();
  }
  EXPECT_GT(files, 1000U);
}

}  // namespace
}  // namespace tapdeck::test
