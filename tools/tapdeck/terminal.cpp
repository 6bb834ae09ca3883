#include "tools/tapdeck/terminal.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <string>

#include <sys/ioctl.h>
#include <unistd.h>

namespace tapdeck {
namespace {

constexpr std::size_t narrowest = 20, widest = 1000;  // what a line is drawn for

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): before any thread
  return value == nullptr ? std::string_view{} : value;
}

std::optional<std::size_t> width_of_terminal() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return std::nullopt;
}

std::optional<std::size_t> width_of_environment() {
  const std::string_view text = environment("COLUMNS");
  std::size_t columns = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), columns);
  if (error != std::errc{} || end != text.data() + text.size() || columns == 0) return std::nullopt;
  return columns;
}

/// The first that is set decides, as POSIX has it.
std::string_view locale_name() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    if (const std::string_view value = environment(name); !value.empty()) return value;
  }
  return {};
}

}  // namespace

bool names_utf8(std::string_view locale) {
  const std::size_t dot = locale.find('.');
  if (dot == std::string_view::npos) return false;
  std::string letters;
  for (const char c : locale.substr(dot + 1, locale.find('@') - dot - 1)) {
    if (c != '-') letters += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return letters == "utf8";
}

Terminal look_at_terminal() {
  Terminal terminal;
  terminal.is_terminal = ::isatty(STDOUT_FILENO) == 1;
  terminal.width = terminal.is_terminal ? width_of_terminal() : std::nullopt;
  if (!terminal.width) terminal.width = width_of_environment();
  if (!terminal.width && terminal.is_terminal) terminal.width = Style{}.width;
  if (terminal.width) terminal.width = std::clamp(*terminal.width, narrowest, widest);
  terminal.utf8 = names_utf8(locale_name());
  terminal.colour_unwanted = !environment("NO_COLOR").empty() || environment("TERM") == "dumb";
  return terminal;
}

Style style_for(const Terminal& terminal, ColorMode mode, bool to_file) {
  Style style;
  if (terminal.width && !to_file) style.width = *terminal.width;
  style.unicode = terminal.utf8;
  style.colour =
      mode == ColorMode::always || (mode == ColorMode::automatic && terminal.is_terminal &&
                                    !to_file && !terminal.colour_unwanted);
  return style;
}

}  // namespace tapdeck
