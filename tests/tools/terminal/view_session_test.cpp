// The view of golden captures, as if they came from an interface.
#include "tools/tapdeck/terminal/view_session.h"

#include <filesystem>
#include <random>

#include "analyzer/analysis.h"
#include "analyzer/connection_follower.h"
#include "captures/failure.h"
#include "captures/packet_source.h"
#include "tests/tools/terminal/sample_table.h"

namespace tapdeck {
namespace {

using test::key;
using test::letter;
using enum Key::Name;

constexpr ScreenSize large{.columns = 100, .lines = 300};

std::string golden(const std::string& name) { return TAPDECK_GOLDEN_DIR "/" + name; }

class Watched {
 public:
  explicit Watched(const std::string& name)
      : x_directory(std::filesystem::temp_directory_path() /
                    ("tapdeck_view_session_" + std::to_string(::getpid()))),
        x_source(open_captures({golden(name)}, {})),
        x_analysis(traced(), x_nobody),
        view({.connection = [this](std::uint64_t id) { return report_of(id); },
              .create = [this](std::uint64_t number) { return create(number); }},
             true) {
    std::filesystem::create_directories(x_directory);
  }
  ~Watched() { std::filesystem::remove_all(x_directory); }

  /// Up to this frame, or to the end.
  void see(std::uint64_t last_frame = ~std::uint64_t{0}) {
    PacketBatch batch;
    if (x_left.packets.empty() && !x_source->next(x_left)) return;
    batch.packets.swap(x_left.packets);
    const auto end = std::ranges::upper_bound(batch.packets, last_frame, {}, &Packet::number);
    x_left.packets.assign(end, batch.packets.end());
    batch.packets.erase(end, batch.packets.end());
    x_analysis.add(batch);
    view.add(batch, x_analysis.take_trace());
    view.add(x_taker.take(x_analysis, batch.packets.back().time_ns));
  }

  [[nodiscard]] std::string text(const ScreenSize& size = large) {
    return test::text_of(view.screen(size));
  }
  void type(std::string_view letters) {
    for (const char character : letters) EXPECT_TRUE(view.press(letter(character)));
  }
  [[nodiscard]] std::string path(std::uint64_t number) const {
    return (x_directory / (std::to_string(number) + ".pcapng")).string();
  }
  bool disk_is_full = false;

 private:
  struct Nobody final : public ReportWriter {
    [[nodiscard]] ConnectionOrder order() const override { return ConnectionOrder::by_end; }
    void begin(const Summary&) override {}
    void connection(const ConnectionReport&) override {}
    void end(const Summary&) override {}
  };

  static AnalysisOptions traced() {
    AnalysisOptions options;
    options.tracker.trace = TraceWish::segments;
    options.tracker.news = {.conversations = true, .anomalies = true};
    return options;
  }

  std::optional<ConnectionReport> report_of(std::uint64_t id) {
    std::optional<ConnectionReport> report;
    x_analysis.visit_open(LiveTableTaker::most_considered, [&](const FlowTable& table,
                                                               const Conversation& conversation) {
      if (conversation.first_frame != id) return;
      report = make_connection_report(table, conversation, x_analysis.tunnels());
    });
    return report;
  }

  SavedCapture create(std::uint64_t number) {
    if (disk_is_full) throw Failure(ExitCode::unwritable_output, "the disk is full");
    return {path(number), create_capture(path(number), x_source->captures())};
  }

  std::filesystem::path x_directory;
  std::unique_ptr<PacketSource> x_source;
  PacketBatch x_left;
  Nobody x_nobody;
  Analysis x_analysis;
  LiveTableTaker x_taker;

 public:
  ViewSession view;  // behind what it asks
};

std::vector<std::uint64_t> times_of(const std::string& path, const std::string& filter) {
  const auto source = open_captures({path}, {.filter = filter});
  std::vector<std::uint64_t> times;
  for (PacketBatch batch; source->next(batch);) {
    for (const Packet& packet : batch.packets) {
      times.push_back(static_cast<std::uint64_t>(packet.time_ns));
    }
  }
  return times;
}

std::string shown_by_show(const std::string& name, std::uint64_t id) {
  const auto source = open_captures({golden(name)}, {});
  ConnectionFollower follower({.id = id, .ends = {}}, {});
  for (PacketBatch batch; source->next(batch);) follower.add(batch);
  follower.finish(source->captures());
  StringSink sink;
  const Style style{.width = large.columns, .unicode = true};
  write_show(follower.fitting().first.front(), follower.ladder(), {}, style, sink);
  return sink.text();
}

TEST(ViewSession, ListsConnectionsWithBothStates) {
  Watched watched("http.pcap");
  watched.see();
  const std::string text = watched.text();
  EXPECT_NE(text.find("192.0.2.10:49058"), std::string::npos) << text;
  EXPECT_NE(text.find("TIME_WAIT/CLOSED"), std::string::npos) << text;
  EXPECT_NE(text.find("2 conversations"), std::string::npos) << text;
}

TEST(ViewSession, OpensTheLadderThatShowPrints) {
  Watched watched("http.pcap");
  watched.see();
  watched.type("/49060");
  EXPECT_TRUE(watched.view.press(key(enter)));
  EXPECT_TRUE(watched.view.press(key(enter)));
  const std::string expected = shown_by_show("http.pcap", 22);
  const std::string text = watched.text();
  EXPECT_EQ(text.substr(text.find('\n') + 1, expected.size()), expected);
}

TEST(ViewSession, AddsToTheLadderWhatComes) {
  Watched watched("http.pcap");
  watched.see(10);
  EXPECT_TRUE(watched.view.press(key(enter)));
  EXPECT_EQ(watched.text().find("   12 0."), std::string::npos);
  watched.see();
  EXPECT_NE(watched.text().find("   12 0."), std::string::npos);
  EXPECT_TRUE(watched.view.press(letter('q')));
  EXPECT_NE(watched.text().find("2 conversations"), std::string::npos);
  EXPECT_FALSE(watched.view.press(letter('q')));
}

TEST(ViewSession, HasNoLadderForOthersThanTcp) {
  Watched watched("dns_udp.pcap");
  watched.see();
  EXPECT_TRUE(watched.view.press(key(enter)));
  EXPECT_NE(watched.text().find("is udp: only TCP has a ladder"), std::string::npos);
}

TEST(ViewSession, HoldsTheTableWhileTheCountersGoOn) {
  Watched watched("http.pcap");
  watched.see(10);
  watched.type(" ");
  watched.see();
  EXPECT_NE(watched.text().find("1 conversation "), std::string::npos);
  EXPECT_NE(watched.text().find("31 packets"), std::string::npos);
  watched.type(" ");
  EXPECT_NE(watched.text().find("2 conversations"), std::string::npos);
}

TEST(ViewSession, SavesWhatCameBeforeAndWhatComes) {
  Watched watched("http.pcap");
  watched.see(12);
  EXPECT_TRUE(watched.view.press(key(down)));
  watched.type("s");
  EXPECT_NE(watched.text().find("saving 3: 10 packets"), std::string::npos) << watched.text();
  watched.see();
  watched.type("s");
  EXPECT_NE(watched.text().find("saved to " + watched.path(1)), std::string::npos);
  const auto saved = times_of(watched.path(1), "");
  EXPECT_EQ(saved, times_of(golden("http.pcap"), "tcp port 49058"));
  EXPECT_EQ(watched.view.saved_paths(), std::vector{watched.path(1)});
}

TEST(ViewSession, EndsTheFileThatIsSavedWhenItEnds) {
  Watched watched("http.pcap");
  watched.see();
  EXPECT_TRUE(watched.view.press(key(down)));
  watched.type("s");
  watched.view.finish();
  EXPECT_FALSE(times_of(watched.path(1), "").empty());
}

TEST(ViewSession, SavesFragmentsAndPings) {
  for (const auto& [name, filter] : std::vector<std::pair<std::string, std::string>>{
           {"udp_fragments_ipv4.pcap", "ip proto 17"},
           {"udp_fragments_ipv6.pcap", "ip6 protochain 17"},
           {"arp_and_ping.pcap", "icmp"}}) {
    Watched watched(name);
    watched.see();
    watched.type(name == "arp_and_ping.pcap" ? "/icmp" : "/udp");
    EXPECT_TRUE(watched.view.press(key(enter)));
    EXPECT_TRUE(watched.view.press(key(down)));
    watched.type("s");
    watched.view.finish();
    EXPECT_EQ(times_of(watched.path(1), ""), times_of(golden(name), filter)) << name;
  }
}

TEST(ViewSession, SaysWhyNothingIsSavedAndGoesOn) {
  Watched watched("http.pcap");
  watched.see();
  watched.disk_is_full = true;
  EXPECT_TRUE(watched.view.press(key(down)));
  watched.type("s");
  EXPECT_NE(watched.text().find("the disk is full"), std::string::npos);
  watched.disk_is_full = false;
  watched.type("s");
  EXPECT_NE(watched.text().find("saving 3"), std::string::npos);
}

TEST(ViewSession, TakesAnyKeysOnAnyScreen) {
  constexpr std::string_view letters = "qs/?a<>r x7 ss";
  for (unsigned seed = 1; seed <= 5; ++seed) {
    std::minstd_rand random(seed);
    Watched watched("http.pcap");
    for (std::uint64_t frame = 1; frame < 300; ++frame) {
      if (frame % 8 == 0 && frame / 8 < 31) watched.see(frame / 8);
      const std::size_t choice = random() % (letters.size() + 11);
      const Key pressed = choice < letters.size()
                              ? letter(letters[choice])
                              : key(static_cast<Key::Name>(choice - letters.size() + 1));
      (void)watched.view.press(pressed);
      const ScreenSize size{.columns = random() % 150, .lines = random() % 50};
      EXPECT_EQ(watched.view.screen(size).size(), size) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace tapdeck
