// The opening of a connection: its three frames, what both ends offered, and how long each part of
// the round trip took on each side of the capture point.
#pragma once

#include <cstdint>
#include <optional>

#include "analyzer/flow/side.h"
#include "analyzer/tcp/segment.h"

namespace tapdeck {

/// What one SYN or SYN+ACK offered.
struct SynOptions {
  std::optional<std::uint16_t> maximum_segment_size;
  std::optional<std::uint8_t> window_scale;
  bool sack_permitted = false;
  bool timestamps = false;
  bool fast_open = false;
  bool multipath = false;
};

/// What both offered and so holds for the connection (RFC 7323 §2.2, RFC 2018 §2).
struct AgreedOptions {
  bool window_scale = false;
  bool sack = false;
  bool timestamps = false;
};

class Handshake {
 public:
  void on_syn(std::uint64_t frame, std::int64_t time_ns, const Segment& segment);
  void on_syn_ack(std::uint64_t frame, std::int64_t time_ns, const Segment& segment);
  /// The server sent a SYN of its own accord: its SYN+ACK answers at no time in particular.
  void on_crossing_syn() { x_syn_answer_unclear = x_synack_answer_unclear = true; }
  /// The client's first segment that acknowledges the server's SYN.
  void on_ack_of_syn_ack(std::uint64_t frame, std::int64_t time_ns);

  [[nodiscard]] bool complete() const {
    return x_syn_frame != 0 && x_synack_frame != 0 && x_ack_frame != 0;
  }
  [[nodiscard]] std::optional<std::uint64_t> syn_frame() const { return present(x_syn_frame); }
  [[nodiscard]] std::optional<std::uint64_t> synack_frame() const {
    return present(x_synack_frame);
  }
  /// When the first SYN+ACK passed, if synack_frame().
  [[nodiscard]] std::int64_t synack_ns() const { return x_synack_ns; }
  [[nodiscard]] std::optional<std::uint64_t> ack_frame() const { return present(x_ack_frame); }

  [[nodiscard]] std::optional<SynOptions> client_options() const;
  [[nodiscard]] std::optional<SynOptions> server_options() const;
  /// Known once both SYNs were seen.
  [[nodiscard]] std::optional<AgreedOptions> agreed() const;

  /// SYN to SYN+ACK and SYN+ACK to ACK. Empty where a repeated SYN or SYN+ACK leaves open which one
  /// was answered (Karn's rule, RFC 6298 §3), and where two SYNs crossed.
  [[nodiscard]] std::optional<std::int64_t> server_rtt_ns() const;
  [[nodiscard]] std::optional<std::int64_t> client_rtt_ns() const;
  /// Their sum, SYN to ACK, where both are known.
  [[nodiscard]] std::optional<std::int64_t> rtt_ns() const;

 private:
  static std::optional<std::uint64_t> present(std::uint64_t frame) {
    return frame == 0 ? std::nullopt : std::optional(frame);
  }

  std::uint64_t x_syn_frame = 0, x_synack_frame = 0, x_ack_frame = 0;
  std::int64_t x_syn_ns = 0, x_synack_ns = 0, x_ack_ns = 0;
  SynOptions x_client, x_server;
  bool x_syn_answer_unclear = false;
  bool x_synack_answer_unclear = false;
};

}  // namespace tapdeck
