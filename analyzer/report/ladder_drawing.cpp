// Draws a ladder: frame and time, then the lane between the two lifelines, and where the page is
// wide what is to be said of a segment beside it, else below it.
#include <algorithm>
#include <deque>
#include <optional>
#include <span>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "analyzer/report/ladder.h"
#include "analyzer/report/ladder_words.h"
#include "analyzer/report/packet_time.h"
#include "analyzer/report/text_parts.h"
#include "analyzer/report/time.h"
#include "analyzer/report/utf8.h"
#include "analyzer/report/verdict_words.h"
#include "captures/elapsed.h"
#include "dissectors/tcp.h"

namespace tapdeck {
namespace {

constexpr std::size_t lane_beside_notes = 66;
constexpr std::size_t narrowest_notes = 34;
constexpr std::size_t notes_gap = 2;
constexpr std::size_t notes_indent = 4;
constexpr std::size_t shortest_arrow = 2;
constexpr std::uint8_t time_digits = 6;
constexpr std::size_t evidence_remembered = 3;

std::string spaces(std::size_t count) { return std::string(count, ' '); }

std::string repeated(std::string_view text, std::size_t count) {
  std::string result;
  for (std::size_t i = 0; i < count; ++i) result += text;
  return result;
}

std::size_t room_beside(std::string_view text, std::size_t width) {
  return width - std::min(width, display_width(text));
}

std::uint64_t first_frame_of(const LadderItem& item) {
  const auto* const fold = std::get_if<LadderFold>(&item);
  return fold != nullptr ? fold->first_frame : std::get<LadderSegment>(item).frame;
}

std::uint64_t last_frame_of(const LadderItem& item) {
  const auto* const fold = std::get_if<LadderFold>(&item);
  return fold != nullptr ? fold->last_frame : std::get<LadderSegment>(item).frame;
}

std::int64_t last_time_of(const LadderItem& item) {
  const auto* const fold = std::get_if<LadderFold>(&item);
  return fold != nullptr ? fold->last_ns : std::get<LadderSegment>(item).time_ns;
}

class Drawing {
 public:
  Drawing(const ConnectionReport& connection, const Ladder& ladder,
          std::span<const LadderNote> notes, Page& page, const Style& style)
      : x_connection(connection), x_ladder(ladder), x_notes(notes), x_page(page) {
    if (style.unicode) {
      x_line = "│", x_broken_line = "┊", x_dash = "─", x_right = "→", x_left = "←";
    }
    measure();
  }

  void draw() {
    draw_heading();
    for (const LadderItem& item : x_ladder.items) {
      draw_notes_before(first_frame_of(item));
      std::visit([this](const auto& one) { draw(one); }, item);
      x_before_ns = last_time_of(item);
      x_drawn = std::holds_alternative<LadderFold>(item) ? 0 : last_frame_of(item);
      draw_notes_before(last_frame_of(item) + 1);
    }
    for (; !x_notes.empty(); x_notes = x_notes.subspan(1)) draw(x_notes.front());
    if (x_unscaled) {
      x_page.paragraph("* The window's scale isn't known, since the handshake wasn't captured.", 0,
                       2);
    }
  }

 private:
  /// Lines of the lane, and what is to be said beside or below them.
  struct Block {
    std::string frame = {};
    std::string time = {};
    std::vector<std::string> lane = {};
    std::vector<LadderWords> words = {};
    Ink ink = Ink::plain;
    bool broken = false;  // drawn between broken lifelines
  };

  /// What was said lately, and where.
  struct Evidence {
    std::vector<std::string> lines;
    std::uint64_t frame = 0;
  };

  void measure() {
    const auto& items = x_ladder.items;
    const std::uint64_t last = items.empty() ? 0 : last_frame_of(items.back());
    x_number_width = std::max<std::size_t>(5, fmt::formatted_size("{}", last));
    x_time_width = time_text(x_connection.start_ns).size();
    for (const LadderItem& item : items) {
      x_time_width = std::max(x_time_width, time_text(last_time_of(item)).size());
    }
    const std::size_t rest = x_page.width() - (x_number_width + x_time_width + 2);
    const bool beside = rest >= lane_beside_notes + notes_gap + narrowest_notes;
    x_lane = (beside ? lane_beside_notes : rest) - 2;
    x_words_width = beside ? rest - lane_beside_notes - notes_gap : 0;
  }

  [[nodiscard]] std::string time_text(std::int64_t time_ns) const {
    return seconds_between(x_connection.start_ns, time_ns, time_digits);
  }

  void draw_heading() {
    const std::string client = "CLIENT " + socket_text(x_connection.client);
    const std::string server = socket_text(x_connection.server) + " SERVER";
    const std::string start =
        fmt::format("{:>{}} {:>{}} ", "FRAME", x_number_width, "TIME", x_time_width);
    const std::size_t width = x_lane + 2;
    if (client.size() + 1 + server.size() <= width) {
      x_page.line(start + client + spaces(width - client.size() - server.size()) + server,
                  Ink::strong);
    } else {
      x_page.line(start, Ink::strong);
      x_page.paragraph(client, start.size(), 0, Ink::strong);
      x_page.paragraph(server, start.size(), 0, Ink::strong);
    }
  }

  void draw(const LadderSegment& segment) {
    draw_pause(segment.time_ns);
    Block block{.frame = fmt::to_string(segment.frame), .time = time_text(segment.time_ns)};
    add_words(segment, block.words);
    block.lane.push_back(arrow(segment, block.words));
    if ((segment.flags & TcpFlags::rst) != 0) block.ink = Ink::bad;
    x_unscaled = x_unscaled || !segment.window_scaled;
    add_states(segment.states_after, block);
    emit(block);
  }

  /// SACK blocks only where they are new, evidence only where it wasn't said just now.
  void add_words(const LadderSegment& segment, std::vector<LadderWords>& words) {
    if (std::string offer = offer_of(segment, x_connection); !offer.empty()) {
      words.push_back({std::move(offer)});
    }
    std::string sack = sack_text(segment);
    if (!sack.empty() && sack != x_sack[index_of(segment.from)]) words.push_back({sack});
    x_sack[index_of(segment.from)] = std::move(sack);
    LadderWords verdict = verdict_line(segment);
    if (verdict.text.empty()) return;
    std::vector<std::string> evidence = explain(segment.verdict, Detail::brief);
    const auto said = std::ranges::find(x_evidence, evidence, &Evidence::lines);
    const Ink ink = verdict.ink;
    if (said != x_evidence.end()) {
      verdict.text += fmt::format(" (evidence as at frame {})", said->frame);
      evidence.clear();
    }
    words.push_back(std::move(verdict));
    for (const std::string& reason : evidence) words.push_back({reason, ink});
    if (evidence.empty()) return;
    if (x_evidence.size() == evidence_remembered) x_evidence.pop_front();
    x_evidence.push_back({std::move(evidence), segment.frame});
  }

  void draw(const LadderFold& fold) {
    draw_pause(fold.first_ns);
    Block block{.frame = fmt::to_string(fold.first_frame), .time = time_text(fold.first_ns)};
    block.broken = true;
    if (fold.left_out) block.ink = Ink::warning;
    for (const std::string& text : words_for(fold, x_page.arrow(), x_page.back_arrow())) {
      for (std::string& line : wrap(text, x_lane - notes_indent - 1, 2)) {
        block.lane.push_back(spaces(notes_indent) + std::move(line));
      }
    }
    add_states(fold.states_after, block);
    emit(block);
  }

  /// What doesn't fit on the arrow's line goes to the words.
  [[nodiscard]] std::string arrow(const LadderSegment& segment,
                                  std::vector<LadderWords>& words) const {
    constexpr std::size_t around = 2;
    const std::vector<std::string> parts = parts_of(segment);
    std::size_t fitting = parts.size();
    std::string text;
    do {
      text = fmt::format("{}", fmt::join(std::span(parts).first(fitting), " "));
    } while (display_width(text) + around + shortest_arrow > x_lane && --fitting > 1);
    if (fitting < parts.size()) {
      words.insert(words.begin(),
                   {fmt::format("{}", fmt::join(std::span(parts).subspan(fitting), " ")), {}});
    }
    const std::string dashes = repeated(x_dash, room_beside(text, x_lane - around) - 1);
    return segment.from == Side::client ? fmt::format(" {} {}{}", text, dashes, x_right)
                                        : fmt::format("{}{} {} ", x_left, dashes, text);
  }

  /// A line below the arrow with the states that it changed.
  void add_states(const std::array<TcpState, 2>& after, Block& block) {
    std::array<std::string, 2> texts;
    for (std::size_t side = 0; side < after.size(); ++side) {
      if (after[side] != x_states[side]) texts[side] = to_string(after[side]);
    }
    x_states = after;
    const auto& [client, server] = texts;
    if (client.empty() && server.empty()) return;
    block.lane.push_back(" " + client + spaces(x_lane - 2 - client.size() - server.size()) +
                         server + " ");
  }

  void draw_pause(std::int64_t time_ns) {
    if (!x_before_ns || elapsed_ns(*x_before_ns, time_ns) < ladder_pause_ns) return;
    const std::string text =
        fmt::format("{} without a segment", duration_between(*x_before_ns, time_ns));
    Block block{.lane = {spaces(room_beside(text, x_lane) / 2) + text}};
    block.broken = true;
    emit(block);
  }

  void draw_notes_before(std::uint64_t frame) {
    for (; !x_notes.empty() && x_notes.front().frame < frame; x_notes = x_notes.subspan(1)) {
      draw(x_notes.front());
    }
  }

  /// Names its frame unless that is the one drawn above.
  void draw(const LadderNote& note) {
    Block block;
    for (const std::string& line : note.lines) {
      const bool first = &line == &note.lines.front();
      const std::string frame =
          first && note.frame != x_drawn ? fmt::format("frame {}: ", note.frame) : "";
      block.words.push_back({(first ? "! " : "  ") + frame + line, note.ink});
    }
    emit(block);
  }

  struct Line {
    std::string text;
    Ink ink{};
  };

  [[nodiscard]] std::vector<Line> wrapped(const std::vector<LadderWords>& words,
                                          std::size_t width) const {
    std::vector<Line> lines;
    for (const LadderWords& one : words) {
      for (std::string& text : wrap(one.text, width, 2)) {
        lines.push_back({std::move(text), one.ink});
      }
    }
    return lines;
  }

  void emit(const Block& block) {
    const bool beside = x_words_width != 0;
    const std::size_t width = beside ? x_words_width : x_lane - notes_indent - 1;
    const std::vector<Line> words = wrapped(block.words, width);
    const std::size_t below = block.lane.size();
    const std::size_t count = beside ? std::max(below, words.size()) : below + words.size();
    for (std::size_t i = 0; i < count; ++i) {
      std::string lane = i < below ? block.lane[i] : "";
      std::string side;
      Ink ink = i < below ? block.ink : Ink::plain;
      if (const std::size_t at = beside ? i : i - below; at < words.size()) {
        if (words[at].ink != Ink::plain) ink = words[at].ink;
        (beside ? side : lane) = spaces(beside ? notes_gap : notes_indent) + words[at].text;
      }
      const std::string_view lifeline = block.broken ? x_broken_line : x_line;
      x_page.line(fmt::format("{:>{}} {:>{}} {}{}{}{}{}", i == 0 ? block.frame : "", x_number_width,
                              i == 0 ? block.time : "", x_time_width, lifeline, lane,
                              spaces(room_beside(lane, x_lane)), lifeline, side),
                  ink);
    }
  }

  const ConnectionReport& x_connection;
  const Ladder& x_ladder;
  std::span<const LadderNote> x_notes;
  Page& x_page;
  std::string_view x_line = "|", x_broken_line = ":", x_dash = "-", x_right = ">", x_left = "<";
  std::size_t x_number_width = 0, x_time_width = 0;
  std::size_t x_lane = 0;         // columns between the lifelines
  std::size_t x_words_width = 0;  // columns beside them; 0: words go below
  std::array<TcpState, 2> x_states{TcpState::unknown, TcpState::unknown};
  std::optional<std::int64_t> x_before_ns;
  std::array<std::string, 2> x_sack;  // last said by each side
  std::deque<Evidence> x_evidence;
  std::uint64_t x_drawn = 0;  // frame of the segment drawn last; 0: of several
  bool x_unscaled = false;
};

}  // namespace

void write_ladder(const ConnectionReport& connection, const Ladder& ladder,
                  std::span<const LadderNote> notes, Page& page, const Style& style) {
  Drawing(connection, ladder, notes, page, style).draw();
}

}  // namespace tapdeck
