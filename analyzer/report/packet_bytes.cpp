#include "analyzer/report/packet_bytes.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

namespace tapdeck {
namespace {

constexpr std::size_t octets_a_line = 16;

char ascii_of(std::byte octet) {
  const char c = std::to_integer<char>(octet);
  return c >= ' ' && c <= '~' ? c : '.';
}

}  // namespace

void write_hex(Bytes bytes, ByteSink& sink) {
  std::string line;
  for (std::size_t at = 0; at < bytes.size(); at += octets_a_line) {
    const Bytes part = bytes.subspan(at, std::min(octets_a_line, bytes.size() - at));
    line = fmt::format("  {:04x} ", at);
    for (std::size_t i = 0; i < octets_a_line; ++i) {
      if (i == octets_a_line / 2) line += ' ';
      line += i < part.size() ? fmt::format(" {:02x}", std::to_integer<unsigned>(part[i])) : "   ";
    }
    line += "  ";
    for (const std::byte octet : part) line += ascii_of(octet);
    line += '\n';
    sink.write(line);
  }
}

void write_ascii(Bytes bytes, ByteSink& sink) {
  if (bytes.empty()) return;
  std::string text = "  ";
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    const char c = std::to_integer<char>(bytes[at]);
    const bool line_end = c == '\r' && at + 1 < bytes.size() && bytes[at + 1] == std::byte{'\n'};
    if (line_end) continue;
    if (c == '\n') {
      text += at + 1 < bytes.size() ? "\n  " : "";
    } else {
      text += c == '\t' ? c : ascii_of(bytes[at]);
    }
  }
  sink.write(text + "\n");
}

}  // namespace tapdeck
