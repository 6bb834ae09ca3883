// What is known of the reader's screen.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "analyzer/report/writer.h"

namespace tapdeck {

enum class ColorMode : std::uint8_t { automatic, always, never };

struct Terminal {
  bool is_terminal = false;
  /// Columns of the terminal, or what COLUMNS says; empty where nobody knows: a file, a pipe.
  std::optional<std::size_t> width;
  bool utf8 = false;
  bool colour_unwanted = false;  ///< NO_COLOR is set or TERM is dumb.
};

/// Of standard output.
[[nodiscard]] Terminal look_at_terminal();

/// How output for people looks there; into a file (`to_file`) there is no colour unless forced.
[[nodiscard]] Style style_for(const Terminal& terminal, ColorMode mode, bool to_file);

/// True for a locale's name that ends in the UTF-8 character set ("en_GB.UTF-8", "C.utf8").
[[nodiscard]] bool names_utf8(std::string_view locale);

}  // namespace tapdeck
