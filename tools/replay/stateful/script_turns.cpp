#include "tools/replay/stateful/script_turns.h"

#include <algorithm>

namespace tapdeck {
namespace {

/// True if the peer sent what lies behind `step.needs` only when it had heard of this step.
bool is_answered(const ScriptStep& step, const SideScript& peer) {
  if (step.needs >= peer.length) return true;
  const auto answer = std::ranges::lower_bound(peer.steps, step.needs, {}, &ScriptStep::begin);
  return answer != peer.steps.end() && answer->begin == step.needs && answer->needs > step.begin;
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
  for (ScriptStep& step : client.steps) step.begins_turn = is_answered(step, server);
  for (ScriptStep& step : server.steps) step.begins_turn = is_answered(step, client);
  tell_ends(client, server);
  tell_ends(server, client);
}

}  // namespace tapdeck
