#include "dissectors/reassembly.h"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace tapdeck {
namespace {

constexpr std::int64_t second = 1'000'000'000;

/// Fragments of datagrams between two hosts, told apart by their identification.
class Fragments {
 public:
  explicit Fragments(ReassemblyLimits limits = {}) : x_reassembler(limits) {}

  /// The datagram's bytes as text if this fragment completes one, else "-".
  std::string add(std::uint32_t offset, std::string_view text, bool more,
                  std::uint32_t identification = 1, std::int64_t time_ns = 0) {
    const auto bytes = std::as_bytes(std::span(text));
    const auto datagram = x_reassembler.add(
        {.key = {.source = {}, .destination = {}, .identification = identification, .protocol = 17},
         .offset = offset,
         .more = more,
         .protocol = 17,
         .payload = {bytes, bytes.size()},
         .time_ns = time_ns,
         .frames = 1,
         .frame_octets = 34 + bytes.size()});
    if (!datagram) return "-";
    x_last = datagram->reassembly;
    return {reinterpret_cast<const char*>(datagram->bytes.data()), datagram->bytes.size()};
  }

  FragmentReassembler x_reassembler;
  Reassembly x_last;
};

struct Piece {
  std::uint32_t offset;
  std::string_view text;
  bool more;
};

constexpr std::array pieces{Piece{0, "aaaaaaaa", true}, Piece{8, "bbbbbbbb", true},
                            Piece{16, "cccccccc", true}, Piece{24, "ddd", false}};
constexpr std::string_view whole = "aaaaaaaabbbbbbbbccccccccddd";

/// A mirror copies each packet right behind it: the datagram is whole before its last copy comes.
TEST(Reassembly, OfDoubledFragmentsLeavesNoHole) {
  Fragments fragments;
  for (const Piece& piece : pieces) {
    const std::string expected = piece.more ? "-" : std::string(whole);
    EXPECT_EQ(fragments.add(piece.offset, piece.text, piece.more), expected);
    EXPECT_EQ(fragments.add(piece.offset, piece.text, piece.more), "-");
  }
  fragments.x_reassembler.finish();
  EXPECT_EQ(fragments.x_reassembler.counters(),
            (ReassemblyCounters{.fragments = 8, .datagrams_completed = 1, .duplicates = 4}));
}

/// An identification that is used again at once: other bytes are no copy.
TEST(Reassembly, OfOtherBytesBehindDoubledOnesIsADatagram) {
  Fragments fragments;
  for (const Piece& piece : pieces) {
    fragments.add(piece.offset, piece.text, piece.more);
    fragments.add(piece.offset, piece.text, piece.more);
  }
  EXPECT_EQ(fragments.add(0, "xxxxxxxx", true), "-");
  EXPECT_EQ(fragments.add(8, "yyy", false), "xxxxxxxxyyy");
}

TEST(Reassembly, OfALaterDatagramThatLacksAPieceLeavesAHole) {
  Fragments fragments;
  fragments.add(pieces[0].offset, pieces[0].text, true);
  for (const Piece& piece : pieces) fragments.add(piece.offset, piece.text, piece.more);
  fragments.add(pieces[3].offset, pieces[3].text, false, 2);
  fragments.add(pieces[3].offset, pieces[3].text, false, 1, second);
  fragments.x_reassembler.finish();
  EXPECT_EQ(fragments.x_reassembler.counters().datagrams_timed_out, 2U);
}

TEST(Reassembly, AnyOrderOfFragmentsGivesTheSameDatagram) {
  std::array<std::size_t, pieces.size()> order{};
  std::iota(order.begin(), order.end(), 0U);
  do {
    Fragments fragments;
    for (std::size_t index = 0; index < order.size(); ++index) {
      const Piece& piece = pieces[order[index]];
      const std::string expected = index + 1 == order.size() ? std::string(whole) : "-";
      EXPECT_EQ(fragments.add(piece.offset, piece.text, piece.more), expected);
    }
    EXPECT_EQ(fragments.x_last.frames, 4U);
    EXPECT_EQ(fragments.x_last.frame_octets, 4U * 34 + whole.size());
    EXPECT_FALSE(fragments.x_last.overlaps);
    EXPECT_EQ(fragments.x_reassembler.counters(),
              (ReassemblyCounters{.fragments = 4, .datagrams_completed = 1}));
  } while (std::ranges::next_permutation(order).found);
}

TEST(Reassembly, DuplicatesAreNoOverlaps) {
  Fragments fragments;
  EXPECT_EQ(fragments.add(0, "aaaaaaaa", true), "-");
  EXPECT_EQ(fragments.add(0, "aaaaaaaa", true), "-");
  EXPECT_EQ(fragments.add(8, "b", false), "aaaaaaaab");
  EXPECT_EQ(fragments.x_last.frames, 3U);
  EXPECT_FALSE(fragments.x_last.overlaps);
  EXPECT_EQ(fragments.x_reassembler.counters().duplicates, 1U);
}

TEST(Reassembly, OverlapOfEqualBytesIsReported) {
  Fragments fragments;
  EXPECT_EQ(fragments.add(0, "aaaaaaaabbbbbbbb", true), "-");
  EXPECT_EQ(fragments.add(8, "bbbbbbbbc", false), "aaaaaaaabbbbbbbbc");
  EXPECT_TRUE(fragments.x_last.overlaps);
  EXPECT_FALSE(fragments.x_last.conflicts);
}

TEST(Reassembly, TheFirstCopyOfAnOctetWins) {
  Fragments fragments;
  EXPECT_EQ(fragments.add(8, "bbbbbbbb", true), "-");
  EXPECT_EQ(fragments.add(0, "AAAAAAAAXXXXXXXXCCCCCCCC", true), "-");
  EXPECT_EQ(fragments.add(24, "d", false), "AAAAAAAAbbbbbbbbCCCCCCCCd");
  EXPECT_TRUE(fragments.x_last.overlaps);
  EXPECT_TRUE(fragments.x_last.conflicts);
  EXPECT_EQ(fragments.x_reassembler.counters().conflicts, 1U);
}

TEST(Reassembly, AnotherEndIsAConflict) {
  Fragments longer;
  EXPECT_EQ(longer.add(8, "b", false), "-");
  EXPECT_EQ(longer.add(0, "aaaaaaaabbbbbbbb", true), "aaaaaaaab");
  EXPECT_TRUE(longer.x_last.conflicts);
  Fragments shorter;
  EXPECT_EQ(shorter.add(8, "bbbbbbbb", true), "-");
  EXPECT_EQ(shorter.add(0, "aaaa", false), "aaaa");
  EXPECT_TRUE(shorter.x_last.conflicts);
}

TEST(Reassembly, AMissingFragmentLeavesTheDatagramOpenUntilTheEnd) {
  Fragments fragments;
  EXPECT_EQ(fragments.add(0, "aaaaaaaa", true), "-");
  EXPECT_EQ(fragments.add(16, "c", false), "-");
  fragments.x_reassembler.finish();
  EXPECT_EQ(fragments.x_reassembler.counters(),
            (ReassemblyCounters{.fragments = 2, .datagrams_timed_out = 1}));
}

TEST(Reassembly, RefusesFragmentsThatCannotBe) {
  Fragments fragments;
  EXPECT_EQ(fragments.add(0, "aaa", true), "-");
  EXPECT_EQ(fragments.add(8, "", true), "-");
  EXPECT_EQ(fragments.add(65'528, "12345678", false), "-");
  EXPECT_EQ(fragments.x_reassembler.counters(),
            (ReassemblyCounters{.fragments = 3, .malformed = 3}));
  EXPECT_EQ(fragments.add(65'528, "1234567", false), "-");
  EXPECT_EQ(fragments.x_reassembler.counters().malformed, 3U);
}

TEST(Reassembly, FragmentsCutByTheSnapLengthAreCounted) {
  FragmentReassembler reassembler;
  const std::array<std::byte, 8> bytes{};
  EXPECT_FALSE(reassembler.add({.key = {}, .payload = {bytes, 16}}));
  EXPECT_EQ(reassembler.counters(), (ReassemblyCounters{.fragments = 1, .truncated = 1}));
}

TEST(Reassembly, ADatagramPastItsTimeIsDroppedEvenIfNobodyAsksForIt) {
  Fragments fragments;
  EXPECT_EQ(fragments.add(0, "aaaaaaaa", true, 1, 0), "-");
  EXPECT_EQ(fragments.add(0, "aaaaaaaa", true, 2, 60 * second), "-");
  EXPECT_EQ(fragments.x_reassembler.counters().datagrams_timed_out, 0U);
  EXPECT_EQ(fragments.add(0, "aaaaaaaa", true, 3, 61 * second), "-");
  EXPECT_EQ(fragments.x_reassembler.counters().datagrams_timed_out, 1U);
}

TEST(Reassembly, ALateFragmentDoesNotJoinADatagramPastItsTime) {
  Fragments fragments;
  EXPECT_EQ(fragments.add(0, "aaaaaaaa", true, 1, 100 * second), "-");
  EXPECT_EQ(fragments.add(0, "bbbbbbbb", true, 2, 0), "-");
  EXPECT_EQ(fragments.add(8, "c", false, 2, 90 * second), "-");
  EXPECT_EQ(fragments.x_reassembler.counters().datagrams_timed_out, 1U);
}

TEST(Reassembly, TimeStampsOfAnyKindDontHurt) {
  Fragments fragments;
  constexpr auto first = std::numeric_limits<std::int64_t>::min();
  constexpr auto last = std::numeric_limits<std::int64_t>::max();
  for (const std::int64_t time_ns : {last, first, std::int64_t{0}, last, first}) {
    (void)fragments.add(0, "aaaaaaaa", true, 1, time_ns);
  }
  EXPECT_EQ(fragments.x_reassembler.counters().fragments, 5U);
}

TEST(Reassembly, AFloodKeepsToTheNumberOfDatagrams) {
  Fragments fragments({.datagrams = 10});
  for (std::uint32_t identification = 0; identification < 1000; ++identification) {
    (void)fragments.add(0, "aaaaaaaa", true, identification);
  }
  EXPECT_EQ(fragments.x_reassembler.counters().datagrams_evicted, 990U);
  EXPECT_EQ(fragments.add(8, "b", false, 989), "-") << "the oldest gave way";
  EXPECT_EQ(fragments.add(8, "b", false, 999), "aaaaaaaab");
}

TEST(Reassembly, AFloodKeepsToTheOctets) {
  constexpr std::size_t limit = 1'000'000, octets_each = 65'528;
  Fragments fragments({.octets = limit});
  for (std::uint32_t identification = 0; identification < 1000; ++identification) {
    (void)fragments.add(0, "aaaaaaaa", true, identification);
    (void)fragments.add(65'520, "aaaaaaaa", true, identification);
    const std::size_t evicted = fragments.x_reassembler.counters().datagrams_evicted;
    EXPECT_LE((identification + 1 - evicted) * octets_each, limit);
  }
  fragments.x_reassembler.finish();
  EXPECT_EQ(fragments.x_reassembler.counters().datagrams_timed_out, 15U) << "as many have room";
}

/// Octets that were still counted would push out the one that is open.
TEST(Reassembly, OfWhatIsWholeOrGivenUpNoOctetsCount) {
  Fragments fragments({.octets = 1000});
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(fragments.add(0, "aaaaaaaa", true, 2), "-");
    for (const std::size_t place : {0U, 2U, 1U, 3U}) {
      (void)fragments.add(pieces[place].offset, pieces[place].text, pieces[place].more, 1);
    }
    fragments.x_reassembler.finish();
  }
  EXPECT_EQ(fragments.x_reassembler.counters(),
            (ReassemblyCounters{
                .fragments = 5000, .datagrams_completed = 1000, .datagrams_timed_out = 1000}));
}

/// What is to be expected, octet by octet.
class Oracle {
 public:
  void add(std::uint32_t offset, std::string_view text, bool more) {
    for (std::size_t index = 0; index < text.size(); ++index) {
      x_octets.try_emplace(offset + index, text[index]);
    }
    if (!more && !x_size) x_size = offset + text.size();
  }

  [[nodiscard]] std::string datagram() const {
    if (!x_size) return "-";
    std::string text;
    for (std::size_t at = 0; at < *x_size; ++at) {
      const auto octet = x_octets.find(at);
      if (octet == x_octets.end()) return "-";
      text += octet->second;
    }
    return text;
  }

 private:
  std::map<std::size_t, char> x_octets;
  std::optional<std::size_t> x_size;
};

TEST(Reassembly, AgreesWithAnOracleOnRandomFragments) {
  constexpr unsigned seed = 20'240'815;
  std::mt19937 random(seed);
  const auto up_to = [&](unsigned limit) { return static_cast<unsigned>(random() % (limit + 1)); };
  for (int round = 0; round < 2000; ++round) {
    Fragments fragments;
    Oracle oracle;
    for (int step = 0; step < 60; ++step) {
      const bool more = up_to(9) != 0;
      const std::uint32_t offset = up_to(12) * 8;
      const std::size_t length = more ? (1 + up_to(3)) * 8 : 1 + up_to(20);
      std::string text(length, ' ');
      for (char& letter : text) letter = static_cast<char>('a' + up_to(1));
      const std::string actual = fragments.add(offset, text, more);
      oracle.add(offset, text, more);
      ASSERT_EQ(actual, oracle.datagram()) << "seed " << seed << ", round " << round;
      if (actual != "-") break;
    }
  }
}

}  // namespace
}  // namespace tapdeck
