// The options of a TCP header (RFC 9293 §3.2): a walk over them, and those the tracker needs as
// values. Lengths of 0, 1 or past the end stop the walk: what came before stays good.
#pragma once

#include <array>
#include <cstdint>

#include "captures/bytes.h"

namespace tapdeck {

/// IANA's TCP option kinds.
struct TcpOptionKind {
  static constexpr std::uint8_t end = 0, no_operation = 1, maximum_segment_size = 2,
                                window_scale = 3, sack_permitted = 4, sack = 5, timestamps = 8,
                                md5_signature = 19, user_timeout = 28, authentication = 29,
                                multipath = 30, fast_open = 34, accurate_ecn_0 = 172,
                                accurate_ecn_1 = 174, experiment_1 = 253, experiment_2 = 254;
};

/// RFC 6994: the 16 bits that tell the experiments of those two kinds apart.
struct TcpExperimentId {
  static constexpr std::uint16_t accurate_ecn = 0xacce, shared_memory = 0xe2d4, fast_open = 0xf989;
};

/// Calls visit(kind, at, data) for each option before the end: `at` is its offset in `options`,
/// `data` what follows kind and length. False if a length was malformed or the capture cuts it.
template <class Visit>
constexpr bool for_each_tcp_option(Bytes options, Visit visit) {
  std::size_t at = 0;
  while (at < options.size()) {
    const std::uint8_t kind = read_octet(options, at);
    if (kind == TcpOptionKind::end) return true;
    if (kind == TcpOptionKind::no_operation) {
      visit(kind, at, Bytes{});
      ++at;
      continue;
    }
    if (at + 1 >= options.size()) return false;
    const std::size_t length = read_octet(options, at + 1);
    if (length < 2 || length > options.size() - at) return false;
    visit(kind, at, options.subspan(at + 2, length - 2));
    at += length;
  }
  return true;
}

struct SackBlock {
  std::uint32_t left_edge = 0;
  std::uint32_t right_edge = 0;  // the sequence number after the last octet

  friend constexpr bool operator==(const SackBlock&, const SackBlock&) = default;
};

/// The highest shift of a window that counts; more in an option means as much (RFC 7323 §2.3).
inline constexpr std::uint8_t greatest_window_shift = 14;

/// The options that a tracker reads, as far as they are well-formed.
struct TcpOptions {
  std::uint32_t timestamp_value = 0;
  std::uint32_t timestamp_echo_reply = 0;
  std::uint16_t maximum_segment_size = 0;  // valid if has_maximum_segment_size
  std::uint8_t window_scale = 0;  // valid if has_window_scale; bad packets ask for more than counts
  std::uint8_t sack_block_count = 0;
  bool has_timestamps : 1 = false;
  bool has_maximum_segment_size : 1 = false;
  bool has_window_scale : 1 = false;
  bool sack_permitted : 1 = false;
  bool has_fast_open : 1 = false;
  bool has_multipath : 1 = false;
  bool has_signature : 1 = false;  // MD5 (RFC 2385) or AO (RFC 5925)
  bool malformed : 1 = false;
  std::array<SackBlock, 4> sack_blocks{};
};

/// Whatever `result` held is gone.
void read_tcp_options(Bytes options, TcpOptions& result);

}  // namespace tapdeck
