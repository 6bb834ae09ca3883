#include "analyzer/anomalies/repeated_bytes.h"

#include <algorithm>
#include <limits>

namespace tapdeck {
namespace {

/// As much as a window offers (RFC 7323 section 2.3): positions in it can be compared.
constexpr std::int32_t longest_range = 1 << 30;

}  // namespace

/// x_count if no range holds it.
std::size_t RepeatedBytes::place_of(SeqNum position) const {
  std::size_t place = 0;
  while (place < x_count && !(at_or_before(x_ranges[place].begin, position) &&
                              precedes(position, x_ranges[place].end))) {
    ++place;
  }
  return place;
}

/// The first range behind the position; `end` if none begins before it.
SeqNum RepeatedBytes::next_begin(SeqNum position, SeqNum end) const {
  for (std::size_t i = 0; i < x_count; ++i) {
    const SeqNum begin = x_ranges[i].begin;
    if (precedes(position, begin) && precedes(begin, end)) end = begin;
  }
  return end;
}

void RepeatedBytes::insert(const RepeatedRange& range) {
  if (x_count == bound) join();
  if (x_count == bound) {
    const auto oldest = std::ranges::min_element(x_ranges, {}, &RepeatedRange::last_ns);
    remove(static_cast<std::size_t>(oldest - x_ranges.begin()));
  }
  x_ranges[x_count++] = range;
}

/// What of the range lies in [begin, end) was sent once more; returns where that ends.
SeqNum RepeatedBytes::add_to(std::size_t place, SeqNum begin, SeqNum end, Moment moment,
                             bool needed) {
  const RepeatedRange before = x_ranges[place];
  const SeqNum until = earlier(before.end, end);
  RepeatedRange& again = x_ranges[place];
  again.begin = begin;
  again.end = until;
  if (again.first.frame == 0 || moment.frame < again.first.frame) again.first = moment;
  again.last_ns = std::max(again.last_ns, moment.time_ns);
  if (again.repeats != std::numeric_limits<std::uint8_t>::max()) ++again.repeats;
  again.needed = again.needed || needed;
  RepeatedRange rest = before;
  rest.end = begin;
  if (precedes(rest.begin, rest.end)) insert(rest);
  rest = before;
  rest.begin = until;
  if (precedes(rest.begin, rest.end)) insert(rest);
  return until;
}

void RepeatedBytes::add(SeqNum begin, SeqNum end, Moment moment, bool needed,
                        std::int64_t since_ns) {
  while (precedes(begin, end)) {
    const std::size_t place = place_of(begin);
    if (place == x_count) {
      const SeqNum until = next_begin(begin, end);
      insert({.begin = begin,
              .end = until,
              .first = moment,
              .last_ns = moment.time_ns,
              .repeats = 1,
              .needed = needed});
      begin = until;
    } else if (x_ranges[place].last_ns < since_ns) {
      remove(place);
    } else {
      begin = add_to(place, begin, end, moment, needed);
    }
  }
}

/// Neighbours of one count become one range: a flight that is lost as a whole takes one place.
void RepeatedBytes::join() {
  for (std::size_t place = 0; place < x_count;) {
    place = join_next(place) ? 0 : place + 1;
  }
}

/// With the one right behind it. True if the ranges have new places.
bool RepeatedBytes::join_next(std::size_t place) {
  const std::size_t next = place_of(x_ranges[place].end);
  if (next == x_count) return false;
  RepeatedRange& range = x_ranges[place];
  const RepeatedRange& behind = x_ranges[next];
  if (!(behind.begin == range.end) || behind.repeats != range.repeats ||
      behind.needed != range.needed || behind.end - range.begin > longest_range) {
    return false;
  }
  range.end = behind.end;
  range.last_ns = std::max(range.last_ns, behind.last_ns);
  if (behind.first.frame != range.first.frame) range.first = {};
  remove(next);
  return true;
}

}  // namespace tapdeck
