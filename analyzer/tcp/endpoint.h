// One end of a TCP connection: its send sequence space, its state, and what it sent.
#pragma once

#include <cstdint>

#include "analyzer/tcp/send_space.h"
#include "analyzer/tcp/state.h"
#include "analyzer/tcp/zeek_view.h"

namespace tapdeck {

struct TcpEndpoint {
  SendSpace send;
  TcpState state = TcpState::unknown;
  bool sent_syn = false;  // SYN or SYN+ACK
  bool sent_fin = false;
  bool fin_acknowledged = false;
  bool peer_fin_received = false;  // it acknowledged the peer's FIN
  SeqNum fin;                      // position of the FIN, if sent_fin
  std::uint64_t unique_octets = 0;
  std::uint64_t repeated_octets = 0;
  ZeekEndpoint zeek;
};

}  // namespace tapdeck
