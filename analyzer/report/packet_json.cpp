// Packets for programs: one array, an object a packet. Fields keep their order and may repeat, so
// they are an array of objects too.
#include <fmt/format.h>

#include "analyzer/report/json_text.h"
#include "analyzer/report/packet_fields.h"
#include "analyzer/report/packet_words.h"
#include "analyzer/report/packet_writer.h"
#include "analyzer/report/verdict_words.h"

namespace tapdeck {
namespace {

std::string value_json(const FieldValue& value) {
  if (const auto* number = std::get_if<std::uint64_t>(&value)) return fmt::to_string(*number);
  return json_string(std::get<std::string>(value));
}

/// The fields from `at` on that are of `depth` or parts of these.
std::string fields_json(const std::vector<Field>& fields, std::size_t& at, std::uint8_t depth) {
  std::string text = "[";
  while (at < fields.size() && fields[at].depth >= depth) {
    const Field& field = fields[at++];
    if (text.size() > 1) text += ',';
    text +=
        fmt::format(R"({{"name":{},"offset":{},"length":{},"value":{})", json_string(field.name),
                    field.offset, field.length, value_json(field.value));
    if (!field.meaning.empty()) text += R"(,"meaning":)" + json_string(field.meaning);
    if (at < fields.size() && fields[at].depth > depth) {
      text += R"(,"fields":)" + fields_json(fields, at, static_cast<std::uint8_t>(depth + 1));
    }
    text += '}';
  }
  return text + ']';
}

std::string hex_of(Bytes bytes) {
  std::string text;
  for (const std::byte octet : bytes) {
    text += fmt::format("{:02x}", std::to_integer<unsigned>(octet));
  }
  return text;
}

std::string layer_json(const LayerFields& layer) {
  std::size_t at = 0;
  return fmt::format(
      R"({{"protocol":{},"offset":{},"header_length":{},"quoted":{},"reassembled":{},"fields":{}}})",
      json_string(layer.protocol), layer.layer.offset, layer.layer.header_length,
      layer.layer.quoted, layer.layer.reassembled != 0, fields_json(layer.fields, at, 0));
}

std::string json_strings(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) text += (text.empty() ? "" : ",") + json_string(value);
  return text;
}

class JsonWriter final : public PacketWriter {
 public:
  JsonWriter(RowSink& sink, const PacketPrint& print)
      : x_sink(sink), x_fields(print.fields, print.time) {}

  void begin() override { x_sink.write("["); }

  [[nodiscard]] bool wants_verdicts() const override {
    return x_fields.size() == 0 || x_fields.wants_verdicts();
  }

  void packet(const PacketView& view) override {
    x_sink.write(x_first ? "\n{" : ",\n{");
    x_first = false;
    x_fields.size() == 0 ? write_whole(view) : write_chosen(view);
    x_sink.write("}");
  }

  void end() override { x_sink.write("\n]\n"); }

 private:
  void write_whole(const PacketView& view) {
    const Packet& packet = view.packet;
    const Dissection& dissection = view.dissection;
    const std::vector<LayerFields> tree = describe(dissection);
    std::string text = fmt::format(
        R"("frame":{},"time_ns":{},"wire_length":{},"captured_length":{},"link_type":{})",
        packet.number, packet.time_ns, packet.wire_length, packet.bytes.size(),
        json_string(to_string(packet.link_type)));
    if (!view.interface_name.empty()) {
      text += R"(,"interface":)" + json_string(view.interface_name);
    }
    text += R"(,"layers":[)";
    for (const LayerFields& layer : tree) {
      text += (&layer == &tree.front() ? "" : ",") + layer_json(layer);
    }
    text += R"(],"octets":[)" + octets(dissection, tree) + "]";
    if (const std::string unknown = unknown_words(dissection); !unknown.empty()) {
      text += R"(,"not_dissected":)" + json_string(unknown);
    }
    if (dissection.has_fault) text += R"(,"fault":)" + json_string(fault_words(dissection));
    x_sink.write(text);
    x_sink.put_verdict(verdict_members);
  }

  /// Only a TCP segment has them.
  static std::string verdict_members(const Verdict* verdict) {
    if (verdict == nullptr) return {};
    return fmt::format(R"(,"verdicts":[{}],"reason":[{}])", json_strings(verdict_values(*verdict)),
                       json_strings(verdict_reason(*verdict)));
  }

  static std::string octets(const Dissection& dissection, const std::vector<LayerFields>& tree) {
    std::string text;
    for (const LooseOctets& loose : loose_octets(dissection, tree)) {
      text += fmt::format(R"({}{{"name":"{}","offset":{},"reassembled":{},"hex":"{}"}})",
                          text.empty() ? "" : ",", loose.name, loose.offset, loose.buffer != 0,
                          hex_of(loose.bytes));
    }
    return text;
  }

  /// An array of values for each name, since a field may occur more than once.
  void write_chosen(const PacketView& view) {
    const std::vector<std::vector<FieldValue>> row = x_fields.values(view);
    for (std::size_t column = 0; column < row.size(); ++column) {
      x_sink.write((column == 0 ? "" : ",") + json_string(x_fields.name(column)) + ":[");
      for (std::size_t i = 0; i < row[column].size(); ++i) {
        x_sink.write((i == 0 ? "" : ",") + value_json(row[column][i]));
      }
      if (const VerdictValues values = x_fields.of_verdict(column)) {
        x_sink.put_verdict([values](const Verdict* verdict) {
          return verdict == nullptr ? std::string{} : json_strings(values(*verdict));
        });
      }
      x_sink.write("]");
    }
  }

  RowSink& x_sink;
  PacketFields x_fields;
  bool x_first = true;
};

}  // namespace

std::unique_ptr<PacketWriter> make_packet_json(RowSink& sink, const PacketPrint& print) {
  return std::make_unique<JsonWriter>(sink, print);
}

}  // namespace tapdeck
