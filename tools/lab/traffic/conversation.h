// What one end of a connection does, step by step, told in words: "send=4000 wait=200 close".
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tapdeck {

/// Settings of a socket before it connects or listens.
struct SocketWords {
  std::string congestion;         // TCP_CONGESTION; empty: the kernel's choice
  int receive_buffer_octets = 0;  // 0: the kernel's choice
  int send_buffer_octets = 0;     // likewise
  int keep_alive_seconds = 0;     // idle time and interval; 0: none
  int user_timeout_ms = 0;        // 0: none
  bool sends_at_once = false;     // TCP_NODELAY
};

/// A connected socket and the steps that are taken on it:
///
///   send=OCTETS                     writes so much, as fast as the connection takes it
///   pieces=COUNT:OCTETS:MS          writes COUNT pieces, waiting between them
///   exchange=OCTETS                 writes so much and a FIN, and meanwhile reads until the FIN
///   receive=OCTETS                  reads exactly so much
///   receive_all                     reads until the peer's FIN
///   sip=OCTETS:MS                   reads pieces of OCTETS, waiting between them, until the FIN
///   ask=COUNT:OCTETS:OCTETS         COUNT times: sends so much, reads so much
///   answer=OCTETS:OCTETS[:MS]       reads so much, waits, sends so much, until the FIN
///   wait=MS
///   finish                          shutdown(SHUT_WR): sends a FIN, goes on reading
///   close                           closes; with unread data the kernel sends a reset
///   reset                           closes with SO_LINGER 0: sends a reset
///   crash                           forgets the connection without a word
///
/// Throws Failure(usage) for any other step, and std::system_error where the connection broke.
void converse(int connection, const std::vector<std::string>& steps);

/// Throws Failure(usage).
[[nodiscard]] bool read_socket_word(const std::string& word, SocketWords& words);

/// Throws std::system_error.
void apply(const SocketWords& words, int socket);

}  // namespace tapdeck
