#include "analyzer/tcp/state.h"

namespace tapdeck {

std::string_view to_string(TcpState state) {
  switch (state) {
    case TcpState::closed:
      return "CLOSED";
    case TcpState::listen:
      return "LISTEN";
    case TcpState::syn_sent:
      return "SYN_SENT";
    case TcpState::syn_received:
      return "SYN_RECEIVED";
    case TcpState::established:
      return "ESTABLISHED";
    case TcpState::fin_wait_1:
      return "FIN_WAIT_1";
    case TcpState::fin_wait_2:
      return "FIN_WAIT_2";
    case TcpState::close_wait:
      return "CLOSE_WAIT";
    case TcpState::closing:
      return "CLOSING";
    case TcpState::last_ack:
      return "LAST_ACK";
    case TcpState::time_wait:
      return "TIME_WAIT";
    case TcpState::unknown:
      return "UNKNOWN";
  }
  return "invalid";
}

std::string_view to_string(StateChangeReason reason) {
  switch (reason) {
    case StateChangeReason::sent_syn:
      return "sent_syn";
    case StateChangeReason::sent_syn_ack:
      return "sent_syn_ack";
    case StateChangeReason::received_syn_ack:
      return "received_syn_ack";
    case StateChangeReason::received_syn:
      return "received_syn";
    case StateChangeReason::received_ack_of_syn:
      return "received_ack_of_syn";
    case StateChangeReason::sent_fin:
      return "sent_fin";
    case StateChangeReason::received_fin:
      return "received_fin";
    case StateChangeReason::received_ack_of_fin:
      return "received_ack_of_fin";
    case StateChangeReason::sent_reset:
      return "sent_reset";
    case StateChangeReason::received_reset:
      return "received_reset";
    case StateChangeReason::refused:
      return "refused";
    case StateChangeReason::midstream:
      return "midstream";
    case StateChangeReason::superseded:
      return "superseded";
    case StateChangeReason::sent_again:
      return "sent_again";
  }
  return "invalid";
}

}  // namespace tapdeck
