// Plays scripts against live peers, many at once, in one loop: as clients that connect when the
// captured ones did, or as a server that plays the next script to whoever comes next.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "tools/replay/stateful/played_connection.h"

namespace tapdeck {

struct ScriptPlayerOptions {
  ConnectionOptions connection;
  double speed = 1;  // of the beginnings of connections; infinite: all at once
  std::int64_t accept_timeout_ns = 60'000'000'000;  // without a client, while none is there
  std::size_t most_open = 1000;
  std::optional<NetAddress> source;  // to connect from
};

/// A script, where it goes, and what became of it.
struct Play {
  const Script* script = nullptr;
  NetAddress target{};  // of a client's part
  PlayResult result{};
};

struct PlayStatus {
  std::size_t total = 0;
  std::size_t open = 0;
  std::size_t done = 0;
  std::size_t ok = 0;  // of those done
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
};

/// Called a few times a second, and with `asked` when SIGUSR1 came.
using PlayObserver = std::function<void(const PlayStatus&, bool asked)>;

class ScriptPlayer {
 public:
  /// Of `plays` those without a shortfall are played; they are in the order of their start.
  /// `signals` is a signalfd of SIGUSR1 and of those that end the run, or -1.
  ScriptPlayer(const ScriptPlayerOptions& options, std::span<Play> plays, int signals,
               PlayObserver observer);

  /// Until every script is played, or a signal came.
  void connect_all();
  /// Likewise, or until no client came for too long. `listener` listens and doesn't block.
  void serve_all(Descriptor listener);

 private:
  static constexpr std::uint64_t listener_tag = ~std::uint64_t{0};
  static constexpr std::uint64_t signals_tag = listener_tag - 1;

  void run();
  [[nodiscard]] bool has_more() const;
  void start_due(std::int64_t now_ns);
  void accept_clients(std::int64_t now_ns);
  void wait_for_room();
  void close_listener();
  void begin(std::size_t play, PlayedConnection connection);
  void settle(std::size_t play);
  void wait(std::int64_t now_ns);
  void on_ready(std::uint64_t tag, std::uint32_t events, std::int64_t now_ns);
  void on_deadlines(std::int64_t now_ns);
  void on_signal();
  void observe(std::int64_t now_ns);
  [[nodiscard]] std::int64_t start_of(std::size_t play) const;
  [[nodiscard]] std::int64_t next_event_ns(std::int64_t now_ns) const;
  [[nodiscard]] PlayStatus status() const;
  void watch(int operation, int descriptor, std::uint32_t events, std::uint64_t tag) const;

  /// A connection under way, with what epoll and the deadlines know of it.
  struct Open {
    PlayedConnection connection;
    std::uint32_t interest = 0;
    std::int64_t deadline_ns = 0;
  };

  ScriptPlayerOptions x_options;
  std::span<Play> x_plays;
  std::vector<std::size_t> x_queue;  // plays that are to be played, in their order
  std::size_t x_next = 0;            // of the queue
  PlayObserver x_observer;
  Descriptor x_epoll;
  int x_signals;
  Descriptor x_listener;
  std::unordered_map<std::size_t, Open> x_open;                // by play
  std::set<std::pair<std::int64_t, std::size_t>> x_deadlines;  // and play
  std::int64_t x_began_ns = 0;
  std::int64_t x_last_client_ns = 0;
  std::int64_t x_next_observation_ns = 0;
  PlayStatus x_done;  // of those that are over
  bool x_interrupted = false;
  std::string x_why_no_client;  // will ever come; empty: one may
};

/// Lets this process open as many descriptors as it may; how many connections that makes.
[[nodiscard]] std::size_t make_room_for_connections();

/// A listening socket that doesn't block. Failure(no_permission) where there can't be one.
[[nodiscard]] Descriptor listen_on(const NetAddress& address);

}  // namespace tapdeck
