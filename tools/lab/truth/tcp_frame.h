// What the truth needs of a captured frame.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/tcp/seq_num.h"
#include "dissectors/address.h"

namespace tapdeck {

struct SocketName {
  IpAddress address;
  std::uint16_t port = 0;

  friend auto operator<=>(const SocketName&, const SocketName&) = default;
};

struct TcpFrame {
  std::int64_t time_ns = 0;
  SocketName source;
  SocketName destination;
  SeqNum seg_seq;
  SeqNum seg_ack;
  std::uint32_t seg_len = 0;  // SYN and FIN included
  std::uint8_t flags = 0;
  std::uint16_t window_field = 0;
  std::optional<std::uint8_t> window_scale = {};
  std::optional<std::uint32_t> timestamp_value = {};
  std::uint16_t identification = 0;

  [[nodiscard]] bool has(std::uint8_t flag) const { return (flags & flag) != 0; }
};

/// The frames of a capture, the first at index 0; nothing stands for a frame that isn't TCP.
/// Throws Failure(unreadable_input), also for a damaged capture.
[[nodiscard]] std::vector<std::optional<TcpFrame>> read_tcp_frames(const std::string& path);

}  // namespace tapdeck
