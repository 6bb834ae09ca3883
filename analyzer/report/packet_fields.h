// Fields of packets by name, for scripts: those of every packet ("frame", "time"), and those of the
// dissectors ("tcp.flags").
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/report/packet_time.h"
#include "analyzer/report/packet_view.h"
#include "analyzer/tcp/verdict.h"

namespace tapdeck {

/// The values of a field that comes with the packet's verdict.
using VerdictValues = std::vector<std::string> (*)(const Verdict& verdict);

/// A field that any packet may have, whatever its protocols; one of the two tells its values.
struct GeneralField {
  std::string_view name;
  std::string_view help;
  FieldValue (*of)(const PacketView& view, const PacketTimeStyle& style) = nullptr;
  VerdictValues of_verdict = nullptr;
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

  /// Null for a field that doesn't wait for the packet's verdict.
  [[nodiscard]] VerdictValues of_verdict(std::size_t column) const {
    const GeneralField* const general = x_columns[column].general;
    return general == nullptr ? nullptr : general->of_verdict;
  }
  [[nodiscard]] bool wants_verdicts() const;

  /// For each name its values in the packet, in the order of the layers; none for those that wait
  /// for the verdict.
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
