#include "analyzer/report/ladder.h"

#include <algorithm>
#include <sstream>

#include <gtest/gtest.h>

#include "analyzer/report/utf8.h"
#include "tests/support/ladder_segments.h"

namespace tapdeck {
namespace {

using test::LadderStory;

std::string drawn(const Ladder& ladder, const Style& style = {},
                  const std::vector<LadderNote>& notes = {},
                  const ConnectionReport& connection = LadderStory::report()) {
  StringSink sink;
  Page page(sink, style);
  write_ladder(connection, ladder, notes, page, style);
  return sink.text();
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

Ladder eventful() {
  LadderStory story;
  story.handshake();
  story.upload(50);
  story.verdict = {.placement = Placement::fills_gap,
                   .origin = Origin::retransmission,
                   .trigger = Trigger::sack_recovery,
                   .origin_reason = OriginReason::later_ip_id,
                   .delivery_reason = DeliveryReason::first_copy_missing,
                   .confidence = Confidence::high,
                   .lost_upstream = true};
  story.next.segment.options.sack_block_count = 4;
  story.next.segment.window_field = 65'535;
  story.client("FSRP.", 4'000'000'000, 3'999'999'999, 65'535);
  story.client("P.", 4'000'000'000, 3'999'999'999, 65'535);
  story.wait(10'000 * test::seconds);
  story.next.states_after = {TcpState::syn_received, TcpState::syn_received};
  story.server("P.", 4'000'000'000, 3'999'999'999, 65'535);
  return story.ladder();
}

TEST(Ladder, DrawsAnArrowASegment) {
  LadderStory story;
  story.next.states_after = {TcpState::syn_sent, TcpState::unknown};
  story.client("S", 0);
  story.next.states_after = {TcpState::syn_sent, TcpState::syn_received};
  story.server("S.", 0, 1);
  EXPECT_EQ(drawn(story.ladder()),
            "FRAME     TIME CLIENT 192.0.2.1:50000                        192.0.2.2:80 SERVER\n"
            "    1 0.000000 | SYN seq 0 win 1000 ------------------------------------------>|\n"
            "               | SYN_SENT                                                      |\n"
            "               |    offers mss 1460, window scale 7, SACK, timestamps          |\n"
            "    2 0.001000 |<-------------------------------- SYN ACK seq 0 ack 1 win 1000 |\n"
            "               |                                                  SYN_RECEIVED |\n"
            "               |    offers mss 1460                                            |\n");
}

TEST(Ladder, IsNoWiderThanThePage) {
  const Ladder ladder = eventful();
  const std::vector<LadderNote> notes{{50, {std::string(300, 'x'), "and more"}, Ink::bad}};
  ConnectionReport connection = LadderStory::report();
  for (const bool wide_ends : {false, true}) {
    if (wide_ends) {
      connection.client = test::socket_at("2001:db8:1234:5678:9abc:def0:1234:5678", 65'535);
      connection.server = test::socket_at("2001:db8:ffff:ffff:ffff:ffff:ffff:fff1", 65'535);
    }
    for (std::size_t width = 80; width <= 200; ++width) {
      for (const std::string& line : lines_of(
               drawn(ladder, {.width = width, .unicode = width % 2 == 0}, notes, connection))) {
        ASSERT_LE(display_width(line), width) << line;
      }
    }
  }
}

TEST(Ladder, IsNoWiderThanThePageAtTheEndsOfTime) {
  LadderStory story;
  story.next.frame = UINT64_MAX - 1;
  story.client("SFRP.", 0);
  ConnectionReport connection = LadderStory::report();
  connection.start_ns = INT64_MIN;
  connection.client = test::socket_at("2001:db8:1234:5678:9abc:def0:1234:5678", 65'535);
  for (const std::string& line : lines_of(drawn(story.ladder(), {}, {}, connection))) {
    EXPECT_LE(display_width(line), 80U) << line;
  }
}

TEST(Ladder, IsAsciiUnlessTheReaderHasUtf8) {
  const auto is_ascii = [](char c) { return (c & 0x80) == 0; };
  EXPECT_TRUE(std::ranges::all_of(drawn(eventful()), is_ascii));
  const std::string text = drawn(eventful(), {.unicode = true});
  EXPECT_NE(text.find("│"), std::string::npos);
  EXPECT_NE(text.find("→│"), std::string::npos);
  EXPECT_EQ(text.find('|'), std::string::npos);
}

TEST(Ladder, SaysVerdictsBesideTheArrowWhereThereIsRoom) {
  const std::string narrow = drawn(eventful());
  const std::string wide = drawn(eventful(), {.width = 140});
  const auto line_with = [](const std::string& text, std::string_view part) {
    for (const std::string& line : lines_of(text)) {
      if (line.find(part) != std::string::npos) return line;
    }
    return std::string{};
  };
  EXPECT_EQ(line_with(narrow, "retransmission").find("seq"), std::string::npos);
  EXPECT_NE(line_with(wide, "needed: the earlier").size(), 0U);
  EXPECT_GT(line_with(wide, "needed: the earlier").find("needed"), 80U);
}

TEST(Ladder, SaysTheSameEvidenceOnce) {
  LadderStory story;
  story.handshake();
  story.verdict = {.origin = Origin::retransmission,
                   .origin_reason = OriginReason::later_ip_id,
                   .confidence = Confidence::high};
  story.client(".", 1, 1, 1000);
  story.client(".", 1001, 1, 1000);
  const std::string text = drawn(story.ladder());
  EXPECT_NE(text.find("retransmission (evidence as at frame 4)"), std::string::npos);
  EXPECT_EQ(text.find("IP ID"), text.rfind("IP ID"));
}

TEST(Ladder, SaysHowLongNothingHappened) {
  LadderStory story;
  story.handshake();
  story.wait(3 * test::seconds);
  story.client("P.", 1, 1, 5);
  EXPECT_NE(drawn(story.ladder()).find("3.001 s without a segment"), std::string::npos);
}

TEST(Ladder, PutsNotesAtTheirFrames) {
  LadderStory story;
  story.handshake();
  story.upload(100);
  const std::vector<LadderNote> notes{{2, {"of the second"}, Ink::warning},
                                      {90, {"of a folded one", "with a second line"}, Ink::bad},
                                      {9'999, {"of none"}, Ink::plain}};
  const std::vector<std::string> lines = lines_of(drawn(story.ladder(), {}, notes));
  const auto place_of = [&](std::string_view part) {
    return std::ranges::find_if(
               lines,
               [&](const std::string& line) { return line.find(part) != std::string::npos; }) -
           lines.begin();
  };
  EXPECT_EQ(place_of("! of the second"), place_of("    3 0.002000") - 1);
  EXPECT_GT(place_of("! frame 90: of a folded one"), place_of("more segments"));
  EXPECT_EQ(place_of("with a second line"), place_of("! frame 90: of a folded one") + 1);
  EXPECT_EQ(place_of("! frame 9999: of none"), static_cast<std::ptrdiff_t>(lines.size()) - 1);
}

TEST(Ladder, IsColouredOnlyIfAsked) {
  EXPECT_EQ(drawn(eventful()).find('\x1b'), std::string::npos);
  EXPECT_NE(drawn(eventful(), {.colour = true}).find('\x1b'), std::string::npos);
}

TEST(Ladder, MarksWindowsOfUnknownScale) {
  LadderStory story;
  story.client(".", 1, 1, 10);
  EXPECT_NE(drawn(story.ladder()).find("win 1000*"), std::string::npos);
}

TEST(Ladder, OfNothingIsItsHeading) { EXPECT_EQ(lines_of(drawn({})).size(), 1U); }

}  // namespace
}  // namespace tapdeck
