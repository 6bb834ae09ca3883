// Fields of packets by name, for scripts: those of every packet ("frame", "time"), and those of the
// dissectors ("tcp.flags").
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/report/packet_time.h"
#include "analyzer/report/packet_view.h"

namespace tapdeck {

/// A field that any packet may have, whatever its protocols.
struct GeneralField {
  std::string_view name;
  std::string_view help;
  FieldValue (*of)(const PacketView& view, const PacketTimeStyle& style) = nullptr;
};

[[nodiscard]] std::span<const GeneralField> general_fields();

/// The fields that the tsv format shows when none are named.
[[nodiscard]] std::vector<std::string> usual_fields();

class PacketFields {
 public:
  /// Names that nobody knows have no values.
  PacketFields(const std::vector<std::string>& names, PacketTimeStyle style);

  [[nodiscard]] std::size_t size() const { return x_columns.size(); }
  [[nodiscard]] const std::string& name(std::size_t column) const { return x_columns[column].name; }

  /// For each name its values in the packet, in the order of the layers.
  [[nodiscard]] std::vector<std::vector<FieldValue>> values(const PacketView& view) const;

 private:
  struct Column {
    std::string name;
    const GeneralField* general = nullptr;
    std::size_t dot = std::string::npos;  // between protocol and field
  };

  static void add_values(const std::vector<LayerFields>& tree, const Column& column,
                         std::vector<FieldValue>& values);

  std::vector<Column> x_columns;
  PacketTimeStyle x_style;
  bool x_needs_tree = false;
};

}  // namespace tapdeck
