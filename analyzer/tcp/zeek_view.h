// A connection as Zeek would note it: conn_state and history, for users who script against those.
// Zeek's endpoint states are coarser than RFC 9293's and blind to sequence numbers; they are kept
// here and used for nothing else.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "analyzer/tcp/segment.h"

namespace tapdeck {

enum class ZeekEndpointState : std::uint8_t {
  inactive,
  syn_sent,
  syn_ack_sent,
  partial,
  established,
  closed,  // a FIN was sent
  reset,
};

class ZeekHistory {
 public:
  /// Letters kept. Zeek keeps all, but hostile peers can cause any number.
  static constexpr std::size_t bound = 40;

  void add(char letter) {
    if (x_length < bound) {
      x_letters[x_length++] = letter;
    } else {
      ++x_dropped;
    }
  }
  [[nodiscard]] std::uint32_t dropped() const { return x_dropped; }
  [[nodiscard]] std::string_view letters() const { return {x_letters.data(), x_length}; }

 private:
  std::array<char, bound> x_letters{};
  std::uint8_t x_length = 0;
  std::uint32_t x_dropped = 0;
};

/// One side's half of the history.
class ZeekEndpoint {
 public:
  ZeekEndpointState state = ZeekEndpointState::inactive;
  ZeekEndpointState previous_state = ZeekEndpointState::inactive;

  void become(ZeekEndpointState next) {
    previous_state = state;
    state = next;
  }

  /// The letters that the segment's flags and payload give.
  void note_segment(ZeekHistory& history, bool is_client, const Segment& segment);

  /// Another segment, or another one with payload, gives no letter if it has ACK alone.
  [[nodiscard]] bool has_noted(bool with_payload) const;

  /// Events that are noted the 1st, 10th, 100th … time.
  void note_bad_checksum(ZeekHistory& history, bool is_client) {
    note_growing(history, is_client, 'C', x_bad_checksums);
  }
  void note_gap(ZeekHistory& history, bool is_client) {
    note_growing(history, is_client, 'G', x_gaps);
  }
  void note_retransmission(ZeekHistory& history, bool is_client) {
    note_growing(history, is_client, 'T', x_retransmissions);
  }
  void note_zero_window(ZeekHistory& history, bool is_client) {
    note_growing(history, is_client, 'W', x_zero_windows);
  }

 private:
  static void add(ZeekHistory& history, bool is_client, char letter);
  bool note_first(ZeekHistory& history, bool is_client, char letter, std::uint8_t bit);
  static void note_growing(ZeekHistory& history, bool is_client, char letter, std::uint32_t& count);
  /// Noted again only where the position differs from the last of its kind.
  void note_at(ZeekHistory& history, bool is_client, char letter, std::uint8_t bit, SeqNum position,
               SeqNum& last);

  std::uint8_t x_noted = 0;
  SeqNum x_last_syn, x_last_fin, x_last_reset;
  std::uint32_t x_bad_checksums = 0, x_gaps = 0, x_retransmissions = 0, x_zero_windows = 0;
};

/// Both halves; `sender` and `peer` swap roles with each segment's direction.
void update_zeek_states(ZeekEndpoint& sender, ZeekEndpoint& peer, bool sender_is_client,
                        const Segment& segment);

/// conn_state of a TCP connection, the first rule that matches.
[[nodiscard]] std::string_view zeek_tcp_conn_state(const ZeekEndpoint& client,
                                                   const ZeekEndpoint& server,
                                                   std::string_view history, bool without_payload);

/// conn_state of UDP and the like: only who sent matters.
[[nodiscard]] std::string_view zeek_datagram_conn_state(bool client_sent, bool server_sent);

}  // namespace tapdeck
