// Files in a row: their names, when the next one begins, which are kept, what each of them says.
#include "captures/rotating_capture.h"

#include <algorithm>
#include <filesystem>
#include <limits>

#include <gtest/gtest.h>

#include "captures/background_capture.h"
#include "captures/failure.h"
#include "tests/captures/read_back.h"

namespace tapdeck::test {
namespace {

constexpr std::int64_t begin_ns = 1'700'000'000'000'000'000;  // 2023-11-14T22:13:20Z
constexpr std::int64_t second = 1'000'000'000;

/// Remembers what was made and removed, and refuses to make more than it may.
class WatchedFolder final : public CaptureFolder {
 public:
  int create(const std::string& path, Bytes start) override {
    if (made.size() == most) throw Failure(ExitCode::unwritable_output, "no more files");
    made.push_back(path);
    return folder.create(path, start);
  }
  ssize_t append(int descriptor, Bytes octets) override {
    return folder.append(descriptor, octets);
  }
  void remove(const std::string& path) override {
    removed.push_back(path);
    folder.remove(path);
  }

  std::size_t most = std::numeric_limits<std::size_t>::max();
  std::vector<std::string> made, removed;
  OwnCaptureFolder folder;
};

class RotatingCaptureTest : public ::testing::Test {
 protected:
  RotatingCaptureTest() {
    CaptureInfo& info = captures.emplace_back();
    info.file = "eth0";
    info.interfaces.push_back({.name = "eth0", .filter = "tcp", .time_digits = 9});
  }

  Packet packet(std::uint64_t number) {
    return {.number = number,
            .time_ns = begin_ns + static_cast<std::int64_t>(number),
            .wire_length = 100,
            .time_digits = 9,
            .bytes = bytes};
  }

  RotatingCapture capture(const Rotation& rotation) {
    return {directory.path("x.pcapng"), rotation, folder, captures, begin_ns};
  }

  TemporaryDirectory directory;
  WatchedFolder folder;
  std::vector<CaptureInfo> captures;
  Octets bytes = octets_of("a frame of no protocol");
};

TEST(RotatedName, HoldsTimeAndNumberBeforeTheSuffix) {
  EXPECT_EQ(rotated_name("a/x.pcapng", 7, begin_ns), "a/x-20231114T221320Z-00007.pcapng");
  EXPECT_EQ(rotated_name("x", 123'456, begin_ns), "x-20231114T221320Z-123456");
}

TEST_F(RotatingCaptureTest, WritesOneFileUnderItsNameWhereNothingRotates) {
  RotatingCapture one = capture({});
  const std::string path = directory.path("x.pcapng");
  EXPECT_EQ(read_all({path}).info().interfaces.at(0).name, "eth0");  // before any packet
  one.write(packet(1));
  one.write(packet(2), "something is odd");
  one.tick({.dropped_by_system = 3}, begin_ns + second);
  one.close("and this at the end");
  EXPECT_EQ(one.packets_safe(), 2U);
  const WholeCapture whole = read_all({path});
  ASSERT_EQ(whole.packets.size(), 2U);
  EXPECT_EQ(whole.packets[1].time_ns, begin_ns + 2);
  EXPECT_EQ(whole.packets[1].bytes, bytes);
  const CaptureInfo& info = whole.info();
  EXPECT_TRUE(info.complete);
  ASSERT_EQ(info.packet_comments.size(), 1U);
  EXPECT_EQ(info.packet_comments[0].packet_number, 2U);
  EXPECT_EQ(info.packet_comments[0].text, "something is odd");
  EXPECT_EQ(info.interfaces.at(0).statistics.dropped_by_system, 3U);
  EXPECT_EQ(info.interfaces.at(0).statistics.delivered, 2U);
  EXPECT_EQ(info.interfaces.at(0).filter, "tcp");
  EXPECT_EQ(folder.made, std::vector<std::string>{path});
}

TEST_F(RotatingCaptureTest, BeginsTheNextFileAfterAsManyPacketsAndKeepsTheNewest) {
  RotatingCapture many = capture({.packets = 2, .keep = 2});
  for (std::uint64_t number = 1; number <= 7; ++number) many.write(packet(number));
  many.close();
  ASSERT_EQ(folder.made.size(), 4U);
  EXPECT_EQ(many.packets_safe(), 7U);
  EXPECT_EQ(folder.removed, (std::vector<std::string>{folder.made[0], folder.made[1]}));
  EXPECT_FALSE(std::filesystem::exists(folder.made[1]));
  EXPECT_EQ(read_all({folder.made[2]}).packets.size(), 2U);
  EXPECT_EQ(read_all({folder.made[3]}).packets.size(), 1U);
  EXPECT_TRUE(std::ranges::is_sorted(folder.made));
}

TEST_F(RotatingCaptureTest, BeginsTheNextFileAtASize) {
  RotatingCapture many = capture({.octets = 4'096});
  for (std::uint64_t number = 1; number <= 200; ++number) many.write(packet(number));
  many.close();
  ASSERT_GT(folder.made.size(), 2U);
  std::uint64_t packets = 0;
  for (const std::string& file : folder.made) {
    EXPECT_LT(std::filesystem::file_size(file), 4'096U + 512U);
    packets += read_all({file}).packets.size();
  }
  EXPECT_EQ(packets, 200U);
}

TEST_F(RotatingCaptureTest, BeginsTheNextFileAfterATimeIfThisOneHoldsAnything) {
  RotatingCapture many = capture({.duration_ns = 10 * second});
  many.tick({}, begin_ns + 50 * second);
  EXPECT_EQ(folder.made.size(), 1U);
  many.write(packet(1));
  many.tick({}, begin_ns + 60 * second);
  EXPECT_EQ(folder.made.size(), 2U);
  many.tick({}, begin_ns + 61 * second);
  EXPECT_EQ(folder.made.size(), 2U);
  many.close();
}

TEST_F(RotatingCaptureTest, WaitsNoLongerThanTheTimeWhenTheClockIsSetBack) {
  RotatingCapture many = capture({.duration_ns = 10 * second});
  many.write(packet(1));
  many.tick({}, begin_ns - 3600 * second);
  EXPECT_EQ(folder.made.size(), 1U);
  many.tick({}, begin_ns - 3590 * second);
  EXPECT_EQ(folder.made.size(), 2U);
  many.close();
}

TEST_F(RotatingCaptureTest, GivesEachFileItsShareOfTheDrops) {
  RotatingCapture many = capture({.packets = 1});
  many.write(packet(1));
  many.tick({.accepted_by_filter = 10, .dropped_by_system = 4}, begin_ns + second);
  many.write(packet(2));
  many.tick({.accepted_by_filter = 13, .dropped_by_system = 5}, begin_ns + second);
  many.close();
  const auto drops_in = [&](std::size_t file) {
    return read_all({folder.made.at(file)}).info().interfaces.at(0).statistics.dropped_by_system;
  };
  EXPECT_EQ(drops_in(0), 4U);
  EXPECT_EQ(drops_in(1), 1U);
}

TEST_F(RotatingCaptureTest, LeavesDevicesWhereTheyAre) {
  EXPECT_THROW(
      {
        try {
          RotatingCapture full("/dev/full", {}, folder, captures, begin_ns);
        } catch (const Failure& failure) {
          EXPECT_EQ(failure.exit_code(), ExitCode::unwritable_output);
          throw;
        }
      },
      Failure);
  RotatingCapture nowhere("/dev/null", {}, folder, captures, begin_ns);
  nowhere.write(packet(1));
  nowhere.close();
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

TEST_F(RotatingCaptureTest, WritesInTheBackgroundWhatItIsGiven) {
  RotatingCapture behind = capture({});
  BackgroundCapture writer(behind);
  constexpr std::uint64_t jobs = 200;
  for (std::uint64_t number = 1; number <= jobs; ++number) {
    CaptureJob job{.batch = writer.take_batch()};
    job.batch.packets.push_back(packet(number));
    // The packet of the first remark was written before; the next one says it.
    if (number == 5) job.remarks = {{.number = 5, .text = "b"}, {.number = 3, .text = "a"}};
    writer.write(std::move(job));
  }
  writer.finish("over");
  const WholeCapture whole = read_all({folder.made.at(0)});
  EXPECT_EQ(whole.packets.size(), jobs);
  ASSERT_EQ(whole.info().packet_comments.size(), 1U);
  EXPECT_EQ(whole.info().packet_comments[0].packet_number, 5U);
  EXPECT_EQ(whole.info().packet_comments[0].text, "a\nb");
}

TEST_F(RotatingCaptureTest, TellsOfAFailureInTheBackgroundOnce) {
  folder.most = 1;
  RotatingCapture behind = capture({.packets = 1});
  BackgroundCapture writer(behind);
  bool failed = false;
  for (std::uint64_t number = 1; number <= 1'000 && !failed; ++number) {
    try {
      CaptureJob job{.batch = writer.take_batch()};
      job.batch.packets.push_back(packet(number));
      writer.write(std::move(job));
    } catch (const Failure&) {
      failed = true;
    }
  }
  EXPECT_TRUE(failed);
  EXPECT_NO_THROW(writer.finish({}));
  EXPECT_EQ(behind.packets_safe(), 1U);
  EXPECT_TRUE(read_all({folder.made.at(0)}).info().complete);
}

}  // namespace
}  // namespace tapdeck::test
