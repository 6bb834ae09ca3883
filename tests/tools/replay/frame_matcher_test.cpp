// What of the frames that were sent arrived: lost, overtaken, altered, equal and foreign ones.
#include "tools/replay/frame_matcher.h"

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/capture_builder.h"

namespace tapdeck::test {
namespace {

FrameDigest digest(char letter) { return digest_of(octets_of(std::string_view(&letter, 1))); }

/// Sends one word and receives the other, a frame a letter, 10 ns apart.
MatchCounts match(std::string_view sent, std::string_view arrived) {
  FrameMatcher matcher(true);
  for (std::size_t i = 0; i < sent.size(); ++i) {
    matcher.expect(digest(sent[i]), i + 1, static_cast<std::int64_t>(10 * i));
  }
  for (std::size_t i = 0; i < arrived.size(); ++i) {
    matcher.arrive(digest(arrived[i]), static_cast<std::int64_t>(10 * i) + 3);
  }
  EXPECT_EQ(matcher.all_arrived(), matcher.counts().arrived == sent.size());
  matcher.finish();
  EXPECT_EQ(matcher.counts().arrived + matcher.counts().missing, sent.size());
  EXPECT_EQ(matcher.counts().arrived + matcher.counts().others, arrived.size());
  return matcher.counts();
}

TEST(FrameMatcher, IsContentWithWhatArrivesInOrder) {
  const MatchCounts counts = match("abcabcaaa", "abcabcaaa");
  EXPECT_TRUE(counts.is_equal());
  EXPECT_EQ(counts.others, 0U);
  EXPECT_EQ(counts.place_error_ns.quantile(0.5), 3);
  EXPECT_EQ(counts.gap_error_ns.count(), 8U);
  EXPECT_EQ(counts.gap_error_ns.max(), 0);
}

TEST(FrameMatcher, NamesTheFirstThatIsMissing) {
  const MatchCounts counts = match("abcdef", "abef");
  EXPECT_FALSE(counts.is_equal());
  EXPECT_EQ(counts.missing, 2U);
  EXPECT_EQ(counts.first_missing, 3U);
  EXPECT_EQ(counts.out_of_order, 0U);
  EXPECT_EQ(counts.gap_error_ns.count(), 2U);  // of neighbours only
}

TEST(FrameMatcher, SeesTheEndMissing) {
  const MatchCounts counts = match("abc", "ab");
  EXPECT_EQ(counts.missing, 1U);
  EXPECT_EQ(counts.first_missing, 3U);
}

TEST(FrameMatcher, CountsOvertakenFrames) {
  const MatchCounts counts = match("abcd", "acbd");
  EXPECT_EQ(counts.out_of_order, 1U);
  EXPECT_EQ(counts.missing, 0U);
  EXPECT_FALSE(counts.is_equal());
}

TEST(FrameMatcher, CountsForeignAlteredAndRepeatedFramesAsOthers) {
  EXPECT_EQ(match("abc", "xabyc").others, 2U);
  EXPECT_TRUE(match("abc", "xabyc").is_equal());
  EXPECT_EQ(match("abc", "aXc").missing, 1U);
  EXPECT_EQ(match("abc", "aXc").others, 1U);
  EXPECT_EQ(match("abc", "aabc").others, 1U);
}

TEST(FrameMatcher, TellsEqualFramesApartByTheirOrder) {
  EXPECT_EQ(match("aabaabaab", "aabaabaab").out_of_order, 0U);
  EXPECT_EQ(match("aabaab", "abaab").missing, 1U);
  EXPECT_EQ(match("aaaa", "aa").missing, 2U);
}

TEST(FrameMatcher, FindsFramesBehindALongLoss) {
  FrameMatcher matcher(false);
  std::vector<FrameDigest> digests;
  for (std::uint32_t i = 0; i < 50'000; ++i) {
    digests.push_back(digest_of(std::as_bytes(std::span(&i, 1))));
    matcher.expect(digests.back(), i + 1, 0);
  }
  for (std::size_t i = 0; i < 10'000; ++i) matcher.arrive(digests[i], 0);
  for (std::size_t i = 40'000; i < 50'000; ++i) matcher.arrive(digests[i], 0);
  matcher.finish();
  EXPECT_EQ(matcher.counts().missing, 30'000U);
  EXPECT_EQ(matcher.counts().first_missing, 10'001U);
  EXPECT_EQ(matcher.counts().out_of_order, 0U);
}

TEST(FrameMatcher, GivesUpTheEarliestWhereNothingArrives) {
  constexpr std::uint32_t bound = 1U << 20U;
  FrameMatcher matcher(false);
  for (std::uint32_t i = 0; i < bound + 3; ++i) {
    matcher.expect(digest_of(std::as_bytes(std::span(&i, 1))), i + 1, 0);
  }
  EXPECT_EQ(matcher.counts().missing, 3U);
  EXPECT_EQ(matcher.counts().first_missing, 1U);
  for (const std::uint32_t i : {2U, 3U}) {
    matcher.arrive(digest_of(std::as_bytes(std::span(&i, 1))), 0);
  }
  EXPECT_EQ(matcher.counts().others, 1U);
  EXPECT_EQ(matcher.counts().arrived, 1U);
}

/// A look at each equal frame for each that arrives would take an hour.
TEST(FrameMatcher, TellsManyEqualFramesApart) {
  constexpr std::uint64_t each = 500'000;
  FrameMatcher matcher(false);
  for (std::uint64_t i = 0; i < 2 * each; ++i) matcher.expect(digest(i < each ? 'a' : 'b'), i, 0);
  for (std::uint64_t i = 0; i < each; ++i) matcher.arrive(digest('b'), 0);
  for (std::uint64_t i = 0; i < each; ++i) matcher.arrive(digest('a'), 0);
  EXPECT_TRUE(matcher.all_arrived());
  EXPECT_EQ(matcher.counts().out_of_order, each);
  matcher.arrive(digest('a'), 0);
  EXPECT_EQ(matcher.counts().others, 1U);
}

/// Whatever is lost, overtaken and repeated, what arrives is what a look at all of them would find.
TEST(FrameMatcher, FindsWhatALookAtEachFrameFinds) {
  constexpr std::uint32_t seed = 20'261'122;
  // NOLINTNEXTLINE(cert-msc32-c, cert-msc51-cpp): a failure must be the same the next time.
  std::mt19937 random(seed);
  for (int round = 0; round < 300; ++round) {
    std::string sent(1 + random() % 60, 'a');
    for (char& letter : sent) letter = static_cast<char>('a' + random() % 4);
    std::string arrived;
    for (int i = 0; i < 80; ++i) arrived += sent[random() % sent.size()];
    const MatchCounts counts = match(sent, arrived);
    std::vector<bool> taken(sent.size());
    std::size_t next = 0;
    std::uint64_t out_of_order = 0;
    for (const char letter : arrived) {
      std::size_t place = sent.find(letter, next);
      if (place == std::string::npos) {
        for (place = 0; place < sent.size() && (taken[place] || sent[place] != letter); ++place) {
        }
        if (place < sent.size()) ++out_of_order;
      }
      if (place == sent.size()) continue;
      taken[place] = true;
      next = std::max(next, place + 1);
    }
    const auto count = static_cast<std::uint64_t>(std::ranges::count(taken, true));
    EXPECT_EQ(counts.arrived, count) << sent << " " << arrived;
    EXPECT_EQ(counts.out_of_order, out_of_order) << sent << " " << arrived;
  }
}

TEST(FrameDigest, TakesPaddingForNothing) {
  const Octets frame = octets_of("short");
  Octets padded = frame;
  padded.resize(60);
  EXPECT_EQ(digest_of(frame), digest_of(padded));
  padded.resize(61);
  EXPECT_NE(digest_of(frame), digest_of(padded));
}

}  // namespace
}  // namespace tapdeck::test
