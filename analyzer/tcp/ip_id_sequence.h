// The order in which a host sent, as the identifications of its IPv4 packets tell it: many systems
// count them up for each connection or for the whole host, others choose them at random or leave 0.
#pragma once

#include <algorithm>
#include <bitset>
#include <cstdint>

#include "analyzer/tcp/segment.h"

namespace tapdeck {

/// Identifications from `from` to `to`, by the shorter way round; negative if `to` was given first.
[[nodiscard]] constexpr std::int16_t ip_id_distance(std::uint16_t from, std::uint16_t to) {
  return static_cast<std::int16_t>(static_cast<std::uint16_t>(to - from));
}

/// Packets of a connection that must, and that may, have gone right before another one and never
/// came here.
struct MissingPackets {
  std::int64_t known = 0;
  std::int64_t possible = 0;
};

class IpIdSequence {
 public:
  /// Where other packets than these tell what is counted.
  void set_counter(IpIdCounter counter) { x_counter = counter; }
  [[nodiscard]] bool are_of_connection() const { return x_counter == IpIdCounter::own; }

  /// A packet of this host; 0 is passed over: kernels give it to segments without a socket.
  void on_sent(std::uint16_t ip_id, std::int64_t time_ns, const MissingPackets& before = {}) {
    if (ip_id == 0 && !is_given(ip_id)) return;
    const std::int16_t distance = ip_id_distance(x_highest, ip_id);
    if (x_known && distance != 0) note(distance);
    if (x_known && distance > 0) note_step(distance, before);
    if (!x_known || distance > 0 || !counts_up()) {
      if (!x_known || distance <= 0 || distance > seen_before) {
        x_seen.reset();
      } else {
        for (std::int32_t i = 1; i < distance; ++i) x_seen.reset(place(x_highest + i));
      }
      x_highest = ip_id;
      x_highest_ns = time_ns;
      x_known = true;
      x_seen.set(place(ip_id));
    } else if (-distance < seen_before) {
      x_seen.set(place(ip_id));
    }
  }

  /// Whether the identification means something: 0 does where the host counts past it.
  [[nodiscard]] bool is_given(std::uint16_t ip_id) const {
    constexpr std::int32_t close = 64;
    const std::int32_t distance = ip_id_distance(x_highest, ip_id);
    return ip_id != 0 || (counts_up() && distance <= close && distance >= -close);
  }

  /// The same packet was here before. Requires: counts_up().
  [[nodiscard]] bool has_seen(std::uint16_t ip_id) const {
    const std::int16_t distance = ip_id_distance(x_highest, ip_id);
    return distance <= 0 && -distance < seen_before && x_seen.test(place(ip_id));
  }

  /// The next packet will carry a higher one: order can be read from them.
  [[nodiscard]] bool counts_up() const {
    return x_known && (x_near > 0 || x_counter == IpIdCounter::own) && x_far * 16U <= x_near;
  }
  /// …by one for each packet of this connection, so that a missing one is a missing packet. Some
  /// count by two, and a host that counts for all its connections skips some. Where a timer must
  /// have fired, one step does.
  [[nodiscard]] bool counts_each_packet(bool timed = false) const {
    if (x_counter == IpIdCounter::shared) return false;
    if (x_counter == IpIdCounter::own) return counts_up() && x_skipping <= x_by_one + 1;
    constexpr std::uint32_t few = 12;
    const std::uint32_t wanted = x_skipping != 0 ? few : timed ? 1 : 2;
    return counts_up() && x_by_one >= wanted && x_skipping * 8U <= x_by_one && !x_leaps;
  }
  /// The first step shows whether they are counted at all: random ones are seldom so near.
  [[nodiscard]] bool continues_with(std::uint16_t ip_id) const {
    constexpr std::int32_t close = 64;
    const std::int32_t distance = ip_id_distance(x_highest, ip_id);
    return x_near > 0 || (distance > 0 && distance <= close);
  }
  /// Some between the highest one and this were not seen.
  [[nodiscard]] bool steps_over(std::uint16_t ip_id) const {
    return x_known && ip_id_distance(x_highest, ip_id) > 1;
  }
  /// Packets that followed the one before them, up to 255.
  [[nodiscard]] std::uint8_t counted() const { return x_by_one; }
  [[nodiscard]] std::uint16_t highest() const { return x_highest; }
  /// When that was seen.
  [[nodiscard]] std::int64_t highest_ns() const { return x_highest_ns; }

 private:
  /// A random identification lies this near in one of 32 cases.
  static constexpr std::int32_t near = 1024;

  /// A step over just what is known to be missing shows as well as a step of one what is counted.
  void note_step(std::int32_t distance, const MissingPackets& before) {
    const std::int32_t missing = distance - 1;
    const bool each_counted = missing == 0 || missing == before.known;
    if (!each_counted && missing <= before.known + before.possible) return;
    std::uint8_t& count = each_counted ? x_by_one : x_skipping;
    if (count == 255) {
      x_by_one /= 2;
      x_skipping /= 2;
    }
    ++count;
    // So many packets of one connection are seldom lost at once; another one's were counted.
    constexpr std::int32_t leap = 100;
    if (!each_counted && distance > leap) x_leaps = true;
  }

  void note(std::int32_t distance) {
    const bool is_near = distance <= near && distance >= -near;
    std::uint8_t& count = is_near ? x_near : x_far;
    if (count == 255) {
      x_near /= 2;
      x_far /= 2;
    }
    ++count;
  }

  /// The highest and those below it.
  static constexpr std::int32_t seen_before = 512;
  [[nodiscard]] static std::size_t place(std::int32_t ip_id) {
    return static_cast<std::size_t>(ip_id) % seen_before;
  }

  std::int64_t x_highest_ns = 0;
  std::uint16_t x_highest = 0;
  std::uint8_t x_near = 0;
  std::uint8_t x_far = 0;
  std::uint8_t x_by_one = 0;
  std::uint8_t x_skipping = 0;
  bool x_leaps = false;
  bool x_known = false;  // x_highest is one
  IpIdCounter x_counter{};
  std::bitset<seen_before> x_seen;  // by place()
};

}  // namespace tapdeck
