// Packets for people: a line each, and below it what was asked for.
#include <algorithm>
#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "analyzer/report/packet_bytes.h"
#include "analyzer/report/packet_summary.h"
#include "analyzer/report/packet_tree.h"
#include "analyzer/report/packet_writer.h"
#include "analyzer/report/utf8.h"
#include "analyzer/report/verdict_words.h"

namespace tapdeck {
namespace {

constexpr std::string_view bold = "\x1b[1m";
constexpr std::string_view dim = "\x1b[2m";
constexpr std::string_view red = "\x1b[31m";
constexpr std::string_view plain = "\x1b[0m";

/// As much of it as fits into `columns`.
std::string_view first_columns(std::string_view text, std::size_t columns) {
  std::size_t at = 0;
  std::size_t taken = 0;
  while (at < text.size()) {
    const std::string_view character =
        text.substr(at, first_utf8_character(text.substr(at)).length);
    taken += display_width(character);
    if (taken > columns) break;
    at += character.size();
  }
  return text.substr(0, at);
}

/// What the packet's verdict adds to its tree.
std::string verdict_tree(const Verdict* verdict) {
  if (verdict == nullptr || *verdict == Verdict{}) return {};
  std::string text = fmt::format("  verdict  {}\n", fmt::join(words_of(*verdict), ", "));
  for (const std::string& line : explain(*verdict, Detail::full))
    text += "           " + line + '\n';
  return text;
}

/// For a screen with another character set than UTF-8, where octets of UTF-8 may be control
/// characters.
class AsciiSink final : public RowSink {
 public:
  explicit AsciiSink(RowSink& sink) : x_sink(sink) {}

  void write(std::string_view bytes) override {
    constexpr unsigned char first_outside = 0x80;
    x_text.clear();
    for (const char c : bytes) {
      const auto octet = static_cast<unsigned char>(c);
      octet < first_outside ? x_text += c : x_text += fmt::format("\\x{:02x}", octet);
    }
    x_sink.write(x_text);
  }

  /// Verdicts are ASCII.
  void put_verdict(VerdictText text) override { x_sink.put_verdict(std::move(text)); }

 private:
  RowSink& x_sink;
  std::string x_text;
};

class TextWriter final : public PacketWriter {
 public:
  TextWriter(RowSink& sink, const PacketPrint& print)
      : x_ascii(sink),
        x_sink(print.style.unicode ? sink : static_cast<RowSink&>(x_ascii)),
        x_print(print) {}

  [[nodiscard]] bool wants_verdicts() const override { return x_print.tree; }

  void packet(const PacketView& view) override {
    write_line(view);
    if (x_print.tree) {
      write_packet_tree(view, x_sink);
      x_sink.put_verdict(verdict_tree);
    }
    if (x_print.hex) write_hex(view.packet.bytes, x_sink);
    if (x_print.ascii) write_ascii(view.dissection.payload.bytes, x_sink);
    if (x_print.tree || x_print.hex || x_print.ascii) x_sink.write("\n");
  }

 private:
  /// Differences in microseconds: more digits than people compare take room from the rest.
  [[nodiscard]] std::string time_text(const PacketView& view) const {
    constexpr std::size_t nanosecond_surplus = 3;
    std::string text = packet_time(view, x_print.time);
    const bool is_difference = x_print.time.format == PacketTimeFormat::relative ||
                               x_print.time.format == PacketTimeFormat::delta;
    if (is_difference && view.packet.time_digits > 6) {
      text.resize(text.size() -
                  std::min<std::size_t>(nanosecond_surplus, view.packet.time_digits - 6U));
    }
    return text;
  }

  void write_line(const PacketView& view) {
    const PacketSummary summary = summarize(view);
    x_line.clear();
    put(column(x_number_width, std::to_string(view.packet.number), true), dim);
    x_line += ' ';
    put(column(x_time_width, time_text(view), true), {});
    if (const std::string ends = ends_text(summary); !ends.empty()) {
      put(" " + column(x_ends_width, ends, false), {});
    }
    if (!summary.path.empty()) put(" " + summary.path + ":", dim);
    if (!summary.protocol.empty()) put(" " + summary.protocol, bold);
    if (!summary.info.empty()) put(" " + summary.info, {});
    if (!summary.fault.empty()) put(" ! " + summary.fault, red);
    x_line += '\n';
    x_sink.write(x_line);
    x_taken = 0;
  }

  [[nodiscard]] std::string ends_text(const PacketSummary& summary) const {
    if (summary.source.empty() && summary.destination.empty()) return {};
    return summary.source + (x_print.style.unicode ? " → " : " > ") + summary.destination;
  }

  /// Columns grow with what they hold, up to a bound, so that neighbours stand below each other.
  [[nodiscard]] static std::string column(std::size_t& width, std::string text, bool to_the_right) {
    constexpr std::size_t widest = 47;  // two IPv4 addresses with ports
    const std::size_t columns = display_width(text);
    width = std::max(width, std::min(columns, widest));
    const std::string filling(width - std::min(width, columns), ' ');
    return to_the_right ? filling + text : text + filling;
  }

  void put(std::string_view text, std::string_view colour) {
    if (x_print.cut_lines) text = fit(text);
    if (text.empty()) return;
    const bool coloured = x_print.style.colour && !colour.empty();
    if (coloured) x_line += colour;
    x_line += text;
    if (coloured) x_line += plain;
  }

  /// What of it the screen still has room for; the last column is an ellipsis if there is more.
  std::string_view fit(std::string_view text) {
    const std::size_t separators = 1;  // behind the number
    const std::size_t room = x_print.style.width - std::min(x_print.style.width, separators);
    const std::size_t columns = display_width(text);
    if (x_taken >= room) return {};
    if (x_taken + columns <= room) {
      x_taken += columns;
      return text;
    }
    const std::string_view ellipsis = x_print.style.unicode ? "…" : ">";
    x_cut = std::string(first_columns(text, room - x_taken - 1)) + std::string(ellipsis);
    x_taken = room;
    return x_cut;
  }

  AsciiSink x_ascii;
  RowSink& x_sink;
  PacketPrint x_print;
  std::string x_line;
  std::string x_cut;
  std::size_t x_taken = 0;
  std::size_t x_number_width = 5;
  std::size_t x_time_width = 8;
  std::size_t x_ends_width = 0;
};

}  // namespace

std::unique_ptr<PacketWriter> make_packet_text(RowSink& sink, const PacketPrint& print) {
  return std::make_unique<TextWriter>(sink, print);
}

}  // namespace tapdeck
