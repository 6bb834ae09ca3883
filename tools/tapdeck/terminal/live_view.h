// The full-screen view of a running capture: a session on a terminal. One thread does it all: what
// is captured and the keys that wait are taken in turns.
#pragma once

#include <chrono>
#include <optional>

#include "tools/tapdeck/terminal/full_screen.h"
#include "tools/tapdeck/terminal/view_session.h"

namespace tapdeck {

class LiveView {
 public:
  /// A key is answered after this time at the latest, if turn() is called as often.
  static constexpr std::chrono::milliseconds patience{50};

  /// Takes the terminal. Requires: FullScreen::is_possible(). Nothing else may write to the
  /// terminal until close().
  LiveView(ViewSources sources, const Style& style);

  /// As ViewSession's.
  void add(const PacketBatch& batch, const Trace& trace) { x_session.add(batch, trace); }
  void add(LiveTable table);

  /// Takes the keys that wait and draws, if there is something new. False: the reader wants to end,
  /// or is gone.
  [[nodiscard]] bool turn();

  /// Gives the terminal back; then ends what is being saved, as ViewSession::finish.
  void close();

  [[nodiscard]] const std::vector<std::string>& saved_paths() const {
    return x_session.saved_paths();
  }

 private:
  std::optional<FullScreen> x_terminal;
  ViewSession x_session;
  std::optional<Screen> x_drawn;
  bool x_has_news = true;
};

}  // namespace tapdeck
