// What the tracker needs of one TCP segment: a value without pointers into the packet.
#pragma once

#include <cstdint>

#include "analyzer/tcp/seq_num.h"
#include "dissectors/tcp.h"
#include "dissectors/tcp_options.h"

namespace tapdeck {

/// Whether a sender counts the IP IDs of this connection alone.
enum class IpIdCounter : std::uint8_t { unknown, own, shared };

/// What tells that a SYN was sent long before it came.
enum class LateSign : std::uint8_t {
  none,
  later_ports,     // its sender took them long ago
  initial_number,  // by the clock that the sender takes it from
};

/// What the SYNs before it tell of a SYN.
struct OpeningSigns {
  LateSign late{};
  IpIdCounter ip_id_counter{};
};

struct Segment {
  SeqNum seg_seq;
  SeqNum seg_ack;                    // meaningful if `has(TcpFlags::ack)`
  std::uint32_t payload_octets = 0;  // as declared by the IP header, whatever was captured
  std::uint16_t window_field = 0;    // not scaled
  std::uint8_t flags = 0;
  TcpOptions options;
  std::uint16_t checksum = 0;  // as found: equal headers and payloads have equal ones
  std::uint16_t urgent_pointer = 0;
  std::uint16_t payload_sum = 0;  // differs where payloads of one length do; if has_payload_sum
  bool has_payload_sum = false;
  std::uint16_t ip_id = 0;         // IPv4's identification; 0 for IPv6
  std::uint32_t flow_label = 0;    // IPv6's; 0 for IPv4
  std::uint8_t hop_limit = 0;      // IPv4's time to live
  OpeningSigns opening{};          // of a SYN
  std::uint8_t traffic_class = 0;  // IPv4's type of service; the ECN bits are the lowest two

  [[nodiscard]] constexpr bool has(std::uint8_t flag) const { return (flags & flag) != 0; }
  /// A SYN that opens: without ACK.
  [[nodiscard]] constexpr bool is_syn() const { return has(TcpFlags::syn) && !has(TcpFlags::ack); }
  [[nodiscard]] constexpr bool is_syn_ack() const {
    return has(TcpFlags::syn) && has(TcpFlags::ack);
  }
  /// Nothing but an acknowledgment.
  [[nodiscard]] constexpr bool is_empty_ack() const {
    return payload_octets == 0 && has(TcpFlags::ack) &&
           !has(TcpFlags::syn | TcpFlags::fin | TcpFlags::rst);
  }
  /// Its sender had written no more when it sent it first.
  [[nodiscard]] constexpr bool ends_write() const { return has(TcpFlags::psh | TcpFlags::fin); }
  /// Sequence space that the segment takes, SYN and FIN included (RFC 9293 §3.4). The text of a
  /// reset takes none: it is no part of the stream (RFC 9293 §3.5.3).
  [[nodiscard]] constexpr std::uint32_t seg_len() const {
    if (has(TcpFlags::rst)) return 0;
    return payload_octets + (has(TcpFlags::syn) ? 1U : 0U) + (has(TcpFlags::fin) ? 1U : 0U);
  }
  /// Of all that the header says, but for ports and IP: equal segments have equal ones. The
  /// checksum alone doesn't do where the sender's interface computes it.
  [[nodiscard]] constexpr std::uint32_t fingerprint() const {
    std::uint64_t mixed = seg_seq.value;
    const auto add = [&mixed](std::uint64_t value) {
      mixed = (mixed ^ value) * 0x9e3779b97f4a7c15U;
      mixed ^= mixed >> 29U;
    };
    add(std::uint64_t{seg_ack.value} << 32U | payload_octets);
    add(std::uint64_t{checksum} << 32U | std::uint64_t{window_field} << 8U | flags);
    add(std::uint64_t{options.timestamp_value} << 32U | options.timestamp_echo_reply);
    for (std::size_t i = 0; i < options.sack_block_count; ++i) {
      add(std::uint64_t{options.sack_blocks[i].left_edge} << 32U |
          options.sack_blocks[i].right_edge);
    }
    return static_cast<std::uint32_t>(mixed >> 16U);
  }
  /// RFC 2883 §4: the first SACK block lies below the segment's own ACK or within the second one.
  [[nodiscard]] constexpr bool reports_second_copy() const {
    if (options.sack_block_count == 0) return false;
    const SeqNum begin{options.sack_blocks[0].left_edge};
    const SeqNum end{options.sack_blocks[0].right_edge};
    if (!precedes(begin, end)) return false;
    if (precedes(begin, seg_ack)) return true;
    return options.sack_block_count > 1 &&
           at_or_before(SeqNum{options.sack_blocks[1].left_edge}, begin) &&
           at_or_before(end, SeqNum{options.sack_blocks[1].right_edge});
  }
  /// As a SYN and its answer tell. IDs belong to sockets where what is sent before there is one has
  /// none.
  [[nodiscard]] constexpr IpIdCounter ip_id_counter() const {
    return is_syn_ack() && ip_id == 0 ? IpIdCounter::own : opening.ip_id_counter;
  }
  /// Where its payload begins: a SYN comes before its data.
  [[nodiscard]] constexpr SeqNum data_begin() const {
    return has(TcpFlags::syn) ? seg_seq + 1 : seg_seq;
  }
  [[nodiscard]] constexpr SeqNum data_end() const { return data_begin() + payload_octets; }
};

}  // namespace tapdeck
