// One endpoint's RFC 9293 machine as an observer can run it.
#pragma once

#include <cstdint>

#include "analyzer/tcp/seq_num.h"
#include "analyzer/tcp/state.h"

namespace tapdeck {

/// Received something that it does not accept, and so may answer with a challenge ACK
/// (RFC 9293 §3.10.7.4, RFC 5961 §3 to §5).
struct ChallengeExpected {
  std::int64_t since_ns = 0;
  SeqNum snd_nxt;  // the answer's sequence number
  bool pending = false;
};

/// Whether the checksums of what an endpoint sent tell of damage. They don't where none is right,
/// nor where the peer acknowledges what came with a wrong one: the capture was made before they
/// were filled in, or was rewritten.
struct ChecksumTrust {
  SeqNum damaged_end;
  bool sent_intact : 1 = false;
  bool sent_damaged : 1 = false;  // octets up to damaged_end, and nothing intact since
  bool disproved : 1 = false;
};

struct EndpointMachine {
  ChallengeExpected challenge;
  ChecksumTrust checksums;
  std::int64_t changed_ns = 0;
  SeqNum fin;          // position of the FIN, if sent_fin
  SeqNum presumed_at;  // it shows what is presumed once it acknowledges something behind this
  TcpState state = TcpState::unknown;
  StateChangeReason changed_by{};  // the last time
  std::uint8_t change_entry = 0;   // of that change in the log, from 1; 0 if it didn't fit
  bool is_presumed : 1 = false;    // nothing the endpoint sent has shown that change yet
  bool sent_syn : 1 = false;       // SYN or SYN+ACK
  bool sent_syn_ack : 1 = false;
  bool sent_syn_data : 1 = false;  // with a SYN: the peer may answer before it is established
  bool sent_fin : 1 = false;
  bool fin_acknowledged : 1 = false;
  bool peer_fin_received : 1 = false;  // it acknowledged the peer's FIN
};

/// Both ends know each other's initial sequence numbers (RFC 9293 §3.3.2), whatever became of it.
[[nodiscard]] constexpr bool is_open(TcpState state) {
  switch (state) {
    case TcpState::closed:
    case TcpState::listen:
    case TcpState::syn_sent:
    case TcpState::syn_received:
    case TcpState::unknown:
      return false;
    case TcpState::established:
    case TcpState::fin_wait_1:
    case TcpState::fin_wait_2:
    case TcpState::close_wait:
    case TcpState::closing:
    case TcpState::last_ack:
    case TcpState::time_wait:
      return true;
  }
  return false;
}

}  // namespace tapdeck
