// The states of a TCP endpoint (RFC 9293 §3.3.2) as a passive observer knows them, and by what it
// knows each change.
#pragma once

#include <cstdint>
#include <string_view>

namespace tapdeck {

enum class TcpState : std::uint8_t {
  closed,
  listen,
  syn_sent,
  syn_received,
  established,
  fin_wait_1,
  fin_wait_2,
  close_wait,
  closing,
  last_ack,
  time_wait,
  unknown,  // nothing seen yet that tells
};

/// What was seen when an endpoint's state changed.
enum class StateChangeReason : std::uint8_t {
  sent_syn,
  sent_syn_ack,
  received_syn_ack,     // the endpoint acknowledged the SYN+ACK
  received_syn,         // the endpoint acknowledged a SYN that crossed its own
  received_ack_of_syn,  // seen on its way to the endpoint
  sent_fin,
  received_fin,         // the endpoint acknowledged the FIN
  received_ack_of_fin,  // seen on its way to the endpoint
  sent_reset,
  received_reset,
  refused,     // a reset answered the SYN
  midstream,   // traffic of an open connection whose beginning wasn't captured
  superseded,  // the peer opened a new connection on the same sockets
  sent_again,  // it repeats its SYN+ACK or FIN: the ACK on its way never came
};

/// RFC 9293's name, in capitals with underscores: "FIN_WAIT_1".
[[nodiscard]] std::string_view to_string(TcpState state);
[[nodiscard]] std::string_view to_string(StateChangeReason reason);

}  // namespace tapdeck
