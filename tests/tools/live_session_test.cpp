// The loop of a live capture, with packets and a clock that the test plays.
#include "tools/tapdeck/live_session.h"

#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>

#include "analyzer/report/live_formats.h"
#include "captures/failure.h"
#include "tests/captures/read_back.h"
#include "tests/support/played_packets.h"
#include "tools/tapdeck/live_limits.h"

namespace tapdeck::test {
namespace {

using namespace tcp_bits;

/// A session, and what came of it.
class Played {
 public:
  explicit Played(bool keeps_remarks = false)
      : news(make_live_lines(lines, {}), keeps_remarks), analysis(options(), news) {}

  void run(const LiveSettings& settings = {}, BackgroundCapture* writer = nullptr) {
    LiveSession session(settings, {.source = source,
                                   .analysis = analysis,
                                   .news = news,
                                   .writer = writer,
                                   .on_packets = on_packets,
                                   .clock = [this] { return source.now_ns(); },
                                   .on_tick =
                                       [this](std::int64_t now_ns) {
                                         open_at_ticks.push_back(analysis.open());
                                         lines_at_ticks.push_back(lines.text());
                                         return now_ns < end_ns ? LiveWish::go_on : LiveWish::end;
                                       }});
    session.run();
    write_failure = session.write_failure();
  }

  static AnalysisOptions options() {
    AnalysisOptions how;
    how.tracker.limits = live_limits("512M");
    how.tracker.news = {.conversations = true, .anomalies = true};
    return how;
  }

  PlayedPackets source;
  std::int64_t end_ns = INT64_MAX;  ///< When a tick wishes for the end.
  StringSink lines;
  LiveNews news;
  Analysis analysis;
  std::function<void(const PacketBatch&)> on_packets;
  std::vector<std::size_t> open_at_ticks;
  std::vector<std::string> lines_at_ticks;
  std::exception_ptr write_failure;
};

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(LiveSession, TellsAtOnceWhatOpensAndCloses) {
  Played played;
  played.source.after(0).handshake().after(0.1).tcp(
      true, {.seq = 1, .ack = 1, .flags = fin | ack, .window_field = 1'000});
  played.source.after(0.1)
      .tcp(false, {.seq = 1, .ack = 2, .flags = fin | ack, .window_field = 1'000})
      .tcp(true, {.seq = 2, .ack = 2, .flags = ack, .window_field = 1'000})
      .after(0.1);
  played.run();
  EXPECT_TRUE(holds(played.lines_at_ticks.at(0), "opened  tcp 192.0.2.1:40000 -> 192.0.2.2:80"))
      << played.lines.text();
  EXPECT_FALSE(holds(played.lines_at_ticks.at(1), "closed"));
  EXPECT_TRUE(holds(played.lines_at_ticks.at(2), "closed  tcp")) << played.lines.text();
  EXPECT_FALSE(holds(played.lines.text(), "ended   tcp"));  // it was told already
}

TEST(LiveSession, ForgetsWhatIsSilentWhenNoPacketsCome) {
  Played played;
  played.source.after(0).handshake(40'000);                      // open, never closed
  played.source.tcp(true, {.seq = 0, .flags = syn}, 0, 40'001);  // never answered
  played.source.handshake(40'002).tcp(false, {.seq = 1, .ack = 1, .flags = rst | ack}, 0, 40'002);
  for (const double seconds : {59.0, 3.0, 60.0, 10.0, 7'200.0, 200.0}) {
    played.source.after(seconds);
  }
  played.run();
  EXPECT_EQ(played.open_at_ticks, (std::vector<std::size_t>{3, 3, 2, 2, 1, 1, 0}));
  EXPECT_TRUE(holds(played.lines.text(), "syn_no_answer")) << played.lines.text();
}

TEST(LiveSession, TellsOfAnAnomalyWhenItIsFoundAndNotAgain) {
  Played played;
  GeneratedTcp data{.seq = 1, .ack = 1, .flags = psh | ack, .window_field = 1'000};
  played.source.after(0).handshake().tcp(true, data, 100).after(0.1);
  data.timestamp = 1'600;
  played.source.after(1.5).tcp(true, data, 100);
  played.source.after(0.01)
      .tcp(false, {.seq = 1, .ack = 101, .flags = ack, .window_field = 0})
      .tcp(true, {.seq = 100, .ack = 1, .flags = ack, .window_field = 1'000});
  played.source.after(7).after(1);
  played.run();
  ASSERT_EQ(played.lines_at_ticks.size(), 6U);
  EXPECT_TRUE(holds(played.lines_at_ticks.back(), "zero_window: connection 1,"))
      << played.lines.text();
  EXPECT_EQ(played.lines.text().find("zero_window:"), played.lines.text().rfind("zero_window:"));
  EXPECT_TRUE(holds(played.lines.text(), "rto_retransmission: connection 1, frame 5"))
      << played.lines.text();
}

TEST(LiveSession, JudgesWhatSpansConnectionsEveryMinuteAndForgetsIt) {
  Played played;
  played.source.after(0);
  for (std::uint16_t port = 1; port <= 400; ++port) {
    played.source.tcp(true, {.seq = 0, .flags = syn}, 0, static_cast<std::uint16_t>(port + 1'000));
  }
  for (int minute = 0; minute < 10; ++minute) played.source.after(61);
  played.run();
  const std::string& lines = played.lines_at_ticks.back();
  EXPECT_TRUE(holds(lines, "syn_flood")) << lines.substr(lines.size() - 300);
  EXPECT_EQ(lines.find("syn_flood"), lines.rfind("syn_flood"));
}

TEST(LiveSession, StopsTheSourceWhenTheEndIsWishedFor) {
  Played played;
  for (int look = 0; look < 100; ++look) played.source.after(1);
  played.end_ns = played_begin_ns + 5'000'000'000;
  played.run();
  ASSERT_TRUE(played.source.stopped_at);
  EXPECT_EQ(*played.source.stopped_at, played_begin_ns + 5'000'000'000);
}

TEST(LiveSession, PutsRemarksOnThePacketsThatShowThem) {
  const TemporaryDirectory directory;
  OwnCaptureFolder folder;
  Played played(true);
  RotatingCapture capture(directory.path("x.pcapng"), {}, folder, played.source.captures(), 0);
  BackgroundCapture writer(capture);
  played.source.after(0).handshake().tcp(false,
                                         {.seq = 1, .ack = 1, .flags = ack, .window_field = 0});
  played.source.after(0.1).tcp(false, {.seq = 1, .ack = 1, .flags = ack, .window_field = 1'000});
  played.run({}, &writer);
  const WholeCapture whole = read_all({directory.path("x.pcapng")});
  EXPECT_EQ(whole.packets.size(), 5U);
  ASSERT_FALSE(whole.info().packet_comments.empty());
  const PacketComment& comment = whole.info().packet_comments.front();
  EXPECT_TRUE(holds(comment.text, "zero_window: connection 1, frames 4 to")) << comment.text;
  EXPECT_GE(comment.packet_number, 4U);
}

TEST(LiveSession, EndsWhenTheFileCannotBeWrittenAndTellsAllTheSame) {
  Played played;
  const TemporaryDirectory directory;
  class OneFile final : public CaptureFolder {
   public:
    int create(const std::string& path, Bytes start) override {
      if (x_made) throw Failure(ExitCode::unwritable_output, "the disk is full");
      x_made = true;
      return x_folder.create(path, start);
    }
    ssize_t append(int descriptor, Bytes octets) override {
      return x_folder.append(descriptor, octets);
    }
    void remove(const std::string&) override {}

   private:
    bool x_made = false;
    OwnCaptureFolder x_folder;
  } folder;
  RotatingCapture capture(directory.path("x.pcapng"), {.packets = 1}, folder,
                          played.source.captures(), 0);
  BackgroundCapture writer(capture);
  for (std::uint16_t port = 1; port < 1'000; ++port) played.source.after(0.01).handshake(port);
  played.run({}, &writer);
  EXPECT_TRUE(played.write_failure);
  EXPECT_TRUE(played.source.stopped_at);
  EXPECT_TRUE(holds(played.lines.text(), "ended   tcp"));
}

TEST(LiveTable, ComparesWithTheOneBefore) {
  Played played;
  played.source.after(0).handshake(40'000).handshake(40'001);
  played.source.after(1).tcp(true, {.seq = 1, .ack = 1, .flags = psh | ack, .window_field = 1'000},
                             1'000, 40'001);
  std::vector<LiveTable> tables;
  played.on_packets = [&](const PacketBatch&) {
    tables.push_back(played.news.table().take(played.analysis, played.source.now_ns()));
  };
  played.run();
  ASSERT_EQ(tables.size(), 2U);
  EXPECT_EQ(tables[0].rows.size(), 2U);
  EXPECT_EQ(tables[0].totals.packets_per_second, 0U);
  ASSERT_EQ(tables[1].rows.size(), 2U);
  const auto is_second = [](const LiveRow& row) { return row.client.port == 40'001; };
  const LiveRow& busiest = *std::ranges::find_if(tables[1].rows, is_second);
  EXPECT_EQ(busiest.directions[0].packets_per_second, 1U);
  EXPECT_GT(busiest.directions[0].bytes_per_second, 1'000U);
  EXPECT_EQ(busiest.directions[0].payload_bytes, 1'000U);
  EXPECT_EQ(busiest.directions[0].state, TcpState::established);
  EXPECT_EQ(tables[1].totals.open, 2U);
  EXPECT_EQ(tables[1].totals.packets_per_second, 1U);
}

}  // namespace
}  // namespace tapdeck::test
