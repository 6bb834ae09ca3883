// One connection under way: a non-blocking socket of the kernel's, and the part that is played over
// it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "captures/descriptor.h"
#include "tools/replay/stateful/net_address.h"
#include "tools/replay/stateful/part.h"

namespace tapdeck {

struct ConnectionOptions {
  Side ours = Side::client;
  PartOptions part;
  std::int64_t connect_timeout_ns = 10'000'000'000;
  std::int64_t whole_timeout_ns = 30'000'000'000;  // beyond what it took when captured
};

class PlayedConnection {
 public:
  /// Begins to connect, from `source` if that isn't null.
  static PlayedConnection connect(const Script& script, const ConnectionOptions& options,
                                  const NetAddress& target, const NetAddress* source,
                                  std::int64_t now_ns);
  /// Of a client that was accepted.
  static PlayedConnection accepted(const Script& script, const ConnectionOptions& options,
                                   Descriptor socket, std::int64_t now_ns);

  /// epoll's events have come.
  void on_ready(std::uint32_t events, std::int64_t now_ns);
  /// deadline_ns() may have passed.
  void on_time(std::int64_t now_ns);
  /// Ends it, with what it has come to.
  void interrupt();

  [[nodiscard]] bool is_over() const { return !x_socket; }
  [[nodiscard]] PlayResult result() const;
  /// Valid unless it is over.
  [[nodiscard]] int descriptor() const { return x_socket.number(); }
  /// The events of epoll that it waits for.
  [[nodiscard]] std::uint32_t interest() const;
  [[nodiscard]] std::int64_t deadline_ns() const { return x_deadline_ns; }

 private:
  PlayedConnection(const Script& script, const ConnectionOptions& options, Descriptor socket,
                   std::int64_t now_ns);

  void start_connecting(const NetAddress& target, const NetAddress* source, std::int64_t now_ns);
  void on_connected(int error, std::int64_t now_ns);
  void receive(std::int64_t now_ns);
  void drive(std::int64_t now_ns);
  [[nodiscard]] bool send(const Part::Todo& todo, std::int64_t now_ns);
  [[nodiscard]] bool owes_octets() const;
  void reset();
  void on_error(int error);
  void wait_until(std::int64_t time_ns);
  void give_up(PlayOutcome outcome, std::string detail);

  const Script* x_script;
  ConnectionOptions x_options;
  Descriptor x_socket;
  std::optional<Part> x_part;  // once it is open
  PlayResult x_before;         // while it isn't
  std::int64_t x_give_up_ns;
  std::int64_t x_deadline_ns = 0;
  bool x_sending = false;
  bool x_peer_finished = false;
};

}  // namespace tapdeck
