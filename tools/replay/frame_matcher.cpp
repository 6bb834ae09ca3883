#include "tools/replay/frame_matcher.h"

#include <algorithm>

#include <xxhash.h>

#include "captures/elapsed.h"

namespace tapdeck {
namespace {

constexpr std::size_t least_octets = 60;

std::int64_t distance_ns(std::int64_t one, std::int64_t other) {
  return one < other ? elapsed_ns(one, other) : elapsed_ns(other, one);
}

}  // namespace

FrameDigest digest_of(Bytes frame) {
  std::array<std::byte, least_octets> padded{};
  if (frame.size() < padded.size()) {
    std::ranges::copy(frame, padded.begin());
    frame = padded;
  }
  const XXH128_hash_t hash = XXH3_128bits(frame.data(), frame.size());
  return {.low = hash.low64, .high = hash.high64};
}

void FrameMatcher::expect(const FrameDigest& digest, std::uint64_t number, std::int64_t due_ns) {
  ++x_counts.expected;
  x_window.push_back({.digest = digest, .due_ns = due_ns, .number = number});
  while (x_window.size() > most_waiting) drop_first();
}

void FrameMatcher::arrive(const FrameDigest& digest, std::int64_t time_ns) {
  if (x_next < end() && at(x_next).digest == digest) {
    take(x_next, time_ns);
  } else if (const auto position = find_other(digest)) {
    if (*position < x_next) ++x_counts.out_of_order;
    take(*position, time_ns);
  } else {
    ++x_counts.others;
  }
}

void FrameMatcher::index_all() {
  for (x_indexed = std::max(x_indexed, x_first); x_indexed < end(); ++x_indexed) {
    const auto [entry, is_new] = x_index.try_emplace(
        at(x_indexed).digest,
        EqualFrames{.first = x_indexed, .behind = x_indexed, .last = x_indexed});
    if (is_new) continue;
    EqualFrames& equal = entry->second;
    at(equal.last).next_equal = x_indexed;
    equal.last = x_indexed;
  }
}

/// The nearest behind the next one, of which none has arrived; else the earliest before it.
std::optional<std::uint64_t> FrameMatcher::find_other(const FrameDigest& digest) {
  index_all();
  const auto found = x_index.find(digest);
  if (found == x_index.end()) return std::nullopt;
  EqualFrames& equal = found->second;
  while (equal.behind < x_next && equal.behind != equal.last) {
    equal.behind = at(equal.behind).next_equal;
  }
  if (equal.behind >= x_next) return equal.behind;
  while (at(equal.first).arrived && equal.first != equal.last) {
    equal.first = at(equal.first).next_equal;
  }
  if (at(equal.first).arrived) return std::nullopt;
  return equal.first;
}

void FrameMatcher::take(std::uint64_t position, std::int64_t time_ns) {
  Expected& frame = at(position);
  frame.arrived = true;
  ++x_counts.arrived;
  if (x_times_matter) compare_times(frame, position, time_ns);
  x_next = std::max(x_next, position + 1);
  while (!x_window.empty() && x_window.front().arrived) drop_first();
}

void FrameMatcher::compare_times(const Expected& frame, std::uint64_t position,
                                 std::int64_t time_ns) {
  x_counts.place_error_ns.add(distance_ns(frame.due_ns, time_ns));
  if (x_last_position && *x_last_position + 1 == position) {
    x_counts.gap_error_ns.add(
        distance_ns(elapsed_ns(x_last_time_ns, time_ns), elapsed_ns(x_last_due_ns, frame.due_ns)));
  }
  x_last_position = position;
  x_last_time_ns = time_ns;
  x_last_due_ns = frame.due_ns;
}

void FrameMatcher::drop_first() {
  const Expected& frame = x_window.front();
  if (!frame.arrived) {
    ++x_counts.missing;
    if (x_counts.first_missing == 0) x_counts.first_missing = frame.number;
  }
  if (x_first < x_indexed) {
    const auto entry = x_index.find(frame.digest);
    EqualFrames& equal = entry->second;
    if (equal.first == x_first) equal.first = frame.next_equal;
    if (equal.behind == x_first) equal.behind = frame.next_equal;
    if (equal.last == x_first) x_index.erase(entry);
  }
  x_window.pop_front();
  ++x_first;
  x_next = std::max(x_next, x_first);
}

void FrameMatcher::finish() {
  while (!x_window.empty()) drop_first();
}

}  // namespace tapdeck
