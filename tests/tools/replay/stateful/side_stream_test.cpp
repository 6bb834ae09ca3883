#include "tools/replay/stateful/side_stream.h"

#include <algorithm>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/capture_builder.h"

namespace tapdeck::test {
namespace {

/// A stream that begins near the end of the sequence space, and what it has handed on.
struct Heard {
  explicit Heard(std::uint64_t limit = 1 << 20U) : memory(limit), stream(memory) {
    stream.begin_at({first});
  }

  void add(std::uint32_t place, const std::string& text, bool finishes = false,
           std::size_t cut = 0) {
    const Octets octets = octets_of(text);
    stream.add(SeqNum{first} + place, {Bytes(octets).first(octets.size() - cut), octets.size()},
               {.finishes = finishes}, [this](const InOrder& delivery) {
                 EXPECT_EQ(delivery.begin, said.size());
                 for (const std::byte octet : delivery.octets) said += static_cast<char>(octet);
                 finished |= delivery.arrival.finishes;
               });
  }

  static constexpr std::uint32_t first = 0xffff'fff8;
  ScriptMemory memory;
  SideStream stream;
  std::string said;
  bool finished = false;
};

TEST(SideStream, FillsGapsAcrossTheWrap) {
  Heard heard;
  heard.add(6, "ghij");
  EXPECT_EQ(heard.stream.missing(0), 6U);
  heard.add(3, "defg");
  heard.add(0, "abc");
  EXPECT_EQ(heard.said, "abcdefghij");
  EXPECT_EQ(heard.stream.missing(10), 0U);
  EXPECT_EQ(heard.stream.missing(12), 2U);
  EXPECT_EQ(heard.memory.used(), 0U);
}

TEST(SideStream, TakesNothingFromBeforeItsBeginning) {
  Heard heard;
  heard.add(~std::uint32_t{0}, "x");  // a keep-alive's garbage
  heard.add(~std::uint32_t{1}, "xyab");
  EXPECT_EQ(heard.said, "ab");
}

TEST(SideStream, FinishesInItsPlaceAndTakesNothingBehind) {
  Heard heard;
  heard.add(3, "", true);
  heard.add(4, "never");
  EXPECT_FALSE(heard.finished);
  heard.add(0, "abc");
  EXPECT_TRUE(heard.finished);
  EXPECT_EQ(heard.said, "abc");
  EXPECT_EQ(heard.stream.missing(4), 0U);
}

TEST(SideStream, StopsWhereOctetsWereCutOff) {
  Heard heard;
  heard.add(0, "abcdef", true, 2);
  heard.add(6, "ghi");
  EXPECT_EQ(heard.said, "abcd");
  EXPECT_FALSE(heard.finished);
  EXPECT_TRUE(heard.stream.is_cut());
  EXPECT_EQ(heard.stream.missing(9), 2U);
}

TEST(SideStream, GivesUpAGapWhereNoMemoryIsLeft) {
  Heard heard(2000);
  heard.add(5, std::string(1000, 'x'));
  heard.add(1005, std::string(1000, 'x'));
  heard.add(0, "abcde");
  EXPECT_EQ(heard.said, "");
  EXPECT_EQ(heard.stream.missing(0), 5U);
  EXPECT_EQ(heard.memory.used(), 0U);
}

TEST(SideStream, MakesTheSameOfAnyOrder) {
  const std::uint32_t seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  std::string text;
  for (int i = 0; i < 500; ++i) text += static_cast<char>('a' + random() % 26);
  for (int round = 0; round < 50; ++round) {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> pieces;
    for (std::uint32_t begin = 0; begin < text.size(); begin += 10) {
      const auto early = static_cast<std::uint32_t>(std::min<std::uint64_t>(begin, random() % 30));
      pieces.emplace_back(begin - early, begin + 10);
    }
    std::ranges::shuffle(pieces, random);
    Heard heard;
    for (const auto& [begin, end] : pieces) {
      heard.add(begin, text.substr(begin, end - begin), end == text.size());
    }
    EXPECT_EQ(heard.said, text);
    EXPECT_TRUE(heard.finished);
  }
}

}  // namespace
}  // namespace tapdeck::test
