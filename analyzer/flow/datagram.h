// What the tracker needs of one packet: a value of fixed size without pointers into it, so that the
// same tracker can be fed by this thread, by another, or by a test's text.
#pragma once

#include <array>
#include <cstdint>

#include "analyzer/flow/flow_key.h"
#include "analyzer/flow/packet_mark.h"
#include "analyzer/flow/way.h"
#include "analyzer/tcp/moment.h"
#include "analyzer/tcp/segment.h"

namespace tapdeck {

/// An ICMP error about the flow whose key the datagram carries.
struct IcmpNotice {
  IpAddress from;
  std::uint8_t version = 4;  // 4: ICMP, 6: ICMPv6
  std::uint8_t type = 0;
  std::uint8_t code = 0;
  std::uint32_t mtu = 0;         // of the link that it didn't fit; 0: not said
  DirectedKey own;               // of the error's own packet, for when nobody knows the quoted flow
  bool quotes_sequence = false;  // it quotes enough of a TCP header
  SeqNum quoted_seq{};
};

struct Datagram {
  static constexpr std::size_t vlan_bound = 4;

  enum class Kind : std::uint8_t {
    tcp,
    other,       // any other protocol: UDP, ICMP queries, SCTP …
    icmp_error,  // `key` and `direction` are those of the quoted packet
  };

  FlowKey key;
  Direction direction{};
  Kind kind{};
  bool bad_checksum = false;
  std::uint8_t oddities = 0;  // bits of Oddity
  std::uint8_t vlan_count = 0;
  std::uint8_t icmp_type = 0;  // of ICMP, for the Community ID
  std::uint8_t icmp_code = 0;
  std::uint32_t frames = 1;  // more for a reassembled datagram
  std::uint64_t frame_number = 0;
  std::int64_t time_ns = 0;
  std::uint64_t frame_octets = 0;  // on the wire, of all its frames
  std::uint32_t payload_octets = 0;
  std::array<std::uint16_t, vlan_bound> vlans{};  // outermost first
  std::uint32_t tunnels = 0;  // number of the stack with all its ids, one-way ones included
  PacketMark mark;            // for finding copies; none of a test's story
  Segment segment;            // valid for Kind::tcp
  IcmpNotice notice;          // valid for Kind::icmp_error
};

[[nodiscard]] inline Moment moment_of(const Datagram& datagram) {
  return {.frame = datagram.frame_number, .time_ns = datagram.time_ns};
}

}  // namespace tapdeck
