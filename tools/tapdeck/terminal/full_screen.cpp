#include "tools/tapdeck/terminal/full_screen.h"

#include <algorithm>
#include <array>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include <curses.h>
#include <langinfo.h>
#include <poll.h>
#include <unistd.h>

#include "captures/failure.h"
#include "tools/tapdeck/terminal/terminal_rescue.h"
#include "tools/tapdeck/terminal/terminfo.h"

namespace tapdeck {
namespace {

constexpr int escape_delay_ms = 100;  // until what may begin a longer sequence is the key itself
constexpr short warning_pair = 1, bad_pair = 2;

volatile std::sig_atomic_t continued = 0;  // NOLINT: for the handler

extern "C" void note_continued(int) { continued = 1; }

constexpr std::array named_keys{
    std::pair{KEY_UP, Key::Name::up},
    std::pair{KEY_DOWN, Key::Name::down},
    std::pair{KEY_LEFT, Key::Name::left},
    std::pair{KEY_RIGHT, Key::Name::right},
    std::pair{KEY_PPAGE, Key::Name::page_up},
    std::pair{KEY_NPAGE, Key::Name::page_down},
    std::pair{KEY_HOME, Key::Name::home},
    std::pair{KEY_END, Key::Name::end},
    std::pair{KEY_ENTER, Key::Name::enter},
    std::pair{int{'\n'}, Key::Name::enter},
    std::pair{int{'\r'}, Key::Name::enter},
    std::pair{0x1b, Key::Name::escape},
    std::pair{KEY_BACKSPACE, Key::Name::backspace},
    std::pair{0x7f, Key::Name::backspace},
    std::pair{0x08, Key::Name::backspace},
};

std::optional<Key> key_of(int code) {
  const auto named = std::ranges::find(named_keys, code, &std::pair<int, Key::Name>::first);
  if (named != named_keys.end()) return Key{.name = named->second};
  if (code < 0x20 || code > 0x7e) return std::nullopt;
  return Key{.character = static_cast<char>(code)};
}

/// What stands behind an escape of a key that terminfo doesn't know: "[1;5A", "Oq". None of it is a
/// key of its own.
bool skip_sequence() {
  const int introducer = ::getch();
  if (introducer != '[' && introducer != 'O') {
    if (introducer != ERR) ::ungetch(introducer);
    return false;
  }
  const bool is_long = introducer == '[';
  int code = ::getch();
  while (is_long && code >= 0x20 && code < 0x40) code = ::getch();
  return true;
}

bool locale_is_utf8() {
  std::setlocale(LC_CTYPE, "");  // NOLINT(concurrency-mt-unsafe): before any thread
  return std::string_view(::nl_langinfo(CODESET)) == "UTF-8";  // NOLINT(concurrency-mt-unsafe)
}

}  // namespace

struct FullScreen::Terminal {
  Terminal() {
    begin_rescue(STDIN_FILENO, read_terminfo().restore);
    for (const char* name : {"LINES", "COLUMNS"}) {
      ::unsetenv(name);  // NOLINT(concurrency-mt-unsafe): they don't follow the terminal's size
    }
    x_screen = ::newterm(nullptr, stdout, stdin);
    if (x_screen == nullptr) {
      end_rescue();
      throw Failure(ExitCode::unwritable_output, "the terminal can't be used as a screen");
    }
    ::set_escdelay(escape_delay_ms);
    ::cbreak();
    ::noecho();
    ::nonl();
    ::keypad(stdscr, true);
    ::nodelay(stdscr, true);
    ::curs_set(0);
    struct sigaction handler {};
    handler.sa_handler = note_continued;
    ::sigaction(SIGCONT, &handler, &x_before);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal() {
    ::endwin();
    ::delscreen(x_screen);
    ::sigaction(SIGCONT, &x_before, nullptr);
    end_rescue();
  }

 private:
  SCREEN* x_screen;
  struct sigaction x_before {};
};

bool FullScreen::is_possible() {
  if (::isatty(STDIN_FILENO) != 1 || ::isatty(STDOUT_FILENO) != 1) return false;
  return read_terminfo().moves_cursor;
}

FullScreen::FullScreen(const Style& style)
    : x_unicode(style.unicode && locale_is_utf8()), x_terminal(std::make_unique<Terminal>()) {
  if (!style.colour || !::has_colors()) return;
  x_colour = ::start_color() != ERR;
  const short background = ::use_default_colors() == ERR ? COLOR_BLACK : -1;
  ::init_pair(warning_pair, COLOR_YELLOW, background);
  ::init_pair(bad_pair, COLOR_RED, background);
}

FullScreen::~FullScreen() = default;

ScreenSize FullScreen::size() const {
  const int columns = getmaxx(stdscr);
  const int lines = getmaxy(stdscr);
  return {.columns = static_cast<std::size_t>(std::max(columns, 0)),
          .lines = static_cast<std::size_t>(std::max(lines, 0))};
}

std::optional<Key> FullScreen::next_key() {
  constexpr int control_l = 0x0c;
  if (std::exchange(continued, 0) != 0) {  // whoever had the terminal meanwhile wrote on it
    ::reset_prog_mode();
    ::clearok(curscr, true);
    ::wrefresh(curscr);
  }
  for (int code = ::getch(); code != ERR; code = ::getch()) {
    if (code == KEY_RESIZE) ::clearok(curscr, true);  // terminals move what they show
    if (code == control_l) {
      ::clearok(curscr, true);
      ::wrefresh(curscr);
    }
    const auto key = key_of(code);
    if (key && (key->name != Key::Name::escape || !skip_sequence())) return key;
  }
  return std::nullopt;
}

bool FullScreen::is_gone() const {
  pollfd keyboard{.fd = STDIN_FILENO, .events = 0, .revents = 0};
  return ::poll(&keyboard, 1, 0) == 1;
}

unsigned FullScreen::attributes_of(const Look& look) const {
  unsigned attributes = look.reversed ? A_REVERSE : A_NORMAL;
  if (look.ink == Ink::strong) attributes |= A_BOLD;
  if (!x_colour) return attributes;
  if (look.ink == Ink::warning) attributes |= static_cast<unsigned>(COLOR_PAIR(warning_pair));
  if (look.ink == Ink::bad) attributes |= static_cast<unsigned>(COLOR_PAIR(bad_pair));
  return attributes;
}

void FullScreen::show(const Screen& screen) {
  const std::size_t lines = std::min(screen.size().lines, size().lines);
  for (std::size_t line = 0; line < lines; ++line) show_line(screen, line);
  ::refresh();
}

/// A run of equal looks at a time.
void FullScreen::show_line(const Screen& screen, std::size_t line) {
  const std::size_t columns = std::min(screen.size().columns, size().columns);
  for (std::size_t column = 0; column < columns;) {
    const std::size_t begin = column;
    const Look look = screen.at(line, begin).look;
    std::wstring text;
    for (; column < columns && screen.at(line, column).look == look; ++column) {
      text += static_cast<wchar_t>(screen.at(line, column).character);
    }
    attrset(static_cast<int>(attributes_of(look)));
    mvaddnwstr(static_cast<int>(line), static_cast<int>(begin), text.c_str(),
               static_cast<int>(text.size()));
  }
}

}  // namespace tapdeck
