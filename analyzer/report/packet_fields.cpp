#include "analyzer/report/packet_fields.h"

#include <algorithm>
#include <array>

#include "analyzer/report/packet_info.h"
#include "analyzer/report/packet_summary.h"
#include "analyzer/report/packet_words.h"
#include "analyzer/report/printable.h"
#include "analyzer/report/verdict_words.h"
#include "dissectors/registry.h"

namespace tapdeck {
namespace {

FieldValue port_or_nothing(std::optional<std::uint16_t> port) {
  return port ? FieldValue{std::uint64_t{*port}} : FieldValue{std::string{}};
}

std::string protocols_of(const Dissection& dissection) {
  std::string text;
  for (const Layer& layer : dissection.all_layers()) {
    if (layer.quoted) break;
    text += (text.empty() ? "" : ":") + std::string(name_of(layer.protocol));
  }
  return text;
}

std::string protocol_of_top(const PacketView& view) {
  const Layer* const top = top_layer(view.dissection);
  return top == nullptr ? std::string{} : std::string(name_of(top->protocol));
}

FieldValue time_value(const PacketView& view, const PacketTimeStyle& style) {
  return packet_time(view, style);
}

FieldValue epoch_value(const PacketView& view, const PacketTimeStyle&) {
  return packet_time(view, {.format = PacketTimeFormat::epoch});
}

constexpr std::array table{
    GeneralField{"frame", "number of the packet in the capture, from 1",
                 [](const PacketView& view, const PacketTimeStyle&) {
                   return FieldValue{view.packet.number};
                 }},
    GeneralField{"time", "as --time says", time_value},
    GeneralField{"time_epoch", "seconds since 1970, UTC", epoch_value},
    GeneralField{"wire_length", "octets on the wire",
                 [](const PacketView& view, const PacketTimeStyle&) {
                   return FieldValue{std::uint64_t{view.packet.wire_length}};
                 }},
    GeneralField{"captured_length", "octets in the capture",
                 [](const PacketView& view, const PacketTimeStyle&) {
                   return FieldValue{std::uint64_t{view.packet.bytes.size()}};
                 }},
    GeneralField{"interface", "the interface's name in the capture",
                 [](const PacketView& view, const PacketTimeStyle&) {
                   return FieldValue{printable(view.interface_name)};
                 }},
    GeneralField{"protocols", "names of all layers, outermost first",
                 [](const PacketView& view, const PacketTimeStyle&) {
                   return FieldValue{protocols_of(view.dissection)};
                 }},
    GeneralField{"protocol", "name of the innermost layer",
                 [](const PacketView& view, const PacketTimeStyle&) {
                   return FieldValue{protocol_of_top(view)};
                 }},
    GeneralField{"source", "the innermost source address",
                 [](const PacketView& view, const PacketTimeStyle&) {
                   return FieldValue{ends_of(view.dissection).source};
                 }},
    GeneralField{"destination", "the innermost destination address",
                 [](const PacketView& view, const PacketTimeStyle&) {
                   return FieldValue{ends_of(view.dissection).destination};
                 }},
    GeneralField{"source_port", "of TCP, UDP or SCTP",
                 [](const PacketView& view, const PacketTimeStyle&) {
                   return port_or_nothing(ends_of(view.dissection).source_port);
                 }},
    GeneralField{"destination_port", "of TCP, UDP or SCTP",
                 [](const PacketView& view, const PacketTimeStyle&) {
                   return port_or_nothing(ends_of(view.dissection).destination_port);
                 }},
    GeneralField{"info", "what the packet says, in a few words",
                 [](const PacketView& view, const PacketTimeStyle&) {
                   return FieldValue{packet_info(view)};
                 }},
    GeneralField{"fault", "what is wrong with the packet, in words",
                 [](const PacketView& view, const PacketTimeStyle&) {
                   return FieldValue{view.dissection.has_fault ? fault_words(view.dissection)
                                                               : std::string{}};
                 }},
    GeneralField{"verdicts", "what happened to the TCP segment, in words", nullptr, verdict_values},
    GeneralField{"reason", "by what evidence that is told", nullptr, verdict_reason},
};

}  // namespace

std::span<const GeneralField> general_fields() { return table; }

std::vector<std::string> usual_fields() {
  return {"frame", "time", "source", "destination", "protocol", "wire_length", "info"};
}

PacketFields::PacketFields(const std::vector<std::string>& names, PacketTimeStyle style)
    : x_style(style) {
  x_columns.resize(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    Column& column = x_columns[i];
    column.name = names[i];
    const auto general =
        std::ranges::find(table, std::string_view(column.name), &GeneralField::name);
    if (general != table.end()) {
      column.general = &*general;
      continue;
    }
    column.dot = column.name.find('.');
    x_needs_tree = x_needs_tree || column.dot != std::string::npos;
  }
}

bool PacketFields::wants_verdicts() const {
  return std::ranges::any_of(x_columns, [](const Column& column) {
    return column.general != nullptr && column.general->of_verdict != nullptr;
  });
}

void PacketFields::add_values(const std::vector<LayerFields>& tree, const Column& column,
                              std::vector<FieldValue>& values) {
  const std::string_view name = column.name;
  for (const LayerFields& layer : tree) {
    if (layer.protocol != name.substr(0, column.dot)) continue;
    for (const Field& field : layer.fields) {
      if (field.name == name.substr(column.dot + 1)) values.push_back(field.value);
    }
  }
}

std::vector<std::vector<FieldValue>> PacketFields::values(const PacketView& view) const {
  std::vector<std::vector<FieldValue>> result(x_columns.size());
  std::vector<LayerFields> tree;
  if (x_needs_tree) tree = describe(view.dissection);
  for (std::size_t i = 0; i < x_columns.size(); ++i) {
    const Column& column = x_columns[i];
    if (of_verdict(i) != nullptr) continue;
    if (column.general != nullptr) {
      FieldValue value = column.general->of(view, x_style);
      const auto* text = std::get_if<std::string>(&value);
      if (text == nullptr || !text->empty()) result[i].push_back(std::move(value));
      continue;
    }
    if (column.dot != std::string::npos) add_values(tree, column, result[i]);
  }
  return result;
}

}  // namespace tapdeck
