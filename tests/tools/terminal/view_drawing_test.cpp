#include "tools/tapdeck/terminal/view_drawing.h"

#include "tests/tools/terminal/sample_table.h"

namespace tapdeck {
namespace {

using test::text_of;

/// What one reader sees of a table.
struct Sight {
  explicit Sight(LiveTable shown) : table(std::move(shown)) {}

  Screen screen(ScreenSize size, bool unicode = true) {
    const ViewLayout layout = layout_of(size);
    rows = chosen_rows(table, state.order, state.filter);
    settle(state, {.rows = rows,
                   .rows_shown = layout.rows,
                   .lines = lines.size(),
                   .lines_shown = layout.lines});
    return draw({.table = table, .now = table, .rows = rows, .lines = lines, .saving = saving},
                state, size, unicode);
  }

  LiveTable table;
  ViewState state;
  std::vector<const LiveRow*> rows;
  std::vector<TextLine> lines;
  std::string saving;
};

TEST(ViewDrawing, FillsAnOrdinaryScreen) {
  Sight sight(test::sample_table(3));
  sight.state.selected = 2;
  EXPECT_EQ(text_of(sight.screen({.columns = 80, .lines = 20})),
            R"(tapdeck live  eth0  host 192.0.2.1                                  22:13:20 UTC
12,345 packets, 6.78 MB; 120/s, 34.5 kB/s         dropped: 3 kernel, 0 interface
3 conversations                                              by ←B/s, descending
CLIENT                SERVER                STATES         →B/s  ←B/s RETX   RTT
192.0.2.1:40003       192.0.2.2:53          udp             300 12.0k    -     -
192.0.2.1:40002       192.0.2.2:80          ESTABLISHED     200 8.00k 2.2%  20ms
192.0.2.1:40001       192.0.2.2:80          ESTABLISHED     100 4.00k 1.1%  20ms






2 tcp 192.0.2.1:40002 → 192.0.2.2:80 (http?)
client ESTABLISHED, server ESTABLISHED; → 20, 2.00 kB; ← 40, 60.0 kB; idle 2.0s
ANOMALIES  1 so far
22:13:19 rto_retransmission 1: Segments were sent again because the retransmiss…


q quit  enter open  / filter  <> sort  space hold  s save    a anomalies  ? keys
)");
}

TEST(ViewDrawing, UsesTheWidthThatThereIs) {
  Sight sight(test::sample_table(2));
  sight.table.rows[0].directions[0].state = TcpState::close_wait;
  sight.table.rows[0].directions[1].state = TcpState::fin_wait_2;
  const auto lines = test::lines_of(sight.screen({.columns = 150, .lines = 10}));
  EXPECT_EQ(lines[3],
            "     ID PROTO  CLIENT                            SERVER                             "
            "STATES                   →B/s  ←B/s RETX   RTT PACKETS BYTES  IDLE");
  EXPECT_EQ(lines[5],
            "      1 tcp    192.0.2.1:40001                   192.0.2.2:80                       "
            "CLOSE_WAIT/FIN_WAIT_2     100 4.00k 1.1%  20ms      30 31.0k  2.0s");
}

TEST(ViewDrawing, SaysThatAScreenIsTooSmall) {
  Sight sight(test::sample_table(2));
  EXPECT_EQ(text_of(sight.screen({.columns = 30, .lines = 4})),
            "too small: 60 columns and 8\nlines are needed; q quits\n\n\n");
}

TEST(ViewDrawing, DrawsOnScreensOfAnySizeInAnyState) {
  Sight sight(test::sample_table(40));
  sight.lines.assign(50, {.text = std::string(200, 'x')});
  for (const Scene scene : {Scene::table, Scene::ladder}) {
    for (std::size_t columns = 0; columns < 140; columns += 7) {
      for (std::size_t lines = 0; lines < 40; lines += 3) {
        sight.state.scene = scene;
        sight.state.selected = 1;
        sight.state.typing = columns % 2 == 0;
        sight.state.filter = std::string(columns, '1');
        const Screen screen = sight.screen({.columns = columns, .lines = lines}, lines % 2 == 0);
        EXPECT_EQ(screen.size(), (ScreenSize{.columns = columns, .lines = lines}));
        sight.state.filter.clear();
      }
    }
  }
}

TEST(ViewDrawing, ShowsHostileNamesAsOctets) {
  Sight sight(test::sample_table(2));
  sight.table.interface = "\x1b]0;title\a\xe2\x80\xae";
  sight.state.message = "\x1b[2J\xcc\x81";
  const Screen screen = sight.screen({.columns = 100, .lines = 24});
  const auto lines = test::lines_of(screen);
  EXPECT_NE(lines.front().find("\\x1b]0;title\\x07\\xe2\\x80\\xae"), std::string::npos);
  EXPECT_EQ(lines.back(), "\\x1b[2J\\xcc\\x81");
}

TEST(ViewDrawing, TellsWhatIsHeldSavedAndFiltered) {
  Sight sight(test::sample_table(5));
  sight.state.paused = true;
  sight.saving = "saving 1: 7 packets";
  sight.state.filter = "udp";
  const auto lines = test::lines_of(sight.screen({.columns = 100, .lines = 24}));
  EXPECT_NE(lines[0].find("held since 22:13:20  saving 1: 7 packets  22:13:20 UTC"),
            std::string::npos);
  EXPECT_EQ(lines[2].find("5 conversations, 1 with 'udp'"), 0U);
  sight.state.filter = "nothing of that";
  EXPECT_EQ(test::lines_of(sight.screen({.columns = 100, .lines = 24}))[4], "none fits the filter");
  sight.state.filter.clear();
  sight.table.rows.clear();
  EXPECT_EQ(test::lines_of(sight.screen({.columns = 100, .lines = 24}))[4], "no conversations yet");
}

TEST(ViewDrawing, MarksConnectionsInTrouble) {
  Sight sight(test::sample_table(3));
  sight.table.rows[0].anomalies = 2;
  sight.table.rows[0].worst = Severity::error;
  sight.state.selected = 1;
  sight.table.writing_to = "all.pcapng";
  const Screen screen = sight.screen({.columns = 100, .lines = 20});
  EXPECT_EQ(screen.at(4, 0).look, (Look{}));
  EXPECT_EQ(screen.at(6, 0).look, (Look{.ink = Ink::bad, .reversed = true}));
  EXPECT_NE(test::text_of(screen).find("idle 2.0s; 2 anomalies"), std::string::npos);
  EXPECT_NE(test::text_of(screen).find("3 conversations; all packets go to all.pcapng"),
            std::string::npos);
}

TEST(ViewDrawing, NeverCutsTheCountOfDrops) {
  Sight sight(test::sample_table(1));
  sight.table.counts = {.dropped_by_kernel = 1'234'567'890, .dropped_by_interface = 987'654'321};
  sight.table.totals.packets = 123'456'789'012;
  const Screen screen = sight.screen({.columns = 60, .lines = 10});
  EXPECT_NE(test::lines_of(screen)[1].find("dropped: 1,234,567,890 kernel, 987,654,321 interface"),
            std::string::npos);
  EXPECT_EQ(screen.at(1, 0).look.ink, Ink::bad);
}

TEST(TextLines, TakeApartWhatAPageWrote) {
  StringSink sink;
  Page page(sink, {.width = 80, .colour = true, .unicode = true});
  page.heading("title");
  page.blank();
  page.line("plain");
  page.line("trouble", Ink::bad);
  EXPECT_EQ(
      text_lines(sink.text()),
      (std::vector<TextLine>{{"title", Ink::strong}, {""}, {"plain"}, {"trouble", Ink::bad}}));
}

TEST(TextLines, FitTheScreenWhateverIsWritten) {
  const Style style{.width = 80, .unicode = true};
  for (const auto& lines :
       {help_lines(style), anomaly_lines(test::sample_table(2), style), anomaly_lines({}, style)}) {
    EXPECT_FALSE(lines.empty());
    for (const TextLine& line : lines) {
      EXPECT_LE(harmless_characters(line.text, true).size(), 80U) << line.text;
    }
  }
  EXPECT_EQ(clock_text(test::sample_time_ns), "22:13:20");
}

}  // namespace
}  // namespace tapdeck
