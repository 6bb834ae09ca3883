#include "tools/replay/stateful/part.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "analyzer/report/quantity.h"
#include "captures/elapsed.h"
#include "tools/duration.h"

namespace tapdeck {

std::int64_t scaled_ns(std::int64_t duration_ns, double factor) {
  constexpr auto longest = static_cast<double>(century_ns);
  return static_cast<std::int64_t>(
      std::clamp(static_cast<double>(duration_ns) * factor, -longest, longest));
}

Part::Part(const Script& script, Side ours, const PartOptions& options, std::int64_t now_ns)
    : x_own(script.of(ours)),
      x_peer(script.of(other(ours))),
      x_options(options),
      x_last_step_ns(now_ns),
      x_last_heard_ns(now_ns),
      x_last_sent_ns(now_ns) {}

Part::Todo Part::next(std::int64_t now_ns) {
  if (x_concluded) return {.kind = Todo::Kind::close};
  if (x_peer_reset) return conclude_reset();
  if (x_step == x_own.steps.size()) return wait_for_end(now_ns);
  const ScriptStep& step = x_own.steps[x_step];
  if (!x_step_begun) {
    if (const std::optional<Todo> waiting = wait_for(step, now_ns)) return *waiting;
    if (x_concluded) return {.kind = Todo::Kind::close};
    begin(step, now_ns);
  }
  return act(step, now_ns);
}

Part::Todo Part::act(const ScriptStep& step, std::int64_t now_ns) {
  const std::int64_t given_up = x_last_sent_ns + x_options.response_timeout_ns;
  switch (step.action) {
    case StepAction::send:
      if (now_ns >= given_up) return conclude(PlayOutcome::timed_out, step_text());
      return {.kind = Todo::Kind::send,
              .octets = Bytes(x_own.octets)
                            .subspan(step.begin + x_sent_of_step, step.octets - x_sent_of_step),
              .until_ns = given_up};
    case StepAction::finish:
      return {.kind = Todo::Kind::finish};
    case StepAction::reset:
      return {.kind = Todo::Kind::reset};
  }
  return {.kind = Todo::Kind::close};
}

/// Nothing once the step may be taken.
std::optional<Part::Todo> Part::wait_for(const ScriptStep& step, std::int64_t now_ns) {
  if (!x_ready_ns) {
    const bool heard = x_expected >= step.needs && (!step.needs_end || x_peer_finished);
    if (!heard && !x_peer_finished) {
      // A peer that closed on a timer of its own may wait longer now: for us to close, perhaps.
      const bool only_end_is_missing = x_expected >= step.needs;
      if (auto waiting =
              wait_for_peer(x_heard_since_step || only_end_is_missing, step.pause_ns, now_ns)) {
        return waiting;
      }
      if (x_concluded) return std::nullopt;
    }
    x_ready_ns = heard ? x_last_heard_ns : now_ns;
  }
  // With both directions closed there is nothing to think about.
  if (x_has_finished && x_peer_finished) return std::nullopt;
  const std::int64_t due =
      std::max(*x_ready_ns, x_last_step_ns) + scaled_ns(step.think_ns, x_options.think_factor);
  if (now_ns >= due) return std::nullopt;
  return Todo{.kind = Todo::Kind::wait, .until_ns = due};
}

/// Nothing once the peer is taken to be through, or given up.
std::optional<Part::Todo> Part::wait_for_peer(bool may_be_through, std::int64_t pause_ns,
                                              std::int64_t now_ns) {
  const std::int64_t paused = added_ns(x_last_heard_ns, std::min(pause_ns, century_ns));
  const std::int64_t through = paused + x_options.response_idle_ns;
  const std::int64_t given_up = paused + x_options.response_timeout_ns;
  if (may_be_through && now_ns >= through) return std::nullopt;
  if (now_ns >= given_up) {
    conclude(PlayOutcome::timed_out, step_text());
    return std::nullopt;
  }
  return Todo{.kind = Todo::Kind::wait,
              .until_ns = may_be_through ? std::min(through, given_up) : given_up};
}

/// All of our steps are done: the peer's last octets and its end are to come.
Part::Todo Part::wait_for_end(std::int64_t now_ns) {
  const bool all_heard = x_expected >= x_peer.length;
  const bool open = !x_peer.finishes && !x_peer.resets;  // when the capture ended
  const bool ended = x_peer_finished || (open && all_heard);
  if (!ended) {
    if (auto waiting = wait_for_peer(open && x_heard_since_step, x_own.last_pause_ns, now_ns)) {
      return *waiting;
    }
    if (x_concluded) return {.kind = Todo::Kind::close};
  }
  note_missing(x_peer.length);
  if (x_peer_finished && x_peer.resets && !x_peer.finishes) {
    return conclude(PlayOutcome::closed_otherwise, "by a FIN where the capture has a reset");
  }
  return conclude(PlayOutcome::ok);
}

void Part::begin(const ScriptStep& step, std::int64_t now_ns) {
  x_step_begun = true;
  x_turn_has_surplus = false;
  x_last_sent_ns = now_ns;
  if (step.begins_turn) note_missing(step.needs);
}

void Part::sent(std::size_t octets, std::int64_t now_ns) {
  x_sent_of_step += octets;
  x_result.sent += octets;
  x_last_sent_ns = now_ns;
  if (x_sent_of_step == x_own.steps[x_step].octets) step_done(now_ns);
}

void Part::finished(std::int64_t now_ns) {
  x_has_finished = true;
  step_done(now_ns);
}

void Part::was_reset() {
  ++x_result.steps_done;
  conclude(PlayOutcome::ok);
}

void Part::step_done(std::int64_t now_ns) {
  ++x_step;
  ++x_result.steps_done;
  x_step_begun = false;
  x_sent_of_step = 0;
  x_ready_ns.reset();
  x_heard_since_step = false;
  x_last_step_ns = x_last_heard_ns = now_ns;
}

void Part::received(Bytes octets, std::int64_t now_ns) {
  compare(octets);
  x_result.received += octets.size();
  x_heard_since_step = true;
  x_last_heard_ns = now_ns;
}

void Part::peer_finished(std::int64_t now_ns) {
  x_peer_finished = true;
  x_last_heard_ns = now_ns;
}

/// The step before which the peer's octets from here on should come: at its `needs` they end.
std::size_t Part::next_turn() const {
  std::size_t step = std::max(x_step + (x_step_begun ? 1 : 0), x_crossed);
  while (step < x_own.steps.size() && !x_own.steps[step].begins_turn) ++step;
  return step;
}

/// What the peer says behind the end of its turn is surplus, unless it goes on with the very octets
/// that it had for the next one: then it answers no question, and only seemed to when captured.
void Part::compare(Bytes octets) {
  std::uint64_t at = x_result.received;
  while (!octets.empty()) {
    const std::size_t turn = next_turn();
    const bool is_last = turn == x_own.steps.size();
    const std::uint64_t end =
        std::max(is_last ? x_peer.length : x_own.steps[turn].needs, x_expected);
    const std::size_t inside = std::min<std::uint64_t>(octets.size(), end - x_expected);
    compare_inside(octets.first(inside), at);
    octets = octets.subspan(inside);
    at += inside;
    if (octets.empty()) return;
    if (is_last || x_turn_has_surplus || x_expected >= x_peer.octets.size() ||
        x_peer.octets[x_expected] != octets.front()) {
      x_turn_has_surplus = true;
      x_result.differences.surplus += octets.size();
      note_difference(at);
      return;
    }
    x_crossed = turn + 1;
  }
}

void Part::compare_inside(Bytes octets, std::uint64_t at) {
  const Bytes kept(x_peer.octets);
  const Bytes captured = kept.subspan(std::min<std::uint64_t>(x_expected, kept.size()));
  const std::size_t comparable = std::min(octets.size(), captured.size());
  for (std::size_t i = 0; i < comparable; ++i) {
    if (octets[i] == captured[i]) continue;
    ++x_result.differences.octets;
    note_difference(at + i);
  }
  x_expected += octets.size();
}

void Part::note_difference(std::uint64_t at) {
  if (!x_result.differences.first) x_result.differences.first = at;
}

void Part::note_missing(std::uint64_t until) {
  if (x_expected >= until) return;
  x_result.differences.missing += until - x_expected;
  note_difference(x_result.received);
  x_expected = until;
}

Part::Todo Part::conclude(PlayOutcome outcome, std::string detail) {
  const bool differs = outcome == PlayOutcome::ok && x_options.strict && x_result.differences.any();
  x_result.outcome = differs ? PlayOutcome::differs : outcome;
  x_result.detail = std::move(detail);
  x_concluded = true;
  return {.kind = Todo::Kind::close};
}

/// As captured if the peer has as much of us as it had then; behind both ends it is no news.
Part::Todo Part::conclude_reset() {
  const bool all_done = x_step == x_own.steps.size();
  const bool as_captured = x_peer.resets && x_result.sent >= x_peer.heard;
  const bool behind_the_end = all_done && x_peer_finished && x_peer.finishes;
  if (as_captured || behind_the_end) {
    note_missing(x_peer.length);
    return conclude(PlayOutcome::ok);
  }
  return conclude(PlayOutcome::reset,
                  fmt::format("at byte {}, {}", x_result.received, step_text()));
}

std::string Part::step_text() const {
  if (x_step == x_own.steps.size()) {
    const bool all_heard = x_expected >= x_peer.length;
    return all_heard ? "waiting for the peer's end"
                     : fmt::format("waiting for the last {}",
                                   count_of(x_peer.length - x_expected, "byte"));
  }
  const ScriptStep& step = x_own.steps[x_step];
  const std::string place = fmt::format("in step {} of {}", x_step + 1, x_own.steps.size());
  if (x_expected < step.needs && !x_step_begun) {
    return fmt::format("{}, {} short of what it needs", place,
                       count_of(step.needs - x_expected, "byte"));
  }
  if (step.needs_end && !x_peer_finished) return place + ", waiting for the peer's end";
  return place;
}

}  // namespace tapdeck
