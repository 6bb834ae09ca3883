#include "analyzer/flow/opening_order.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <span>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "captures/elapsed.h"

namespace tapdeck {
namespace {

enum class Of : std::uint8_t { client, service, sockets };

std::uint64_t hash_of(const OpeningOrder::Opening& opening, Of of) {
  std::array<std::uint8_t, 40> octets{};
  std::copy(opening.client.octets.begin(), opening.client.octets.end(), octets.begin());
  std::memcpy(octets.data() + 36, &opening.tunnels, sizeof opening.tunnels);
  if (of != Of::client) {
    std::copy(opening.server.octets.begin(), opening.server.octets.end(), octets.begin() + 16);
    std::memcpy(octets.data() + 32, &opening.server_port, sizeof opening.server_port);
  }
  if (of == Of::sockets) {
    std::memcpy(octets.data() + 34, &opening.client_port, sizeof opening.client_port);
  }
  return XXH3_64bits(octets.data(), octets.size()) | 1U;  // 0 is nobody
}

constexpr std::int64_t longest_attempt_ns = 130'000'000'000;
/// What waited longer, by chance waited about as long as one of the many timers.
constexpr std::int64_t first_timers_ns = 8'000'000'000;

/// So long that nothing is overtaken, and no longer than anybody sends SYNs again.
bool is_syn_wait(std::int64_t wait) {
  constexpr std::int64_t shortest_timer = 200'000'000;
  return wait >= shortest_timer && wait <= longest_attempt_ns;
}

/// Between the two there is a time at which a SYN is sent again: the timer begins with 1 s
/// (RFC 6298 §2.1) or 3 s, and doubles, with some systems from the fifth repeat on.
bool is_syn_wait(std::int64_t least, std::int64_t most) {
  constexpr std::array<std::int64_t, 14> seconds{1, 2, 3, 4, 5, 7, 9, 11, 15, 21, 31, 45, 63, 127};
  return std::ranges::any_of(seconds, [&](std::int64_t each) {
    const std::int64_t due = each * 1'000'000'000;
    // Timers are late by some hundredths, and so is what passes a link.
    return least <= due + due / 25 && most >= due - 20'000'000;
  });
}

/// Of two counts that are compared; when one is full, both are halved.
void raise(std::uint8_t& count, std::uint8_t& other) {
  if (count == 255) {
    count /= 2;
    other /= 2;
  }
  ++count;
}

}  // namespace

OpeningSigns OpeningOrder::add(const Opening& opening) {
  if (x_ports.empty()) {
    x_ports.resize(places);
    x_counters.resize(places);
    x_numbers.resize(places);
  }
  const auto at = [](auto& table, std::uint64_t hash) -> auto& {
    auto& place = table[(hash >> 32U) % places];
    if (place.hash != hash) {
      place = {};
      place.hash = hash;
    }
    return place;
  };
  OpeningSigns signs;
  const std::int64_t now = opening.time_ns;
  if (at(x_ports, hash_of(opening, Of::service)).take(opening.client_port, now)) {
    signs.late = LateSign::later_ports;
  }
  if (at(x_numbers, hash_of(opening, Of::sockets)).take(opening.initial_number, now)) {
    signs.late = LateSign::initial_number;
  }
  if (opening.ip_id != 0) {
    signs.ip_id_counter = at(x_counters, hash_of(opening, Of::client)).take(opening);
  }
  return signs;
}

/// Linux counts in units of 64 ns; others are left alone until they keep to that, or came late by
/// just a SYN's timer.
bool OpeningOrder::InitialNumber::take(SeqNum initial_number, std::int64_t time_ns) {
  constexpr std::int64_t tick_ns = 64;
  constexpr std::int64_t round_ns = tick_ns << 32U;
  constexpr std::int64_t jitter_ns = 50'000'000;
  if (taken_ns != 0 && initial_number == number) return false;
  const std::int64_t ticked_ns = std::int64_t{initial_number.value - number.value} * tick_ns;
  const std::int64_t passed_ns = wait_ns(taken_ns, time_ns);
  const std::int64_t behind_ns = passed_ns - ticked_ns;
  const bool comparable = taken_ns != 0 && passed_ns < round_ns;
  const bool in_time = comparable && behind_ns < jitter_ns && behind_ns > -jitter_ns;
  // Of two numbers alone, a random one is as late as one of the first timers in one case of 250;
  // one that hardly moved is no clock's.
  const bool by_first_timer =
      ticked_ns > jitter_ns && behind_ns < first_timers_ns && is_syn_wait(behind_ns, behind_ns);
  const bool late = comparable && (follows_clock ? is_syn_wait(behind_ns) : by_first_timer);
  follows_clock = in_time || late;
  number = initial_number;
  taken_ns = late ? time_ns - behind_ns : time_ns;
  return late;
}

bool OpeningOrder::Ports::take(std::uint16_t port, std::int64_t time_ns) {
  if (is_marked(port, time_ns)) return false;
  if (is_late(port, time_ns)) return true;
  mark(port, time_ns);
  return false;
}

/// It came already: a SYN that is sent again says nothing of when its port was taken.
bool OpeningOrder::Ports::is_marked(std::uint16_t port, std::int64_t time_ns) const {
  return std::ranges::any_of(taken(), [&](const Mark& each) {
    return each.port == port && wait_ns(each.time_ns, time_ns) <= longest_attempt_ns;
  });
}

/// Between two ports that were taken about when the first SYN from it must have been sent, or right
/// below the first of all.
bool OpeningOrder::Ports::is_late(std::uint16_t port, std::int64_t time_ns) const {
  constexpr std::uint16_t range = 4096;
  if (rises == 0 || falls * 4U > rises) return false;
  const Mark* below = nullptr;
  const Mark* above = nullptr;
  for (const Mark& each : taken()) {
    if (each.port == port) return false;
    const Mark*& side = each.port < port ? below : above;
    const auto distance = [&](const Mark& to) { return std::abs(std::int32_t{to.port} - port); };
    if (side == nullptr || distance(each) <= distance(*side)) side = &each;
  }
  if (above == nullptr) return false;
  if (below == nullptr) return is_late_first(port, *above, time_ns);
  if (above->port - below->port > range) return false;
  return below->time_ns <= above->time_ns &&
         is_syn_wait(wait_ns(above->time_ns, time_ns), wait_ns(below->time_ns, time_ns));
}

/// Nothing tells when it was taken but how long it took to climb as far from `lowest` on.
bool OpeningOrder::Ports::is_late_first(std::uint16_t port, const Mark& lowest,
                                        std::int64_t time_ns) const {
  const std::int64_t waited = wait_ns(lowest.time_ns, time_ns);
  std::int64_t climbed = INT64_MAX;
  for (const Mark& each : taken()) {
    const std::int64_t later_ns = wait_ns(lowest.time_ns, each.time_ns);
    if (later_ns < 0 || each.port - lowest.port < lowest.port - port) continue;
    climbed = std::min(climbed, later_ns);
  }
  return waited < first_timers_ns && climbed <= waited / 10 &&
         is_syn_wait(waited, waited + climbed);
}

void OpeningOrder::Ports::mark(std::uint16_t port, std::int64_t time_ns) {
  constexpr std::int32_t near = 512;  // ports chosen at random are so near in one case of 50
  constexpr std::int64_t between_marks_ns = 25'000'000;
  if (marked > 0) {
    const std::int32_t step = std::int32_t{port} - marks[(marked - 1) % kept].port;
    if (step == 0) return;
    const bool rising = step > 0 && step <= near;
    raise(rising ? rises : falls, rising ? falls : rises);
  }
  // The newest mark moves on until it is far enough from the one before.
  const bool moves_on =
      marked >= 2 && wait_ns(marks[(marked - 2) % kept].time_ns, time_ns) < between_marks_ns;
  if (!moves_on) ++marked;
  marks[(marked - 1) % kept] = {time_ns, port};
}

IpIdCounter OpeningOrder::Counter::take(const Opening& opening) {
  constexpr std::uint16_t near_enough = 2048;  // chosen at random, in one case of 32
  const auto step = static_cast<std::uint16_t>(opening.ip_id - last);
  const bool again = last_port == opening.client_port && last_number == opening.initial_number;
  if (last != 0 && !again) {
    const bool is_near = step != 0 && step <= near_enough;
    raise(is_near ? near : far, is_near ? far : near);
  }
  last = opening.ip_id;
  last_port = opening.client_port;
  last_number = opening.initial_number;
  if (near > far) return IpIdCounter::shared;
  return far >= 2 && far > 4 * near ? IpIdCounter::own : IpIdCounter::unknown;
}

}  // namespace tapdeck
