#include "tools/replay/rewriting/collision_watch.h"

namespace tapdeck {
namespace {

FlowKey key_of(const FlowEnds& ends) {
  return make_flow_key(ends.source.address, ends.source.port, ends.destination.address,
                       ends.destination.port, ends.ip_protocol)
      .key;
}

}  // namespace

void CollisionWatch::add(const FlowEnds& before, const FlowEnds& after, std::uint64_t frame) {
  const FlowKey key_before = key_of(before);
  const FlowKey key_after = key_of(after);
  const auto known = x_after.find(key_before);
  if (known != x_after.end() && known->second == key_after) return;
  if (x_after.size() >= x_capacity) {
    ++x_unwatched;
    return;
  }
  x_after.insert_or_assign(key_before, key_after);
  const auto [holder, fresh] = x_before.try_emplace(key_after, key_before);
  if (fresh || holder->second == key_before) return;
  if (x_count++ == 0) {
    x_first = {.one = holder->second, .other = key_before, .both = key_after, .frame = frame};
  }
}

}  // namespace tapdeck
