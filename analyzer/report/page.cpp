#include "analyzer/report/page.h"

#include <algorithm>

#include <fmt/format.h>

#include "analyzer/report/printable.h"
#include "analyzer/report/utf8.h"

namespace tapdeck {
namespace {

/// How many octets of the text's start fit into `width` columns; at least one character.
std::size_t octets_that_fit(std::string_view text, std::size_t width) {
  std::size_t octets = first_utf8_character(text).length;
  while (octets < text.size()) {
    const std::size_t next = octets + first_utf8_character(text.substr(octets)).length;
    if (display_width(text.substr(0, next)) > width) break;
    octets = next;
  }
  return octets;
}

class Lines {
 public:
  Lines(std::size_t width, std::size_t hanging) : x_width(width), x_hanging(hanging) {}

  void add_word(std::string_view word) {
    const std::size_t space = x_line_has_words ? 1 : 0;
    if (display_width(x_line) + space + display_width(word) > x_width && x_line_has_words) {
      end_line();
    } else if (space == 1) {
      x_line += ' ';
    }
    add_pieces(word);
  }

  std::vector<std::string> take() {
    x_lines.push_back(x_line);
    return std::move(x_lines);
  }

 private:
  void add_pieces(std::string_view word) {
    x_line_has_words = true;
    while (display_width(x_line) + display_width(word) > x_width) {
      const std::size_t fits = octets_that_fit(word, x_width - display_width(x_line));
      x_line += word.substr(0, fits);
      word.remove_prefix(fits);
      end_line();
    }
    x_line += word;
    x_line_has_words = true;
  }

  void end_line() {
    x_lines.push_back(x_line);
    x_line.assign(x_hanging, ' ');
    x_line_has_words = false;
  }

  std::size_t x_width, x_hanging;
  std::vector<std::string> x_lines;
  std::string x_line;
  bool x_line_has_words = false;
};

}  // namespace

std::string_view escape_for(Ink ink) {
  switch (ink) {
    case Ink::plain:
      return {};
    case Ink::strong:
      return "\x1b[1m";
    case Ink::warning:
      return "\x1b[33m";
    case Ink::bad:
      return "\x1b[31m";
  }
  return {};
}

std::vector<std::string> wrap(std::string_view text, std::size_t width, std::size_t hanging) {
  Lines lines(width, hanging);
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    if (!word.empty()) lines.add_word(word);
    text.remove_prefix(std::min(word.size() + 1, text.size()));
  }
  return lines.take();
}

Page::Page(ByteSink& sink, const Style& style)
    : x_sink(sink),
      x_width(std::max(style.width, least_width)),
      x_colour(style.colour),
      x_unicode(style.unicode) {}

std::string Page::shown(std::string_view text) const {
  return printable(text, x_unicode ? CharacterSet::utf8 : CharacterSet::ascii);
}

void Page::line(std::string_view text, Ink ink) {
  const std::string_view escape = x_colour ? escape_for(ink) : std::string_view{};
  x_sink.write(fmt::format("{}{}{}\n", escape, text, escape.empty() ? "" : ink_end));
}

void Page::paragraph(std::string_view text, std::size_t indent, std::size_t hanging, Ink ink) {
  for (const std::string& wrapped : wrap(text, x_width - indent, hanging)) {
    line(std::string(indent, ' ') + wrapped, ink);
  }
}

}  // namespace tapdeck
