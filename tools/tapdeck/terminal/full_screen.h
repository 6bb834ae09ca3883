// The terminal as a screen with keys, by ncurses. Whatever ends the program, the terminal is as it
// was before.
#pragma once

#include <memory>
#include <optional>

#include "analyzer/report/writer.h"
#include "tools/tapdeck/terminal/screen.h"
#include "tools/tapdeck/terminal/view_state.h"

namespace tapdeck {

class FullScreen {
 public:
  /// True if standard input and output are a terminal on which a cursor can be moved.
  [[nodiscard]] static bool is_possible();

  /// Takes the terminal, and reads all that it needs from files. Handlers of signals that were set
  /// before stay. Requires: is_possible(), and there is no other one.
  explicit FullScreen(const Style& style);
  FullScreen(const FullScreen&) = delete;
  FullScreen& operator=(const FullScreen&) = delete;
  ~FullScreen();

  /// False where the locale that is in force has no such characters, whatever the style says.
  [[nodiscard]] bool unicode() const { return x_unicode; }
  [[nodiscard]] ScreenSize size() const;
  /// Doesn't wait; nothing if no key was pressed.
  [[nodiscard]] std::optional<Key> next_key();
  /// True once nobody sits there any more.
  [[nodiscard]] bool is_gone() const;

  void show(const Screen& screen);

 private:
  struct Terminal;  // ncurses' own

  [[nodiscard]] unsigned attributes_of(const Look& look) const;
  void show_line(const Screen& screen, std::size_t line);

  bool x_unicode;
  bool x_colour = false;
  std::unique_ptr<Terminal> x_terminal;
};

}  // namespace tapdeck
