// What the peer's words say of bytes that the capture never held.
#include "analyzer/tcp/missing_ranges.h"

#include <array>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace tapdeck {
namespace {

class Missing : public ::testing::Test {
 protected:
  Missing() {
    x_ranges.append(x_slab, SeqNum{100}, SeqNum{200}, {.frame = 5});
    x_ranges.append(x_slab, SeqNum{300}, SeqNum{400}, {.frame = 7});
  }
  std::vector<MissingRange> all() const {
    std::vector<MissingRange> result;
    x_ranges.for_each(x_slab, [&](const MissingRange& range) { result.push_back(range); });
    return result;
  }

  MissingRangeSlab x_slab;
  MissingRanges x_ranges;
};

TEST_F(Missing, IsLackedBelowWhatAPeerHolds) {
  x_ranges.note_lacking(x_slab, SeqNum{100}, SeqNum{250}, 11);
  x_ranges.note_lacking(x_slab, SeqNum{100}, SeqNum{250}, 12);
  EXPECT_EQ(all()[0].evidence_frame, 11U);
  EXPECT_FALSE(all()[0].opener.delivered);
  EXPECT_EQ(all()[1].evidence_frame, 0U);
}

TEST_F(Missing, IsNotLackedInPart) {
  x_ranges.note_lacking(x_slab, SeqNum{150}, SeqNum{350}, 11);
  EXPECT_EQ(all()[0].evidence_frame, 0U);
  EXPECT_EQ(all()[1].evidence_frame, 0U);
}

TEST_F(Missing, IsDeliveredByTheFrameThatSaysSo) {
  x_ranges.note_lacking(x_slab, SeqNum{100}, SeqNum{400}, 11);
  x_ranges.note_delivered(x_slab, SeqNum{100}, SeqNum{350}, {.frame = 13},
                          [](const MissingRange&) {});
  const std::vector<MissingRange> ranges = all();
  ASSERT_EQ(ranges.size(), 3U);
  EXPECT_TRUE(ranges[0].opener.delivered && ranges[1].opener.delivered);
  EXPECT_EQ(ranges[0].evidence_frame, 13U);
  EXPECT_EQ(ranges[1].evidence_frame, 13U);
  EXPECT_FALSE(ranges[2].opener.delivered);
  EXPECT_EQ(ranges[2].evidence_frame, 11U);
}

/// What is missing, and what of it the peer has been heard to hold, octet by octet.
class Octets {
 public:
  void miss(std::uint32_t begin, std::uint32_t end) { set(begin, end, State::missing); }
  void fill(std::uint32_t begin, std::uint32_t end) { set(begin, end, State::here); }
  /// How many of them weren't known to be held.
  std::uint32_t deliver(std::uint32_t begin, std::uint32_t end) {
    std::uint32_t fresh = 0;
    for (std::uint32_t at = begin; at < end; ++at) {
      if (x_states[at] != State::missing) continue;
      x_states[at] = State::delivered;
      ++fresh;
    }
    return fresh;
  }
  [[nodiscard]] std::uint32_t missing_in(std::uint32_t begin, std::uint32_t end) const {
    std::uint32_t count = 0;
    for (std::uint32_t at = begin; at < end; ++at) count += x_states[at] == State::here ? 0 : 1;
    return count;
  }
  friend bool operator==(const Octets&, const Octets&) = default;

  static Octets of(const MissingRangeSlab& slab, const MissingRanges& ranges) {
    Octets octets;
    ranges.for_each(slab, [&](const MissingRange& range) {
      octets.set(range.begin.value, range.end.value,
                 range.opener.delivered ? State::delivered : State::missing);
    });
    return octets;
  }

 private:
  enum class State : std::uint8_t { here, missing, delivered };
  void set(std::uint32_t begin, std::uint32_t end, State state) {
    for (std::uint32_t at = begin; at < end; ++at) x_states[at] = state;
  }
  std::array<State, 4'096> x_states{};
};

/// The ranges, and the same octet by octet.
struct Twice {
  void append(std::uint32_t from, std::uint32_t octets_missing) {
    if (from + octets_missing > 3'900) return;
    highest = from + octets_missing;
    ranges.append(slab, SeqNum{from}, SeqNum{highest}, {.frame = 1});
    octets.miss(from, highest);
  }
  void prepend() {
    if (lowest < 1'010) return;
    ranges.prepend(slab, SeqNum{lowest - 9}, SeqNum{lowest - 2}, {.frame = 1});
    octets.miss(lowest - 9, lowest - 2);
    lowest -= 9;
  }
  void fill(std::uint32_t begin, std::uint32_t end) {
    ranges.fill(slab, SeqNum{begin}, SeqNum{end});
    octets.fill(begin, end);
  }
  void deliver(std::uint32_t begin, std::uint32_t end) {
    std::uint32_t fresh = 0;
    ranges.note_delivered(
        slab, SeqNum{begin}, SeqNum{end}, {.frame = 3},
        [&](const MissingRange& range) { fresh += range.end.value - range.begin.value; });
    EXPECT_EQ(fresh, octets.deliver(begin, end));
  }

  MissingRangeSlab slab;
  MissingRanges ranges;
  Octets octets;
  std::uint32_t lowest = 2'000, highest = 2'000;
};

TEST(MissingRanges, KnowWhatIsDeliveredHoweverRangesComeAndGo) {
  std::mt19937 random(1);
  const auto below = [&](std::uint32_t limit) {
    return static_cast<std::uint32_t>(random() % limit);
  };
  for (int round = 0; round < 200; ++round) {
    Twice twice;
    for (int step = 0; step < 200; ++step) {
      const std::uint32_t begin = 1'000 + below(2'000);
      const std::uint32_t end = begin + 1 + below(300);
      const std::uint32_t kind = below(6);
      if (kind < 2) twice.append(twice.highest + below(3), 1 + below(20));
      if (kind == 2) twice.prepend();
      if (kind == 3) twice.fill(begin, begin + 5);
      if (kind == 4) twice.ranges.note_lacking(twice.slab, SeqNum{begin}, SeqNum{end}, 2);
      if (kind == 5) twice.deliver(begin, end);
      ASSERT_EQ(Octets::of(twice.slab, twice.ranges), twice.octets) << round << ' ' << step;
      ASSERT_EQ(twice.ranges.octets_in(twice.slab, SeqNum{begin}, SeqNum{end}),
                twice.octets.missing_in(begin, end));
      ASSERT_EQ(twice.ranges.count_beginning_in(twice.slab, SeqNum{0}, SeqNum{4'096}),
                twice.ranges.count());
    }
  }
}

}  // namespace
}  // namespace tapdeck
