// One connection as a ladder: the client on the left, the server on the right, an arrow a segment.
// Plain data; what is long and without news is folded, what is too much is left out in the middle.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "analyzer/flow/side.h"
#include "analyzer/report/page.h"
#include "analyzer/report/report.h"
#include "analyzer/tcp/state.h"
#include "analyzer/tcp/verdict.h"

namespace tapdeck {

/// Silence that is worth a line.
inline constexpr std::int64_t ladder_pause_ns = 1'000'000'000;

/// How often a word was said, and where first.
struct WordCount {
  std::string_view word;
  std::uint64_t count = 0;
  std::uint64_t first_frame = 0;
};

class WordCounts {
 public:
  void add(std::string_view word, std::uint64_t frame, std::uint64_t count = 1);
  void add(const WordCounts& others);
  /// In the order of their first being said.
  [[nodiscard]] std::span<const WordCount> all() const { return x_counts; }
  [[nodiscard]] WordCount of(std::string_view word) const;

 private:
  std::vector<WordCount> x_counts;
};

struct LadderSegment {
  std::uint64_t frame = 0;
  std::int64_t time_ns = 0;
  Side from{};
  std::uint8_t flags = 0;
  bool window_scaled = true;  // false: nobody knows the scale
  std::uint32_t payload_octets = 0;
  std::uint32_t window = 0;       // in octets if window_scaled
  std::uint32_t gap_octets = 0;   // between the highest seen of its sender and it
  std::int64_t seq = 0, ack = 0;  // relative to each side's SYN, or as they are
  std::vector<std::pair<std::int64_t, std::int64_t>> sack_blocks;
  bool d_sack = false;                     // the first block reports a second copy (RFC 2883)
  std::array<TcpState, 2> states_after{};  // by Side
  Verdict verdict;
};

/// Segments that aren't drawn one by one.
struct LadderFold {
  struct Sent {
    std::uint64_t segments = 0;  // with payload
    std::uint64_t bare = 0;      // without
    std::uint64_t payload_octets = 0;
    std::int64_t last_ack = 0;  // of the last one that acknowledges
    std::int64_t end = 0;       // behind the last one's bytes
  };

  std::uint64_t first_frame = 0, last_frame = 0;
  std::int64_t first_ns = 0, last_ns = 0;
  std::array<Sent, 2> sent{};  // by Side
  WordCounts words;            // but those of plain progress
  std::array<TcpState, 2> states_after{};
  bool left_out = false;  // for want of room, whatever happened there

  void add(const LadderSegment& segment);
  void add(const LadderFold& next);
  [[nodiscard]] std::uint64_t segments() const;
};

using LadderItem = std::variant<LadderSegment, LadderFold>;

/// What is to be said at a frame: an anomaly at its place.
struct LadderNote {
  std::uint64_t frame = 0;
  std::vector<std::string> lines;
  Ink ink = Ink::warning;
};

/// What one side sent.
struct LadderTally {
  std::uint64_t data_segments = 0;
  WordCounts words;
};

struct Ladder {
  std::vector<LadderItem> items;  // in the order of frames
  std::array<LadderTally, 2> tallies;
  bool raw_numbers = false;
};

/// The words of a verdict that say more than the flags beside it and the plain progress of data.
[[nodiscard]] std::vector<std::string_view> telling_words(const Verdict& verdict);

/// The connection in plain words, then its ladder with the notes and the connection's ICMP errors
/// at their frames. No line is wider than the style's width, but for one below Page::least_width.
void write_show(const ConnectionReport& connection, const Ladder& ladder,
                std::span<const LadderNote> notes, const Style& style, ByteSink& sink);

/// The ladder alone. Requires: the notes are in the order of frames.
void write_ladder(const ConnectionReport& connection, const Ladder& ladder,
                  std::span<const LadderNote> notes, Page& page, const Style& style);

}  // namespace tapdeck
