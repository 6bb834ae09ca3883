#include "analyzer/flow/recent_packets.h"

namespace tapdeck {
namespace {

std::uint32_t in_units(std::int64_t time_ns) { return static_cast<std::uint32_t>(time_ns >> 10); }

constexpr std::uint8_t most_copies = 3;

bool is_near(std::uint32_t a, std::uint32_t b) {
  constexpr auto longest = static_cast<std::uint32_t>(RecentPackets::longest_apart_ns >> 10);
  // Interfaces of one capture need not deliver in the order of time.
  return std::min(a - b, b - a) <= longest;
}

void include(Moment& first, Moment& last, Moment moment) {
  if (first.frame == 0) first = moment;
  last = moment;
}

}  // namespace

SeenPacket* RecentPackets::find(DoubledPacketsSlab& slab, std::uint32_t fingerprint,
                                std::uint32_t time) {
  const auto find_in = [&](auto& packets) -> SeenPacket* {
    for (SeenPacket& seen : packets) {
      if (seen.fingerprint == fingerprint && is_near(seen.time, time)) return &seen;
    }
    return nullptr;
  };
  if (x_record == no_slab_index) return find_in(x_seen);
  return find_in(slab[x_record].recent[DoubledPackets::set_of(fingerprint)]);
}

Sighting RecentPackets::look_up(DoubledPacketsSlab& slab, const PacketMark& mark, Moment moment,
                                Repeatable repeatable) {
  if (mark.fingerprint == 0) return Sighting::fresh;
  SeenPacket* const seen = find(slab, mark.fingerprint, in_units(moment.time_ns));
  if (seen == nullptr) return Sighting::fresh;
  const bool same_place = seen->interface == mark.interface && seen->vlans == mark.vlans &&
                          seen->hop_limit == mark.hop_limit;
  if (same_place && seen->sightings > 1 && !mark.has_ip_id) {
    seen->fingerprint = 0;  // both sightings of that one are had: this is another packet
    return Sighting::fresh;
  }
  // No mirror makes so many: somebody sends the same again and again, its IP ID included.
  if (same_place && seen->sightings > most_copies && !seen->captured_twice) {
    seen->time = in_units(moment.time_ns);
    return Sighting::again;
  }
  return judge(slab, *seen, mark, moment, repeatable);
}

Sighting RecentPackets::judge(DoubledPacketsSlab& slab, SeenPacket& seen, const PacketMark& mark,
                              Moment moment, Repeatable repeatable) {
  const bool other_interface = seen.interface != mark.interface;
  const bool other_vlan = seen.vlans != mark.vlans;
  const bool routed = seen.hop_limit != mark.hop_limit;
  const bool elsewhere = other_interface || other_vlan || routed;
  const SeenPacket before = seen;
  seen.time = in_units(moment.time_ns);
  if (seen.sightings < 15) ++seen.sightings;
  if (mark.has_ip_id && !other_interface && !other_vlan && mark.hop_limit < seen.hop_limit) {
    seen.hop_limit = mark.hop_limit;
    if (seen.falls < 7) ++seen.falls;
  }
  const bool loops = seen.falls >= 2;
  seen.captured_twice |= elsewhere;
  const bool known = elsewhere || before.captured_twice;
  if (x_record == no_slab_index && (repeatable != Repeatable::yes || elsewhere)) take_record(slab);
  if (x_record == no_slab_index) {
    return known || repeatable == Repeatable::no ? Sighting::copy : Sighting::again;
  }
  DoubledPackets& record = slab[x_record];
  const bool mirrored = !known && is_doubled(record, before);
  const std::uint32_t newer = x_telling - before.ordinal;
  if (repeatable != Repeatable::yes && newer > 0 && newer <= DoubledPackets::size) {
    record.came_twice.set(newer - 1);
  }
  CopyCounters& counters = record.counters;
  counters.other_interface += other_interface ? 1 : 0;
  counters.other_vlan += other_vlan && !other_interface ? 1 : 0;
  counters.routed += routed && !other_vlan && !other_interface ? 1 : 0;
  counters.mirrored += mirrored || (known && !elsewhere) ? 1 : 0;
  record.undecided += known || mirrored ? 0 : 1;
  include(counters.first, counters.last, moment);
  if (loops) {
    ++counters.loop_passes;
    include(counters.first_loop, counters.last_loop, moment);
  }
  return known || mirrored || repeatable == Repeatable::no ? Sighting::copy : Sighting::again;
}

/// The packets before it came twice, all but one in eight: a mirror made this copy, not the
/// network.
bool RecentPackets::is_doubled(const DoubledPackets& record, const SeenPacket& seen) const {
  constexpr std::uint32_t weighed = 8;
  const std::uint32_t begin = x_telling - seen.ordinal;
  const std::uint32_t count = std::min(seen.ordinal, weighed);
  if (count < 2 || begin + count > DoubledPackets::size) return false;
  std::uint32_t twice = 0;
  for (std::uint32_t i = begin; i < begin + count; ++i) twice += record.came_twice.test(i) ? 1 : 0;
  return twice >= count - count / weighed;
}

void RecentPackets::take_record(DoubledPacketsSlab& slab) {
  if (slab.in_use() >= DoubledPacketsSlab::bound) {
    if (!x_refused) ++slab.refused;
    x_refused = true;
    return;
  }
  x_record = slab.take();
  for (const SeenPacket& seen : x_seen) {
    slab[x_record].next_place(seen.fingerprint) = seen;
  }
}

void RecentPackets::remember(DoubledPacketsSlab& slab, const PacketMark& mark, Moment moment,
                             Repeatable repeatable) {
  if (mark.of_several_interfaces && x_record == no_slab_index) take_record(slab);
  SeenPacket& place =
      x_record == no_slab_index ? x_seen[x_next] : slab[x_record].next_place(mark.fingerprint);
  x_next = static_cast<std::uint8_t>((x_next + 1U) % size);
  place = {.fingerprint = mark.fingerprint,
           .time = in_units(moment.time_ns),
           .ordinal = x_telling,
           .interface = mark.interface,
           .vlans = mark.vlans,
           .hop_limit = mark.hop_limit};
  if (repeatable == Repeatable::yes) return;
  ++x_telling;
  if (x_record != no_slab_index) slab[x_record].came_twice <<= 1U;
}

CopyCounters RecentPackets::copies(const DoubledPacketsSlab& slab) const {
  if (x_record == no_slab_index) return {};
  const DoubledPackets& record = slab[x_record];
  CopyCounters counters = record.counters;
  if ((record.undecided + counters.mirrored) * 2 >= x_telling)
    counters.mirrored += record.undecided;
  return counters;
}

void RecentPackets::clear(DoubledPacketsSlab& slab) {
  if (x_record != no_slab_index) slab.give_back(x_record);
  x_record = no_slab_index;
}

}  // namespace tapdeck
