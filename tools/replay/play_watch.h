// The thread beside the player: signals end it or make it print statistics, and on a terminal a
// line says how far it is. So the thread that sends never waits for a terminal.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "tools/replay/play_plan.h"
#include "tools/replay/player.h"

namespace tapdeck {

/// "1,234 of 4,000 packets  30%  1,002 packets/s  8.1 Mbit/s  6 s left".
[[nodiscard]] std::string play_progress_text(const PlayStatistics& statistics,
                                             const PlayPlan& plan);

class PlayWatch {
 public:
  /// From here on signals wait for start(). Must come before any other thread. They stay blocked
  /// when this is gone, which is when the program ends by itself.
  PlayWatch(PlayerControls& controls, std::function<std::string(const PlayStatistics&)> describe,
            bool shows_progress);
  ~PlayWatch();
  PlayWatch(const PlayWatch&) = delete;
  PlayWatch& operator=(const PlayWatch&) = delete;

  /// SIGINT and SIGTERM stop the player, the second one the program at once, and SIGUSR1 prints
  /// what `describe` makes of the statistics.
  void start();

  /// There is something to show from now on.
  void begin(const PlayPlan& plan);

  /// Takes the line away; nothing is printed afterwards. Signals go on to be watched: whoever asks
  /// for the end while the last words are said gets them all.
  void end();

 private:
  enum class Phase : std::uint8_t { before, playing, over };

  void watch();
  void stop_player(int signal);
  void print_statistics();
  void draw_progress();
  void clear_line();

  PlayerControls& x_controls;
  std::function<std::string(const PlayStatistics&)> x_describe;
  const bool x_shows_progress;
  std::mutex x_mutex;  // of what follows, and of what is said
  PlayPlan x_plan;
  Phase x_phase = Phase::before;
  bool x_drawn = false;
  std::atomic<bool> x_ended = false;
  std::thread x_thread;  // last: it uses all of the above
};

}  // namespace tapdeck
