// Inputs as the user names them: several files merged by time, directories, pipes, limits.
#include "captures/packet_source.h"

#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "captures/failure.h"
#include "tests/captures/read_back.h"

namespace tapdeck::test {
namespace {

/// A packet of one octet, `mark`, for each of the seconds.
Octets pcap_at(std::initializer_list<std::uint32_t> seconds, char mark) {
  PcapBuilder builder;
  for (const std::uint32_t second : seconds) {
    builder.add({second, 0, octets_of(std::string_view(&mark, 1))});
  }
  return builder.octets();
}

std::string marks(const WholeCapture& whole) {
  std::string text;
  for (const OwnedPacket& packet : whole.packets) {
    text += static_cast<char>(packet.bytes.at(0));
  }
  return text;
}

ExitCode failure_of(const std::vector<std::string>& paths, const SourceOptions& options = {}) {
  try {
    static_cast<void>(open_captures(paths, options));
  } catch (const Failure& failure) {
    return failure.exit_code();
  }
  return ExitCode::fine;
}

TEST(PacketSource, MergesByTimeAndNumbersAnew) {
  const TemporaryDirectory directory;
  const auto whole = read_all({directory.write("a", pcap_at({1, 4, 5}, 'a')),
                               directory.write("b", pcap_at({2, 3, 6}, 'b'))});
  EXPECT_EQ(marks(whole), "abbaab");
  for (std::size_t index = 0; index < whole.packets.size(); ++index) {
    EXPECT_EQ(whole.packets[index].number, index + 1);
    EXPECT_EQ(whole.packets[index].capture, marks(whole)[index] == 'a' ? 0 : 1);
  }
  EXPECT_EQ(whole.captures.at(0).packets, 3U);
  EXPECT_TRUE(whole.captures.at(0).complete);
  EXPECT_TRUE(whole.captures.at(1).complete);
}

TEST(PacketSource, TakesEqualTimesInTheOrderOfInputs) {
  const TemporaryDirectory directory;
  const std::string a = directory.write("a", pcap_at({1, 1, 2}, 'a'));
  const std::string b = directory.write("b", pcap_at({1, 2, 2}, 'b'));
  EXPECT_EQ(marks(read_all({a, b})), "aababb");
  EXPECT_EQ(marks(read_all({b, a})), "baabba");
}

TEST(PacketSource, NeverChangesTheOrderWithinAFile) {
  const TemporaryDirectory directory;
  const auto whole = read_all(
      {directory.write("a", pcap_at({5, 1, 6}, 'a')), directory.write("b", pcap_at({4, 7}, 'b'))});
  EXPECT_EQ(marks(whole), "baaab");
  EXPECT_EQ(whole.captures.at(0).oddities.times_backwards, 1U);
}

TEST(PacketSource, MergesManyFilesLargerThanABlock) {
  const TemporaryDirectory directory;
  std::vector<std::string> paths;
  constexpr std::uint32_t files = 5;
  constexpr std::uint32_t packets = 400;
  for (std::uint32_t file = 0; file < files; ++file) {
    PcapBuilder builder;
    for (std::uint32_t packet = 0; packet < packets; ++packet) {
      builder.add({packet * files + file, 0, Octets(1400, static_cast<std::byte>(file))});
    }
    paths.push_back(directory.write(std::to_string(file), builder.octets()));
  }
  const auto whole = read_all(paths);
  ASSERT_EQ(whole.packets.size(), files * packets);
  for (std::uint32_t index = 0; index < files * packets; ++index) {
    ASSERT_EQ(whole.packets[index].time_ns, std::int64_t{index} * 1'000'000'000);
    ASSERT_EQ(whole.packets[index].bytes, Octets(1400, static_cast<std::byte>(index % files)));
  }
}

TEST(PacketSource, NumbersCommentsAsTheirPackets) {
  PcapngBuilder builder;
  builder.section().interface();
  builder.enhanced({.time = 1'500'000, .data = octets_of("n")}, {{1, octets_of("first")}});
  builder.enhanced({.time = 2'500'000, .data = octets_of("n")});
  builder.enhanced({.time = 9'000'000, .data = octets_of("n")}, {{1, octets_of("last")}});
  const TemporaryDirectory directory;
  const auto whole = read_all(
      {directory.write("a", pcap_at({1, 2, 3}, 'a')), directory.write("b", builder.octets())});
  EXPECT_EQ(marks(whole), "ananan");
  const std::vector<PacketComment>& comments = whole.captures.at(1).packet_comments;
  ASSERT_EQ(comments.size(), 2U);
  EXPECT_EQ(comments[0].packet_number, 2U);
  EXPECT_EQ(comments[1].packet_number, 6U);
}

TEST(PacketSource, ReadsOnWithoutTheInputThatIsNoCapture) {
  const TemporaryDirectory directory;
  const auto whole = read_all({directory.write("a", octets_of("text")),
                               directory.write("b", pcap_at({1}, 'b')), directory.write("c", {})});
  EXPECT_EQ(marks(whole), "b");
  EXPECT_EQ(whole.captures.at(0).faults.at(0).kind, CaptureFaultKind::not_a_capture);
  EXPECT_EQ(whole.captures.at(2).faults.at(0).kind, CaptureFaultKind::empty);
}

TEST(PacketSource, TakesCapturesInAndBelowADirectoryByPath) {
  const TemporaryDirectory directory;
  directory.write("set/b", pcap_at({1}, 'b'));
  directory.write("set/a.pcap", pcap_at({1}, 'a'));
  directory.write("set/deep/er/c", pcap_at({1}, 'c'));
  directory.write("set/notes.txt", octets_of("no capture"));
  directory.write("set/empty", {});
  const auto whole = read_all({directory.path("set")});
  EXPECT_EQ(marks(whole), "abc");
  ASSERT_EQ(whole.captures.size(), 3U);
  EXPECT_EQ(whole.captures[2].file, directory.path("set/deep/er/c"));
}

TEST(PacketSource, SaysWhatInADirectoryIsCalledACaptureAndIsNone) {
  const TemporaryDirectory directory;
  directory.write("set/a.pcap", pcap_at({1}, 'a'));
  for (const char* const name : {"b.pcap", "c.pcapng", "d.CAP", "e.pcap.gz", "f.pcapng.zst",
                                 "g.txt", "h.pcap.txt", ".i.pcap", "pcap", "j.gz"}) {
    directory.write(std::string("set/") + name, octets_of("no capture"));
  }
  const auto whole = read_all({directory.path("set")});
  EXPECT_EQ(marks(whole), "a");
  ASSERT_EQ(whole.captures.size(), 6U);
  for (std::size_t index = 1; index < whole.captures.size(); ++index) {
    ASSERT_EQ(whole.captures[index].faults.size(), 1U);
    EXPECT_EQ(whole.captures[index].faults[0].kind, CaptureFaultKind::not_a_capture);
  }
}

TEST(PacketSource, SaysThatADirectoryHoldsNoCaptures) {
  const TemporaryDirectory directory;
  directory.write("set/notes.txt", octets_of("no capture"));
  const auto whole = read_all({directory.path("set")});
  EXPECT_TRUE(whole.packets.empty());
  ASSERT_EQ(whole.info().faults.size(), 1U);
  EXPECT_EQ(describe(whole.info().faults[0]),
            "not a packet capture: the directory holds no captures");
}

TEST(PacketSource, RefusesPathsThatDoNotExist) {
  const TemporaryDirectory directory;
  EXPECT_EQ(failure_of({directory.path("missing.pcap")}), ExitCode::unreadable_input);
  EXPECT_EQ(failure_of({}), ExitCode::usage);
  EXPECT_EQ(failure_of({"-", "-"}), ExitCode::usage);
}

TEST(PacketSource, StopsAtTheLimit) {
  const TemporaryDirectory directory;
  const std::string path = directory.write("a", pcap_at({1, 2, 3, 4}, 'a'));
  EXPECT_EQ(read_all({path}, {.filter = "", .packet_limit = 3}).packets.size(), 3U);
  EXPECT_EQ(read_all({path}, {.filter = "", .packet_limit = 9}).packets.size(), 4U);
}

TEST(PacketSource, NumbersBeforeTheFilterAndLimitsBehindIt) {
  PcapBuilder builder;
  for (std::uint32_t second = 0; second < 10; ++second) {
    builder.add({second, 0, Octets(second % 2 == 0 ? 40 : 90)});
  }
  const TemporaryDirectory directory;
  const auto source = open_captures({directory.write("a", builder.octets())},
                                    {.filter = "greater 80", .packet_limit = 2});
  const auto whole = read_all(*source);
  ASSERT_EQ(whole.packets.size(), 2U);
  EXPECT_EQ(whole.packets[0].number, 2U);
  EXPECT_EQ(whole.packets[1].number, 4U);
  EXPECT_EQ(source->filter_counts().passed, 2U);
}

TEST(PacketSource, ReadsAPipeAsAFile) {
  PcapBuilder builder;
  for (std::uint32_t second = 0; second < 2000; ++second) {
    builder.add({second, 0, Octets(second % 1500, static_cast<std::byte>(second))});
  }
  const TemporaryDirectory directory;
  const auto whole = read_all({directory.write("file", builder.octets())});
  const std::string pipe = directory.path("pipe");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  std::thread writer([&] {
    const int descriptor = ::open(pipe.c_str(), O_WRONLY);
    Bytes left(builder.octets());
    for (std::size_t step = 1; !left.empty(); step = step % 9973 + 1) {
      const Bytes some = left.first(std::min(step, left.size()));
      const auto written = ::write(descriptor, some.data(), some.size());
      left = left.subspan(static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
    }
    ::close(descriptor);
  });
  const auto source = open_captures({pipe}, {});
  const auto piped = read_all(*source);
  writer.join();
  EXPECT_EQ(piped.packets, whole.packets);
  EXPECT_TRUE(piped.info().complete);
  EXPECT_EQ(source->progress().octets_total, 0U);
}

TEST(PacketSource, ReadsStandardInput) {
  const TemporaryDirectory directory;
  const int saved = ::dup(STDIN_FILENO);
  const int file = ::open(directory.write("a", pcap_at({1, 2}, 'a')).c_str(), O_RDONLY);
  ::dup2(file, STDIN_FILENO);
  const auto whole = read_all({"-"});
  ::dup2(saved, STDIN_FILENO);
  ::close(saved);
  ::close(file);
  EXPECT_EQ(marks(whole), "aa");
  EXPECT_EQ(whole.info().file, "-");
}

TEST(PacketSource, TellsProgressOverAllInputs) {
  const TemporaryDirectory directory;
  const Octets octets = pcap_at({1, 2, 3}, 'a');
  const auto source =
      open_captures({directory.write("a", octets), directory.write("b", octets)}, {});
  EXPECT_EQ(source->progress().octets_total, 2 * octets.size());
  static_cast<void>(read_all(*source));
  EXPECT_EQ(source->progress().octets_read, 2 * octets.size());
  EXPECT_EQ(source->progress().octets_total, 2 * octets.size());
}

}  // namespace
}  // namespace tapdeck::test
