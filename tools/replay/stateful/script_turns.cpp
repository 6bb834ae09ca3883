#include "tools/replay/stateful/script_turns.h"

#include <algorithm>
#include <iterator>

namespace tapdeck {
namespace {

/// True if the peer was through with all that it had heard before this step, as far as it can be
/// told, and went on only when it had heard of this one.
bool begins_turn(const ScriptStep& step, const ScriptStep* before, const SideScript& peer) {
  if (step.needs == 0 || (before != nullptr && before->needs == step.needs)) return false;
  const auto answer = std::ranges::lower_bound(peer.steps, std::min(step.needs, peer.length), {},
                                               &ScriptStep::begin);
  if (answer == peer.steps.begin()) return false;
  const ScriptStep& said = *std::prev(answer);
  const bool was_through = said.begin + said.octets == std::min(step.needs, peer.length) &&
                           said.ends_write && said.needs >= step.begin;
  return was_through && (answer == peer.steps.end() || answer->needs > step.begin);
}

void mark(SideScript& own, const SideScript& peer) {
  for (std::size_t i = 0; i < own.steps.size(); ++i) {
    own.steps[i].begins_turn =
        begins_turn(own.steps[i], i == 0 ? nullptr : &own.steps[i - 1], peer);
  }
}

void tell_ends(SideScript& own, const SideScript& peer) {
  for (ScriptStep& step : own.steps) {
    step.needs_end = step.needs > peer.length && peer.finishes;
    step.needs = std::min(step.needs, peer.length);
  }
  own.heard = std::min(own.heard, peer.length);
}

}  // namespace

void mark_turns(Script& script) {
  auto& [client, server] = script.sides;
  mark(client, server);
  mark(server, client);
  tell_ends(client, server);
  tell_ends(server, client);
}

}  // namespace tapdeck
