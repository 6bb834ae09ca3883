#include "tools/tapdeck/terminal/terminfo.h"

#include <curses.h>
#include <term.h>
#include <unistd.h>

namespace tapdeck {
namespace {

/// Without its remarks on waiting: "\E[m$<2>".
std::string capability(const char* name) {
  const char* const value = ::tigetstr(name);
  const bool known = value != nullptr && value != reinterpret_cast<const char*>(-1);
  std::string text = known ? value : "";
  for (std::size_t at = text.find("$<"); at != std::string::npos; at = text.find("$<", at)) {
    text.erase(at, text.find('>', at) - at + 1);
  }
  return text;
}

}  // namespace

TerminalAbilities read_terminfo() {
  int error = 0;
  if (::setupterm(nullptr, STDOUT_FILENO, &error) != OK) return {};
  TerminalAbilities abilities{.moves_cursor = !capability("cup").empty(), .restore = {}};
  for (const char* name : {"op", "sgr0", "rmkx", "cnorm", "rmcup"}) {
    abilities.restore += capability(name);
  }
  ::del_curterm(::set_curterm(nullptr));
  return abilities;
}

}  // namespace tapdeck
