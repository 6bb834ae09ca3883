#include "analyzer/report/ladder_builder.h"

#include <algorithm>
#include <span>
#include <utility>

namespace tapdeck {
namespace {

/// The window of a SYN is never scaled (RFC 7323 §2.2).
void set_window(const TracedSegment& traced, LadderSegment& result) {
  result.window = traced.segment.window_field;
  if (traced.segment.has(TcpFlags::syn)) return;
  const bool tells_nothing = result.window == 0 || traced.segment.has(TcpFlags::rst);
  result.window_scaled = tells_nothing || traced.window_shift;
  result.window <<= traced.window_shift.value_or(0);
}

}  // namespace

void LadderBuilder::add(const TracedSegment& traced) {
  anchor(traced);
  const Segment& segment = traced.segment;
  LadderSegment result{.frame = traced.frame,
                       .time_ns = traced.time_ns,
                       .from = traced.from,
                       .flags = segment.flags,
                       .payload_octets = segment.payload_octets,
                       .sack_blocks = {},
                       .states_after = traced.states_after,
                       .verdict = {}};
  set_numbers(traced, result);
  set_window(traced, result);
  RelativeNumbers& own = x_numbers[index_of(traced.from)];
  result.gap_octets = own.octets_before(segment.seg_seq);
  if (segment.seg_len() > 0) own.note(segment.seg_seq + segment.seg_len());
  if (segment.payload_octets > 0) ++x_tallies[index_of(traced.from)].data_segments;
  x_waiting.push_back({std::move(result)});
  if (x_waiting.size() > longest_unsettled_frames) {
    x_waiting.front().settled = true;
    pass_on();
  }
}

/// Where a SYN wasn't captured, the first octet seen is 1, as it would be behind a SYN.
void LadderBuilder::anchor(const TracedSegment& traced) {
  const Segment& segment = traced.segment;
  RelativeNumbers& own = x_numbers[index_of(traced.from)];
  RelativeNumbers& peers = x_numbers[index_of(other(traced.from))];
  if (segment.has(TcpFlags::syn) && !own.is_anchored()) {
    own.anchor(segment.seg_seq);
  } else if (!own.is_anchored()) {
    own.anchor(segment.seg_seq - 1);
  }
  if (segment.has(TcpFlags::ack) && !peers.is_anchored()) peers.anchor(segment.seg_ack - 1);
}

void LadderBuilder::set_numbers(const TracedSegment& traced, LadderSegment& result) const {
  const Segment& segment = traced.segment;
  const auto shown = [&](Side side, SeqNum position) {
    return x_raw_numbers ? std::int64_t{position.value} : x_numbers[index_of(side)].of(position);
  };
  const Side peer = other(traced.from);
  result.seq = shown(traced.from, segment.seg_seq);
  if (!segment.has(TcpFlags::ack)) return;
  result.ack = shown(peer, segment.seg_ack);
  const auto& kept = segment.options.sack_blocks;
  const auto blocks =
      std::span(kept).first(std::min<std::size_t>(segment.options.sack_block_count, kept.size()));
  result.d_sack = segment.reports_second_copy();
  for (const SackBlock& block : blocks) {
    result.sack_blocks.emplace_back(shown(peer, {block.left_edge}),
                                    shown(peer, {block.right_edge}));
  }
}

void LadderBuilder::settle(const FrameVerdict& verdict) {
  const auto frame_of = [](const Waiting& waiting) { return waiting.segment.frame; };
  const auto found = std::ranges::lower_bound(x_waiting, verdict.frame, {}, frame_of);
  if (found == x_waiting.end() || found->segment.frame != verdict.frame) return;
  found->segment.verdict = verdict.verdict;
  found->settled = true;
  pass_on();
}

void LadderBuilder::pass_on() {
  for (; !x_waiting.empty() && x_waiting.front().settled; x_waiting.pop_front()) {
    LadderSegment& segment = x_waiting.front().segment;
    for (const std::string_view word : words_of(segment.verdict)) {
      x_tallies[index_of(segment.from)].words.add(word, segment.frame);
    }
    x_folding.add(std::move(segment));
  }
}

Ladder LadderBuilder::finish() {
  for (Waiting& waiting : x_waiting) waiting.settled = true;
  pass_on();
  return {
      .items = x_folding.finish(), .tallies = std::move(x_tallies), .raw_numbers = x_raw_numbers};
}

}  // namespace tapdeck
