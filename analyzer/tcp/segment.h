// What the tracker needs of one TCP segment: a value without pointers into the packet.
#pragma once

#include <cstdint>

#include "analyzer/tcp/seq_num.h"
#include "dissectors/tcp.h"
#include "dissectors/tcp_options.h"

namespace tapdeck {

struct Segment {
  SeqNum seg_seq;
  SeqNum seg_ack;                    // meaningful if `has(TcpFlags::ack)`
  std::uint32_t payload_octets = 0;  // as declared by the IP header, whatever was captured
  std::uint16_t window_field = 0;    // not scaled
  std::uint8_t flags = 0;
  TcpOptions options;

  [[nodiscard]] constexpr bool has(std::uint8_t flag) const { return (flags & flag) != 0; }
  /// A SYN that opens: without ACK.
  [[nodiscard]] constexpr bool is_syn() const { return has(TcpFlags::syn) && !has(TcpFlags::ack); }
  [[nodiscard]] constexpr bool is_syn_ack() const {
    return has(TcpFlags::syn) && has(TcpFlags::ack);
  }
  /// Sequence space that the segment takes, SYN and FIN included (RFC 9293 §3.4). The text of a
  /// reset takes none: it is no part of the stream (RFC 9293 §3.5.3).
  [[nodiscard]] constexpr std::uint32_t seg_len() const {
    if (has(TcpFlags::rst)) return 0;
    return payload_octets + (has(TcpFlags::syn) ? 1U : 0U) + (has(TcpFlags::fin) ? 1U : 0U);
  }
  /// Where its payload begins: a SYN comes before its data.
  [[nodiscard]] constexpr SeqNum data_begin() const {
    return has(TcpFlags::syn) ? seg_seq + 1 : seg_seq;
  }
  [[nodiscard]] constexpr SeqNum data_end() const { return data_begin() + payload_octets; }
};

}  // namespace tapdeck
