// What netstat -s counts, as far as packets show it: one value each, with its words.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace tapdeck {

enum class HostCounter : std::uint8_t {
  ip_received,
  ip_bad_headers,
  ip_fragments_received,
  ip_sent,
  ip_fragments_sent,
  ip6_received,
  ip6_fragments_received,
  ip6_sent,
  ip6_fragments_sent,
  icmp_received,
  icmp_unreachable_received,
  icmp_time_exceeded_received,
  icmp_redirect_received,
  icmp_echo_received,
  icmp_echo_reply_received,
  icmp_sent,
  icmp_unreachable_sent,
  icmp_time_exceeded_sent,
  icmp_redirect_sent,
  icmp_echo_sent,
  icmp_echo_reply_sent,
  tcp_active_openings,
  tcp_passive_openings,
  tcp_failed_attempts,
  tcp_resets_of_open,
  tcp_established,
  tcp_received,
  tcp_sent,
  tcp_retransmitted,
  tcp_bad,
  tcp_resets_sent,
  udp_received,
  udp_unknown_port,
  udp_bad,
  udp_sent,
  extended_timeouts,
  extended_fast,
  extended_slow_start,
  extended_loss_probes,
};

inline constexpr std::size_t host_counter_count = 39;

class HostCounters {
 public:
  std::uint64_t& operator[](HostCounter counter) {
    return x_values[static_cast<std::size_t>(counter)];
  }
  std::uint64_t operator[](HostCounter counter) const {
    return x_values[static_cast<std::size_t>(counter)];
  }
  void merge(const HostCounters& others) {
    for (std::size_t i = 0; i < x_values.size(); ++i) x_values[i] += others.x_values[i];
  }
  friend bool operator==(const HostCounters&, const HostCounters&) = default;

 private:
  std::array<std::uint64_t, host_counter_count> x_values{};
};

/// How a counter is shown: netstat's words behind the number, and its name in JSON.
struct HostCounterWords {
  HostCounter counter{};
  std::string_view section;  // "Tcp"
  std::string_view text;     // "segments received"
  std::string_view name;     // "segments_received"
};

/// In the order of netstat -s: all of a section together.
[[nodiscard]] std::span<const HostCounterWords> host_counter_words();

}  // namespace tapdeck
