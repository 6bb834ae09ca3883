// A screen as plain data: a grid of characters that take one column each. Whatever text is put on
// it, nothing reaches the terminal but printable ASCII and the few characters that we draw with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/report/page.h"

namespace tapdeck {

struct ScreenSize {
  std::size_t columns = 80;
  std::size_t lines = 24;

  friend bool operator==(const ScreenSize&, const ScreenSize&) = default;
};

struct Look {
  Ink ink = Ink::plain;
  bool reversed = false;

  friend bool operator==(const Look&, const Look&) = default;
};

struct ScreenCell {
  char32_t character = U' ';
  Look look;

  friend bool operator==(const ScreenCell&, const ScreenCell&) = default;
};

/// Columns of a line.
struct ScreenField {
  std::size_t line = 0;
  std::size_t column = 0;
  std::size_t width = 0;
  bool right = false;  // the text stands at the right end
};

/// As it will stand on the screen: \xNN for each octet of what isn't ASCII or one of our own.
[[nodiscard]] std::u32string harmless_characters(std::string_view text, bool unicode);

class Screen {
 public:
  Screen(ScreenSize size, bool unicode);

  [[nodiscard]] ScreenSize size() const { return x_size; }
  [[nodiscard]] bool unicode() const { return x_unicode; }

  /// What doesn't fit is cut, with a mark. What lies outside the screen isn't drawn.
  void put(const ScreenField& field, std::string_view text, Look look = {});
  /// A whole line.
  void put_line(std::size_t line, std::string_view text, Look look = {});
  /// The text begins at its column `first`, for those who look to the right.
  void put_part(std::size_t line, std::string_view text, std::size_t first, Look look = {});

  [[nodiscard]] const ScreenCell& at(std::size_t line, std::size_t column) const {
    return x_cells[line * x_size.columns + column];
  }
  /// Without the blanks at the end.
  [[nodiscard]] std::u32string text_of(std::size_t line) const;

  friend bool operator==(const Screen&, const Screen&) = default;

 private:
  void write(const ScreenField& field, std::u32string_view characters, Look look);

  ScreenSize x_size;
  bool x_unicode;
  std::vector<ScreenCell> x_cells;
};

}  // namespace tapdeck
