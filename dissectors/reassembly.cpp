#include "dissectors/reassembly.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <string_view>

#include "captures/elapsed.h"

namespace tapdeck {
namespace {

constexpr std::uint32_t largest_datagram = 65'535;
/// Copies that a mirror makes come at once; an identification is not used again so soon.
constexpr std::int64_t copies_apart_ns = 100'000'000;

std::string_view as_text(const IpAddress& address) {
  return {reinterpret_cast<const char*>(address.octets.data()), address.octets.size()};
}

}  // namespace

std::size_t FragmentKeyHash::operator()(const FragmentKey& key) const {
  const std::hash<std::string_view> hash;
  const std::size_t numbers = std::size_t{key.identification} << 8U | key.protocol;
  return hash(as_text(key.source)) * 31 + hash(as_text(key.destination)) * 17 +
         (numbers ^ key.tunnels) * 0x9e3779b97f4a7c15U;
}

std::optional<FragmentReassembler::Datagram> FragmentReassembler::add(const Fragment& fragment) {
  ++x_counters.fragments;
  drop_timed_out(fragment.time_ns);
  if (!accept(fragment)) return std::nullopt;
  if (is_late_copy(fragment)) {
    ++x_counters.duplicates;
    return std::nullopt;
  }
  const auto entry = find_or_open(fragment);
  x_open_octets -= octets_of(*entry);
  note(*entry, fragment);
  place(*entry, fragment.offset, fragment.payload.bytes);
  x_open_octets += octets_of(*entry);
  if (!is_whole(*entry)) {
    make_room(entry);
    return std::nullopt;
  }
  ++x_counters.datagrams_completed;
  Open datagram = std::move(*entry);
  if (datagram.doubled) {
    x_doubled[x_next_doubled++ % x_doubled.size()] = {
        .key = datagram.key,
        .bytes = {datagram.bytes.begin(), datagram.bytes.begin() + *datagram.size},
        .whole_ns = fragment.time_ns};
  }
  x_open_octets -= octets_of(datagram);
  forget(entry);
  datagram.bytes.resize(*datagram.size);
  x_completed.push_back(std::move(datagram.bytes));
  return Datagram{x_completed.back(), datagram.protocol, datagram.reassembly};
}

bool FragmentReassembler::accept(const Fragment& fragment) {
  const Region& payload = fragment.payload;
  if (payload.bytes.size() < payload.length) {
    ++x_counters.truncated;
    return false;
  }
  const bool malformed = std::uint64_t{fragment.offset} + payload.length > largest_datagram ||
                         payload.length == 0 || (fragment.more && payload.length % 8 != 0);
  x_counters.malformed += malformed ? 1 : 0;
  return !malformed;
}

bool FragmentReassembler::is_late_copy(const Fragment& fragment) const {
  if (x_next_doubled == 0 || x_by_key.contains(fragment.key)) return false;
  const Bytes copy = fragment.payload.bytes.first(fragment.payload.length);
  return std::ranges::any_of(x_doubled, [&](const Doubled& doubled) {
    const std::int64_t apart_ns = elapsed_ns(doubled.whole_ns, fragment.time_ns);
    return doubled.key == fragment.key && apart_ns <= copies_apart_ns &&
           apart_ns >= -copies_apart_ns && fragment.offset + copy.size() <= doubled.bytes.size() &&
           std::ranges::equal(copy, std::span(doubled.bytes).subspan(fragment.offset, copy.size()));
  });
}

FragmentReassembler::OpenList::iterator FragmentReassembler::find_or_open(
    const Fragment& fragment) {
  auto known = x_by_key.find(fragment.key);
  if (known != x_by_key.end() &&
      elapsed_ns(known->second->first_ns, fragment.time_ns) > x_limits.timeout_ns) {
    drop(known->second,
         x_counters.datagrams_timed_out);  // behind a younger one: time ran backwards
    known = x_by_key.end();
  }
  if (known == x_by_key.end()) {
    known = x_by_key.try_emplace(fragment.key).first;
    known->second = x_open.insert(x_open.end(), Open{.key = fragment.key,
                                                     .bytes = {},
                                                     .extents = {},
                                                     .size = {},
                                                     .first_ns = fragment.time_ns,
                                                     .protocol = fragment.protocol,
                                                     .reassembly = {}});
    x_open_octets += octets_of(x_open.back());
  }
  return known->second;
}

bool FragmentReassembler::is_whole(const Open& datagram) {
  return datagram.size && datagram.extents.front().begin == 0 &&
         datagram.extents.front().end >= *datagram.size;
}

std::size_t FragmentReassembler::octets_of(const Open& datagram) {
  return sizeof(Open) + datagram.bytes.size() + datagram.extents.size() * sizeof(Extent);
}

void FragmentReassembler::note(Open& datagram, const Fragment& fragment) {
  datagram.reassembly.frames += fragment.frames;
  datagram.reassembly.frame_octets += fragment.frame_octets;
  if (fragment.offset == 0) datagram.protocol = fragment.protocol;
  const auto end = static_cast<std::uint32_t>(fragment.offset + fragment.payload.length);
  const bool another_end = datagram.size
                               ? (fragment.more ? end > *datagram.size : end != *datagram.size)
                               : !fragment.more && datagram.bytes.size() > end;
  if (another_end) {
    ++x_counters.conflicts;
    datagram.reassembly.conflicts = true;
  }
  if (!fragment.more && !datagram.size) datagram.size = end;
}

void FragmentReassembler::place(Open& datagram, std::uint32_t begin, Bytes bytes) {
  const auto end = static_cast<std::uint32_t>(begin + bytes.size());
  if (datagram.bytes.size() < end) datagram.bytes.resize(end);
  std::uint32_t at = begin;  // what lies before is placed or was there
  bool overlaps = false;
  bool conflicts = false;
  bool news = false;
  const auto put = [&](std::uint32_t until) {
    if (until <= at) return;
    std::memcpy(&datagram.bytes[at], &bytes[at - begin], until - at);
    news = true;
  };
  auto extent = std::ranges::upper_bound(datagram.extents, begin, {}, &Extent::end);
  for (; extent != datagram.extents.end() && extent->begin < end; ++extent) {
    put(extent->begin);
    const std::uint32_t shared_begin = std::max(at, extent->begin);
    const std::uint32_t shared_end = std::min(end, extent->end);
    overlaps = true;
    conflicts |= std::memcmp(&datagram.bytes[shared_begin], &bytes[shared_begin - begin],
                             shared_end - shared_begin) != 0;
    at = shared_end;
  }
  put(end);
  join(datagram.extents, {begin, end});
  const bool duplicate = overlaps && !news && !conflicts;
  x_counters.duplicates += duplicate ? 1 : 0;
  datagram.doubled |= duplicate;
  x_counters.overlaps += overlaps && !duplicate ? 1 : 0;
  x_counters.conflicts += conflicts ? 1 : 0;
  datagram.reassembly.overlaps |= overlaps && !duplicate;
  datagram.reassembly.conflicts |= conflicts;
}

void FragmentReassembler::join(std::vector<Extent>& extents, Extent added) {
  const auto first = std::ranges::lower_bound(extents, added.begin, {}, &Extent::end);
  auto last = first;
  for (; last != extents.end() && last->begin <= added.end; ++last) {
    added.begin = std::min(added.begin, last->begin);
    added.end = std::max(added.end, last->end);
  }
  if (first == last) {
    extents.insert(first, added);
    return;
  }
  *first = added;
  extents.erase(first + 1, last);
}

void FragmentReassembler::drop_timed_out(std::int64_t now_ns) {
  while (!x_open.empty() && elapsed_ns(x_open.front().first_ns, now_ns) > x_limits.timeout_ns) {
    drop(x_open.begin(), x_counters.datagrams_timed_out);
  }
}

void FragmentReassembler::make_room(OpenList::iterator keep) {
  while (x_open.size() > x_limits.datagrams || x_open_octets > x_limits.octets) {
    const auto oldest = x_open.begin() == keep ? std::next(keep) : x_open.begin();
    if (oldest == x_open.end()) return;
    drop(oldest, x_counters.datagrams_evicted);
  }
}

void FragmentReassembler::drop(OpenList::iterator entry, std::uint64_t& counter) {
  ++counter;
  x_open_octets -= octets_of(*entry);
  forget(entry);
}

void FragmentReassembler::forget(OpenList::iterator entry) {
  x_by_key.erase(entry->key);
  x_open.erase(entry);
}

void FragmentReassembler::finish() {
  while (!x_open.empty()) drop(x_open.begin(), x_counters.datagrams_timed_out);
}

}  // namespace tapdeck
