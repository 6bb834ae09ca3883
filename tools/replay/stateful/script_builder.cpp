#include "tools/replay/stateful/script_builder.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "captures/elapsed.h"
#include "tools/replay/stateful/script_turns.h"

namespace tapdeck {
namespace {

/// What follows within this time is part of the step before.
constexpr std::int64_t joined_within_ns = 1'000'000;

std::int64_t since(std::int64_t earlier_ns, std::int64_t later_ns) {
  return std::max<std::int64_t>(elapsed_ns(earlier_ns, later_ns), 0);
}

std::uint64_t octets_of(const SideScript& side) {
  return side.octets.capacity() + side.steps.size() * sizeof(ScriptStep);
}

}  // namespace

bool ScriptBuilder::is_wanted(std::uint64_t connection) const {
  return x_options.only.empty() || std::ranges::count(x_options.only, connection) != 0;
}

ScriptBuilder::Building* ScriptBuilder::find_or_begin(const TracedSegment& traced) {
  const auto found = x_building.find(traced.connection);
  if (found != x_building.end()) return found->second.get();
  if (traced.frame == traced.connection) ++x_connections;
  if (!is_wanted(traced.connection)) return nullptr;
  std::erase(x_unmet, traced.connection);
  x_is_full = x_is_full || !x_memory.take(sizeof(Building));
  if (x_is_full) {
    if (traced.frame == traced.connection) ++x_not_taken;
    return nullptr;
  }
  auto fresh = std::make_unique<Building>(x_memory);
  Script& script = fresh->script;
  script.id = traced.connection;
  script.start_ns = script.end_ns = traced.time_ns;
  const auto& [key, direction] = traced.key;
  script.ends[index_of(traced.from)] = key.sender(direction);
  script.ends[index_of(other(traced.from))] = key.sender(opposite(direction));
  return x_building.emplace(traced.connection, std::move(fresh)).first->second.get();
}

/// An ACK tells where its peer's octets begin as well as the peer's SYN does.
void ScriptBuilder::begin_streams(Building& building, const TracedSegment& traced) {
  const Segment& segment = traced.segment;
  SideStream& own = building.streams[index_of(traced.from)];
  SideStream& peer = building.streams[index_of(other(traced.from))];
  if (segment.has(TcpFlags::syn)) {
    own.begin_at(segment.data_begin());
    for (Notes& notes : building.notes) notes.last_ns = traced.time_ns;
  } else if (!own.has_begun() && !segment.has(TcpFlags::rst)) {
    building.midstream = true;
    own.begin_at(segment.data_begin());
  }
  if (segment.has(TcpFlags::ack) && !peer.has_begun()) peer.begin_at(segment.seg_ack);
}

/// How much of the peer the sender of this segment had heard by its own ACK; what came late may
/// have been sent long before. A reset without ACK heard what was seen before it.
std::uint64_t ScriptBuilder::hear(Building& building, const TracedSegment& traced) {
  const Segment& segment = traced.segment;
  const SideStream& peer = building.streams[index_of(other(traced.from))];
  std::uint64_t& most = building.notes[index_of(traced.from)].heard;
  const std::uint64_t seen = peer.next() + (peer.is_finished() ? 1 : 0);
  const bool resets = segment.has(TcpFlags::rst);
  if (!segment.has(TcpFlags::ack)) return resets ? std::max(most, seen) : most;
  const auto heard =
      static_cast<std::uint64_t>(std::max<std::int64_t>(peer.place_of(segment.seg_ack), 0));
  if (resets && heard > seen) return most;
  most = std::max(most, heard);
  return heard;
}

void ScriptBuilder::add(const TracedSegment& traced, Region payload, ChecksumStatus checksum) {
  Building* const building = find_or_begin(traced);
  if (building == nullptr || building->over) return;
  const Segment& segment = traced.segment;
  Notes& notes = building->notes[index_of(traced.from)];
  if (checksum == ChecksumStatus::bad && notes.had_good_checksum) return;
  notes.had_good_checksum |= checksum == ChecksumStatus::good;
  begin_streams(*building, traced);
  const std::uint64_t heard = hear(*building, traced);
  building->script.end_ns = std::max(building->script.end_ns, traced.time_ns);
  if (segment.has(TcpFlags::rst)) {
    on_reset(*building, traced, heard);
    return;
  }
  building->opened |= segment.has(TcpFlags::ack) && !segment.has(TcpFlags::syn);
  const Arrival arrival{.time_ns = traced.time_ns,
                        .heard = heard,
                        .pushes = segment.has(TcpFlags::psh),
                        .finishes = segment.has(TcpFlags::fin)};
  building->streams[index_of(traced.from)].add(
      segment.data_begin(), payload, arrival,
      [&](const InOrder& delivery) { on_delivery(*building, traced.from, delivery); });
}

/// One that its receiver would not accept is none, and one behind both FINs ends nothing.
void ScriptBuilder::on_reset(Building& building, const TracedSegment& traced, std::uint64_t heard) {
  if (traced.states_after[index_of(other(traced.from))] != TcpState::closed) return;
  building.over = true;
  const bool both_finished = building.streams[0].is_finished() && building.streams[1].is_finished();
  if (!building.opened || both_finished) return;
  building.script.sides[index_of(traced.from)].resets = true;
  const Notes& notes = building.notes[index_of(traced.from)];
  const Notes& peer = building.notes[index_of(other(traced.from))];
  add_step(building, traced.from,
           {.action = StepAction::reset,
            .begin = building.streams[index_of(traced.from)].next(),
            .needs = heard,
            .think_ns = since(std::max(notes.last_ns, peer.last_ns), traced.time_ns)});
}

void ScriptBuilder::on_delivery(Building& building, Side side, const InOrder& delivery) {
  Notes& notes = building.notes[index_of(side)];
  Notes& peer = building.notes[index_of(other(side))];
  const std::int64_t last_ns = std::max(notes.last_ns, peer.last_ns);
  const std::int64_t pause_ns = since(last_ns, delivery.arrival.time_ns);
  peer.pause_ns = std::max(peer.pause_ns, pause_ns);
  // Within what a program wrote at once it is the network that pauses.
  ScriptStep step{.ends_write = delivery.arrival.pushes,
                  .begin = delivery.begin,
                  .octets = delivery.octets.size(),
                  .needs = delivery.arrival.heard,
                  .think_ns = notes.pushed ? pause_ns : 0};
  if (!delivery.octets.empty()) {
    join_or_add(building, side, step);
    keep(building, side, delivery);
    step.think_ns = 0;
  }
  if (delivery.arrival.finishes) {
    building.script.sides[index_of(side)].finishes = true;
    step.action = StepAction::finish;
    step.begin = delivery.begin + delivery.octets.size();
    step.octets = 0;
    add_step(building, side, step);
  }
  notes.pushed = delivery.arrival.pushes;
  notes.last_ns = std::max(last_ns, delivery.arrival.time_ns);
}

void ScriptBuilder::join_or_add(Building& building, Side side, const ScriptStep& step) {
  std::vector<ScriptStep>& steps = building.script.sides[index_of(side)].steps;
  const bool joins =
      !steps.empty() && step.needs <= steps.back().needs && step.think_ns < joined_within_ns;
  if (!joins) {
    add_step(building, side, step);
    return;
  }
  steps.back().octets += step.octets;
  steps.back().ends_write = step.ends_write;
}

void ScriptBuilder::add_step(Building& building, Side side, const ScriptStep& step) {
  Notes& notes = building.notes[index_of(side)];
  std::vector<ScriptStep>& steps = building.script.sides[index_of(side)].steps;
  if (!x_memory.take(sizeof(ScriptStep))) {
    building.too_large = building.over = true;
    return;
  }
  steps.push_back(step);
  steps.back().pause_ns = std::exchange(notes.pause_ns, 0);
  if (steps.size() == 1) return;
  steps.back().needs = std::max(step.needs, steps[steps.size() - 2].needs);
}

/// What doesn't fit of the peer's octets isn't compared; without its own a side can't be played.
void ScriptBuilder::keep(Building& building, Side side, const InOrder& delivery) {
  std::vector<std::byte>& kept = building.script.sides[index_of(side)].octets;
  const std::size_t wanted = kept.size() + delivery.octets.size();
  bool fits = kept.size() == delivery.begin;
  if (fits && wanted > kept.capacity()) {
    const std::size_t capacity = std::max(wanted, kept.capacity() + kept.capacity() / 2);
    fits = x_memory.take(capacity - kept.capacity());
    if (fits) kept.reserve(capacity);
  }
  if (fits) {
    kept.insert(kept.end(), delivery.octets.begin(), delivery.octets.end());
  } else if (side == x_options.ours) {
    building.too_large = building.over = true;
  } else {
    x_not_kept += delivery.octets.size();
  }
}

std::optional<Shortfall> ScriptBuilder::shortfall_of(const Building& building) const {
  if (building.too_large) {
    const std::uint64_t kept = building.script.of(x_options.ours).octets.size();
    return Shortfall{.kind = ShortfallKind::memory, .side = x_options.ours, .offset = kept};
  }
  if (building.midstream && !x_options.midstream) {
    return Shortfall{.kind = ShortfallKind::beginning, .side = Side::client};
  }
  for (const Side side : {Side::client, Side::server}) {
    const SideStream& stream = building.streams[index_of(side)];
    const std::uint64_t missing = stream.missing(building.notes[index_of(other(side))].heard);
    if (missing == 0) continue;
    return Shortfall{.kind = stream.is_cut() ? ShortfallKind::cut : ShortfallKind::gap,
                     .side = side,
                     .offset = stream.next(),
                     .octets = missing};
  }
  return std::nullopt;
}

/// Gives back what isn't needed any more: all that was said, where it won't be played.
void ScriptBuilder::trim(Script& script, bool is_played) {
  for (SideScript& side : script.sides) {
    const std::uint64_t before = octets_of(side);
    if (!is_played) {
      side.octets.clear();
      side.steps = {};
    }
    side.octets.shrink_to_fit();
    x_memory.give_back(before - octets_of(side));
  }
}

void ScriptBuilder::end(std::uint64_t connection) {
  const auto found = x_building.extract(connection);
  if (found.empty()) return;
  Building& building = *found.mapped();
  Script& script = building.script;
  for (const Side side : {Side::client, Side::server}) {
    SideScript& own = script.sides[index_of(side)];
    own.length = building.streams[index_of(side)].next();
    own.heard = building.notes[index_of(side)].heard;
    own.last_pause_ns = building.notes[index_of(side)].pause_ns;
  }
  script.shortfall = shortfall_of(building);
  trim(script, building.opened && !script.shortfall);
  mark_turns(script);
  if (building.opened) {
    x_scripts.push_back(std::move(script));
    x_memory.give_back(sizeof(Building) - sizeof(Script));
  } else {
    ++x_never_opened;
    x_memory.give_back(sizeof(Building));
  }
}

std::vector<Script> ScriptBuilder::take() {
  std::ranges::sort(x_scripts, {}, [](const Script& script) {
    return std::tuple{script.start_ns, script.id};
  });
  return std::move(x_scripts);
}

}  // namespace tapdeck
