// A page of text for people: wrapped to the width, coloured and drawn as the reader's terminal can.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/report/writer.h"

namespace tapdeck {

enum class Ink : std::uint8_t { plain, strong, warning, bad };

/// What stands before a coloured line; empty for a plain one. Behind the line stands `ink_end`.
[[nodiscard]] std::string_view escape_for(Ink ink);
inline constexpr std::string_view ink_end = "\x1b[0m";

/// Lines of at most `width` columns, broken at spaces; words that are longer are cut. Lines after
/// the first are indented by `hanging`. Requires: hanging < width.
[[nodiscard]] std::vector<std::string> wrap(std::string_view text, std::size_t width,
                                            std::size_t hanging);

class Page {
 public:
  static constexpr std::size_t least_width = 80;

  Page(ByteSink& sink, const Style& style);

  [[nodiscard]] std::size_t width() const { return x_width; }
  [[nodiscard]] std::string_view arrow() const { return x_unicode ? "→" : "->"; }
  [[nodiscard]] std::string_view back_arrow() const { return x_unicode ? "←" : "<-"; }
  /// What stands for bytes from packets and files.
  [[nodiscard]] std::string shown(std::string_view text) const;

  void blank() { x_sink.write("\n"); }
  void heading(std::string_view text) { paragraph(text, 0, 0, Ink::strong); }
  /// One line as it is. Requires: it fits.
  void line(std::string_view text, Ink ink = Ink::plain);
  /// Indented, the lines after the first by `hanging` more.
  void paragraph(std::string_view text, std::size_t indent, std::size_t hanging,
                 Ink ink = Ink::plain);

 private:
  ByteSink& x_sink;
  std::size_t x_width;
  bool x_colour;
  bool x_unicode;
};

}  // namespace tapdeck
