#include "analyzer/report/packet_info.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "analyzer/report/packet_info_rows.h"
#include "analyzer/report/packet_words.h"
#include "analyzer/report/printable.h"
#include "dissectors/registry.h"

namespace tapdeck {
namespace {

std::string udp_info(const Dissection& dissection, const Layer&) {
  return fmt::format("len {}", dissection.payload.length);
}

/// For what has no line of its own: the fields that say what it is about, where it has them.
std::string any_info(const Dissection& dissection, const Layer& layer) {
  struct Telling {
    std::string_view field;
    std::string_view label;  // empty: its meaning says it all
  };
  constexpr std::array telling{
      Telling{"type", ""},
      Telling{"chunk", ""},
      Telling{"frame_control", ""},
      Telling{"chunk_type", ""},
      Telling{"code", ""},
      Telling{"packet_type", ""},
      Telling{"operation", ""},
      Telling{"message_type", ""},
      Telling{"subtype", ""},
      Telling{"group_address", "group"},
      Telling{"session_id", "session"},
      Telling{"spi", "spi"},
      Telling{"security_parameters_index", "spi"},
  };
  const LayerFields fields = fields_of(dissection, layer);
  std::string text;
  for (const Telling& one : telling) {
    const Field* const field = find_field(fields, one.field);
    if (field == nullptr || field->depth > 0) continue;
    if (!one.label.empty()) add_word(text, fmt::format("{} {}", one.label, value_text(*field)));
    if (one.label.empty() && !field->meaning.empty()) add_word(text, printable(field->meaning));
  }
  if (dissection.payload.length > 0) {
    add_word(text, fmt::format("len {}", dissection.payload.length));
  }
  return text;
}

using InfoFunction = std::string (*)(const Dissection&, const Layer&);

struct InfoRow {
  std::string_view protocol;
  InfoFunction info;
};

constexpr std::array rows{
    InfoRow{"tcp", tcp_info},     InfoRow{"udp", udp_info}, InfoRow{"icmp", icmp_info},
    InfoRow{"icmpv6", icmp_info}, InfoRow{"arp", arp_info},
};

std::string fragment_info(const Dissection& dissection, const Layer& layer) {
  const LayerFields fields = fields_of(dissection, layer);
  const Field* const more = find_field(fields, "more_fragments");
  const bool last = more != nullptr && value_text(*more) == "0";
  std::string text = last ? "last fragment" : "fragment";
  add_word(text, labelled_value(fields, "fragment_offset", "at"));
  add_word(text, fmt::format("len {}", dissection.payload.length));
  add_word(text, labelled_value(fields, "identification", "of datagram"));
  return text;
}

}  // namespace

std::string packet_info(const PacketView& view) {
  const Dissection& dissection = view.dissection;
  const Layer* const top = top_layer(dissection);
  std::string text;
  if (top == nullptr) {
    text = dissection.has_fault ? "" : unknown_words(dissection);
    add_word(text, fmt::format("len {}", view.packet.wire_length));
    return text;
  }
  if (dissection.is_fragment) return fragment_info(dissection, *top);
  if (const std::string unknown = unknown_words(dissection); !unknown.empty()) {
    return fmt::format("{} len {}", unknown, dissection.payload.length);
  }
  const std::string_view name = name_of(top->protocol);
  const auto row = std::ranges::find(rows, name, &InfoRow::protocol);
  text = row == rows.end() ? any_info(dissection, *top) : row->info(dissection, *top);
  if (dissection.reassembly.frames > 1) {
    add_word(text, fmt::format("(of {} fragments)", dissection.reassembly.frames));
  }
  return text;
}

}  // namespace tapdeck
