#include "analyzer/report/ladder_folding.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "captures/elapsed.h"
#include "dissectors/tcp.h"

namespace tapdeck {
namespace {

constexpr std::size_t drawn_of_kind = 4;  // of what isn't plain, in one episode
constexpr std::size_t drawn_of_echo = 2;  // of what receivers say again and again, likewise
constexpr std::size_t drawn_of_turn = 2;  // of plain progress, since the sender of data changed
constexpr std::size_t drawn_of_run = 12;  // of plain progress, since the last news
constexpr std::size_t lines_of_odd = 3;
constexpr std::size_t lines_unfolded = 11;   // a fold of fewer would save nothing
constexpr std::size_t held_back = 2;         // shown between the fold and what comes
constexpr std::size_t episode_is_over = 64;  // plain segments in a row

/// Equal for segments of which the same is to be said.
std::uint64_t kind_of(const LadderSegment& segment) {
  const Verdict& verdict = segment.verdict;
  std::uint64_t kind = index_of(segment.from);
  const auto add = [&](auto value) { kind = kind << 4U | static_cast<std::uint64_t>(value); };
  add(verdict.placement);
  add(verdict.origin);
  add(verdict.trigger);
  add(verdict.ack);
  add(verdict.window);
  add(verdict.acceptance);
  add(verdict.spurious);
  add(verdict.lost_upstream);
  add(verdict.lost_downstream);
  add(verdict.not_captured);
  return kind << 16U | verdict.connection_words;
}

}  // namespace

void LadderFolding::add(LadderSegment segment) {
  if (!x_options.fold) {
    keep(std::move(segment));
    return;
  }
  const std::vector<std::string_view> words = telling_words(segment.verdict);
  const bool plain = words.empty() || (words.size() == 1 && words.front() == "window_update");
  x_plain_run = plain ? x_plain_run + 1 : 0;
  if (x_plain_run >= episode_is_over) x_seen.clear();
  const bool news = is_turning_point(segment) || (!plain && is_new_kind(segment, words));
  if (segment.payload_octets > 0 && x_turn != segment.from) {
    x_turn = segment.from;
    x_drawn_of_turn = 0;
  }
  x_states = segment.states_after;
  x_time_ns = segment.time_ns;
  if (news) {
    draw(std::move(segment));
    x_drawn_of_run = x_drawn_of_turn = 0;
  } else if (plain && x_drawn_of_turn < drawn_of_turn && x_drawn_of_run < drawn_of_run) {
    draw(std::move(segment));
  } else {
    hold(std::move(segment), plain ? 1 : lines_of_odd);
  }
}

bool LadderFolding::is_turning_point(const LadderSegment& segment) const {
  constexpr std::uint8_t flags = TcpFlags::syn | TcpFlags::fin | TcpFlags::rst;
  return !x_states || (segment.flags & flags) != 0 || segment.states_after != *x_states ||
         elapsed_ns(x_time_ns, segment.time_ns) >= ladder_pause_ns;
}

bool LadderFolding::is_new_kind(const LadderSegment& segment,
                                const std::vector<std::string_view>& words) {
  const std::uint64_t kind = kind_of(segment);
  auto seen = std::ranges::find(x_seen, kind, &Seen::kind);
  if (seen == x_seen.end()) seen = x_seen.insert(x_seen.end(), {kind, 0});
  const bool echo = words.size() == 1 && words.front() == "duplicate_ack";
  return seen->drawn++ < (echo ? drawn_of_echo : drawn_of_kind);
}

void LadderFolding::draw(LadderSegment segment) {
  let_go();
  keep(std::move(segment));
  ++x_drawn_of_run;
  ++x_drawn_of_turn;
}

void LadderFolding::hold(LadderSegment segment, std::size_t lines) {
  x_held.push_back(std::move(segment));
  x_held_lines += lines;
  if (!x_fold && x_held_lines <= lines_unfolded) return;
  if (!x_fold) x_fold.emplace();
  for (; x_held.size() > held_back; x_held.pop_front()) x_fold->add(x_held.front());
}

void LadderFolding::let_go() {
  if (x_fold) keep(*std::exchange(x_fold, std::nullopt));
  for (LadderSegment& held : x_held) {
    keep(std::move(held));
    ++x_drawn_of_run;
  }
  x_held.clear();
  x_held_lines = 0;
}

void LadderFolding::keep(LadderItem item) {
  if (x_head.size() < x_options.rows / 2) {
    x_head.push_back(std::move(item));
    return;
  }
  x_tail.push_back(std::move(item));
  if (x_tail.size() <= x_options.rows / 2) return;
  if (!x_left_out) x_left_out.emplace().left_out = true;
  std::visit([&](const auto& one) { x_left_out->add(one); }, x_tail.front());
  x_tail.pop_front();
}

std::vector<LadderItem> LadderFolding::finish() {
  let_go();
  if (x_left_out) x_head.emplace_back(std::move(*x_left_out));
  std::ranges::move(x_tail, std::back_inserter(x_head));
  return std::move(x_head);
}

}  // namespace tapdeck
