// What terminfo knows of the terminal, as far as ncurses doesn't look after it itself.
#pragma once

#include <string>

namespace tapdeck {

struct TerminalAbilities {
  bool moves_cursor = false;
  /// Gives the terminal back as it was before a program drew on it.
  std::string restore;
};

/// Of standard output, by TERM; none where that isn't known.
[[nodiscard]] TerminalAbilities read_terminfo();

}  // namespace tapdeck
