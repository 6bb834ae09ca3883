#include "analyzer/report/packet_tree.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "analyzer/report/packet_words.h"
#include "analyzer/report/printable.h"
#include "analyzer/report/time.h"
#include "dissectors/registry.h"

namespace tapdeck {
namespace {

constexpr std::size_t octets_shown = 16;

std::string field_line(std::uint32_t offset, std::size_t length, std::size_t depth,
                       std::string_view name, std::string_view value, std::string_view meaning) {
  const std::string indented = std::string(2 * depth, ' ') + std::string(name);
  std::string line = fmt::format("  {:>5} {:>5}  {:<26} {}", offset, length, indented, value);
  if (!meaning.empty()) line += fmt::format("  {}", meaning);
  return line + '\n';
}

std::string frame_line(const PacketView& view) {
  const Packet& packet = view.packet;
  std::string line = fmt::format("  {}  {} octets on the wire",
                                 rfc3339(packet.time_ns, packet.time_digits), packet.wire_length);
  if (packet.bytes.size() != packet.wire_length) {
    line += fmt::format(", {} captured", packet.bytes.size());
  }
  if (!view.interface_name.empty()) {
    line += fmt::format("  interface {}", printable(view.interface_name));
  }
  return line + '\n';
}

std::string layer_line(const LayerFields& layer, std::uint8_t& buffer) {
  std::string line = "  " + std::string(layer.protocol);
  if (layer.layer.quoted) line += " (of the quoted packet)";
  if (layer.layer.reassembled != buffer) line += " (in the reassembled datagram)";
  buffer = layer.layer.reassembled;
  return line + '\n';
}

/// The first octets in hex and as text; -x shows all.
std::string loose_line(const LooseOctets& loose) {
  const Bytes first = loose.bytes.first(std::min(octets_shown, loose.bytes.size()));
  std::string hex;
  std::string text;
  for (const std::byte octet : first) {
    const char c = std::to_integer<char>(octet);
    hex += fmt::format("{:02x}", std::to_integer<unsigned>(octet));
    text += c >= ' ' && c <= '~' ? c : '.';
  }
  if (loose.bytes.size() > octets_shown) hex += "...";
  return field_line(loose.offset, loose.bytes.size(), 0, loose.name, hex, text);
}

void write_loose_octets(const std::vector<LooseOctets>& loose, ByteSink& sink) {
  if (!loose.empty()) sink.write("  octets of no field\n");
  std::uint8_t buffer = 0;
  for (const LooseOctets& octets : loose) {
    if (octets.buffer != buffer) sink.write("  (in the reassembled datagram)\n");
    buffer = octets.buffer;
    sink.write(loose_line(octets));
  }
}

}  // namespace

void write_packet_tree(const PacketView& view, ByteSink& sink) {
  const Dissection& dissection = view.dissection;
  const std::vector<LayerFields> tree = describe(dissection);
  sink.write(frame_line(view));
  std::uint8_t buffer = 0;
  for (const LayerFields& layer : tree) {
    sink.write(layer_line(layer, buffer));
    for (const Field& field : layer.fields) {
      sink.write(field_line(field.offset, field.length, field.depth, field.name, value_text(field),
                            printable(field.meaning)));
    }
  }
  if (dissection.has_fault) sink.write("  ! " + fault_words(dissection) + "\n");
  if (const std::string unknown = unknown_words(dissection); !unknown.empty()) {
    sink.write("  not dissected: " + unknown + "\n");
  }
  write_loose_octets(loose_octets(dissection, tree), sink);
  if (dissection.payload.length > dissection.payload.bytes.size()) {
    sink.write(fmt::format("  ! {} octets of payload weren't captured\n",
                           dissection.payload.length - dissection.payload.bytes.size()));
  }
}

}  // namespace tapdeck
