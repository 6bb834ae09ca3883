// The numbers that an anomaly rests on: a few, each with a name that says what it counts. The
// addresses of whom it concerns are among them if it belongs to no connection.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "dissectors/address.h"

namespace tapdeck {

enum class EvidenceUnit : std::uint8_t {
  count,
  octets,
  nanoseconds,
  frame,
  percent,
  number,    // a value as the packet holds it, or a difference; may be negative
  place,     // LossPlace
  option,    // OddOption
  address,   // which of the addresses kept
  hardware,  // the 48 bits of a hardware address
  flags,     // of TCP
  offset,    // octets from one sequence number to another; negative: below it
};

/// On which side of the capture point something was lost.
enum class LossPlace : std::uint8_t { unknown, upstream, downstream, both };

/// An option of TCP that the ends don't agree on, or whose value is odd.
enum class OddOption : std::uint8_t {
  window_scale,
  sack_permitted,
  timestamps,
  maximum_segment_size,
};

enum class EvidenceName : std::uint8_t {
  acknowledged_bytes,
  address,
  after_frame,
  answer_frame,
  answers,
  blocked_bytes,
  bytes,
  bytes_after,
  client_value,
  closed_frame,
  conflicts,
  connections,
  delay_ns,
  distance,
  expected,
  flight_bytes,
  flags,
  found,
  fragments,
  from_frame,
  gap_ns,
  hardware_address,
  hosts,
  icmp_code,
  icmp_type,
  icmp_version,
  idle_ns,
  interval_ns,
  largest_bytes,
  longest_delay_ns,
  longest_silence_ns,
  lost_where,
  marked,
  mirrored,
  most_in_a_second,
  mtu,
  needless,
  never_right,
  never_sent,
  odd_option,
  option,
  other_frame,
  other_hardware_address,
  other_interfaces,
  other_vlans,
  overlaps,
  packets_overtaken,
  peer_address,
  port,
  ports,
  probes,
  repeats,
  resetter_segments,
  round_trip_ns,
  routed,
  sacked_bytes,
  seen_bytes,
  segments,
  server_value,
  share_percent,
  smallest_bytes,
  timeout_ns,
  timeouts,
  total_delay_ns,
  tries,
  unagreed,
  unanswered,
  unechoed,
  usual_ns,
  window_bytes,
};
inline constexpr std::size_t evidence_name_count = 70;

struct EvidenceKind {
  EvidenceName name{};
  std::string_view word;  // as in reports
  EvidenceUnit unit{};
};

[[nodiscard]] const EvidenceKind& kind_of(EvidenceName name);
[[nodiscard]] std::span<const EvidenceKind> evidence_kinds();

class Evidence {
 public:
  static constexpr std::size_t bound = 8, bound_of_addresses = 2;

  struct Number {
    EvidenceName name{};
    bool estimated = false;
    std::int64_t value = 0;
  };

  void set(EvidenceName name, std::int64_t value) {
    if (Number* const number = place(name)) number->value = value;
  }
  void set_estimated(EvidenceName name, std::int64_t value) {
    set(name, value);
    if (Number* const number = place(name)) number->estimated = true;
  }
  /// Past the bound it is left out.
  void set(EvidenceName name, const IpAddress& address) {
    if (x_address_count == bound_of_addresses) return;
    x_addresses[x_address_count] = address;
    set(name, std::int64_t{x_address_count++});
  }
  void set(EvidenceName name, const MacAddress& hardware) {
    std::int64_t bits = 0;
    for (const std::uint8_t octet : hardware.octets) bits = bits << 8 | octet;
    set(name, bits);
  }
  /// The first value stays.
  void set_once(EvidenceName name, std::int64_t value) {
    if (!get(name)) set(name, value);
  }
  void add(EvidenceName name, std::int64_t value) {
    if (Number* const number = place(name)) number->value += value;
  }
  void raise(EvidenceName name, std::int64_t value) {
    set(name, std::max(get(name).value_or(value), value));
  }
  void lower(EvidenceName name, std::int64_t value) {
    set(name, std::min(get(name).value_or(value), value));
  }
  void add_place(LossPlace where) {
    if (Number* const number = place(EvidenceName::lost_where)) {
      number->value |= static_cast<std::int64_t>(where);
    }
  }

  [[nodiscard]] std::optional<std::int64_t> get(EvidenceName name) const {
    for (const Number& number : numbers()) {
      if (number.name == name) return number.value;
    }
    return std::nullopt;
  }
  [[nodiscard]] bool is_estimated(EvidenceName name) const {
    const auto found = std::ranges::find(numbers(), name, &Number::name);
    return found != numbers().end() && found->estimated;
  }
  /// Requires: `value` is that of a number whose unit is an address.
  [[nodiscard]] const IpAddress& address_at(std::int64_t value) const {
    return x_addresses[static_cast<std::size_t>(value) % bound_of_addresses];
  }
  /// The same of a hardware address.
  [[nodiscard]] static MacAddress hardware_at(std::int64_t value) {
    MacAddress hardware;
    for (std::size_t i = hardware.octets.size(); i > 0; value >>= 8) {
      hardware.octets[--i] = static_cast<std::uint8_t>(value);
    }
    return hardware;
  }
  /// In the order in which they were first set.
  [[nodiscard]] std::span<const Number> numbers() const {
    return std::span(x_numbers).first(x_count);
  }

 private:
  /// Null at the bound.
  Number* place(EvidenceName name) {
    const auto known = std::span(x_numbers).first(x_count);
    const auto found = std::ranges::find(known, name, &Number::name);
    if (found != known.end()) return &*found;
    if (x_count == bound) return nullptr;
    x_numbers[x_count] = {.name = name};
    return &x_numbers[x_count++];
  }

  std::array<Number, bound> x_numbers{};
  std::array<IpAddress, bound_of_addresses> x_addresses{};
  std::uint8_t x_count = 0, x_address_count = 0;
};

}  // namespace tapdeck
