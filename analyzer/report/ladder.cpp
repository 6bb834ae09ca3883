#include "analyzer/report/ladder.h"

#include <algorithm>
#include <array>

#include "dissectors/tcp.h"

namespace tapdeck {

void WordCounts::add(std::string_view word, std::uint64_t frame, std::uint64_t count) {
  const auto found = std::ranges::find(x_counts, word, &WordCount::word);
  if (found == x_counts.end()) {
    x_counts.push_back({word, count, frame});
  } else {
    found->count += count;
  }
}

void WordCounts::add(const WordCounts& others) {
  for (const WordCount& other : others.x_counts) add(other.word, other.first_frame, other.count);
}

WordCount WordCounts::of(std::string_view word) const {
  const auto found = std::ranges::find(x_counts, word, &WordCount::word);
  return found == x_counts.end() ? WordCount{.word = word} : *found;
}

void LadderFold::add(const LadderSegment& segment) {
  if (segments() == 0) {
    first_frame = segment.frame;
    first_ns = segment.time_ns;
  }
  last_frame = segment.frame;
  last_ns = segment.time_ns;
  states_after = segment.states_after;
  Sent& sender = sent[index_of(segment.from)];
  ++(segment.payload_octets > 0 ? sender.segments : sender.bare);
  sender.payload_octets += segment.payload_octets;
  if (segment.payload_octets > 0) sender.end = segment.seq + segment.payload_octets;
  if ((segment.flags & TcpFlags::ack) != 0) sender.last_ack = segment.ack;
  for (const std::string_view word : telling_words(segment.verdict)) words.add(word, segment.frame);
}

void LadderFold::add(const LadderFold& next) {
  if (segments() == 0) {
    first_frame = next.first_frame;
    first_ns = next.first_ns;
  }
  last_frame = next.last_frame;
  last_ns = next.last_ns;
  states_after = next.states_after;
  for (std::size_t side = 0; side < sent.size(); ++side) {
    const Sent& more = next.sent[side];
    if (more.segments > 0) sent[side].end = more.end;
    if (more.segments + more.bare > 0) sent[side].last_ack = more.last_ack;
    sent[side].segments += more.segments;
    sent[side].bare += more.bare;
    sent[side].payload_octets += more.payload_octets;
  }
  words.add(next.words);
}

std::uint64_t LadderFold::segments() const {
  return sent[0].segments + sent[0].bare + sent[1].segments + sent[1].bare;
}

std::vector<std::string_view> telling_words(const Verdict& verdict) {
  constexpr std::array<std::string_view, 6> plain{"in_order", "advances", "syn",
                                                  "syn_ack",  "fin",      "reset"};
  std::vector<std::string_view> words = words_of(verdict);
  std::erase_if(
      words, [&](std::string_view word) { return std::ranges::find(plain, word) != plain.end(); });
  return words;
}

}  // namespace tapdeck
