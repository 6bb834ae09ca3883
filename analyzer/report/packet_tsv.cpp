// Packets for scripts: a line each, fields between tabs, several values of one field between
// commas.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "analyzer/report/packet_fields.h"
#include "analyzer/report/packet_writer.h"
#include "analyzer/report/printable.h"

namespace tapdeck {
namespace {

class TsvWriter final : public PacketWriter {
 public:
  TsvWriter(RowSink& sink, const PacketPrint& print)
      : x_sink(sink),
        x_fields(print.fields.empty() ? usual_fields() : print.fields, print.time),
        x_header(print.header) {}

  [[nodiscard]] bool wants_verdicts() const override { return x_fields.wants_verdicts(); }

  void begin() override {
    if (!x_header) return;
    for (std::size_t i = 0; i < x_fields.size(); ++i) {
      x_sink.write((i == 0 ? "" : "\t") + printable(x_fields.name(i)));
    }
    x_sink.write("\n");
  }

  void packet(const PacketView& view) override {
    x_line.clear();
    const std::vector<std::vector<FieldValue>> row = x_fields.values(view);
    for (std::size_t column = 0; column < row.size(); ++column) {
      if (column > 0) x_line += '\t';
      for (std::size_t i = 0; i < row[column].size(); ++i) {
        if (i > 0) x_line += ',';
        add(row[column][i]);
      }
      if (const VerdictValues values = x_fields.of_verdict(column)) {
        x_sink.write(x_line);
        x_line.clear();
        x_sink.put_verdict([values](const Verdict* verdict) {
          return verdict == nullptr ? std::string{}
                                    : fmt::format("{}", fmt::join(values(*verdict), ","));
        });
      }
    }
    x_line += '\n';
    x_sink.write(x_line);
  }

 private:
  void add(const FieldValue& value) {
    if (const auto* number = std::get_if<std::uint64_t>(&value)) {
      x_line += fmt::to_string(*number);
    } else {
      x_line += printable(std::get<std::string>(value));
    }
  }

  RowSink& x_sink;
  PacketFields x_fields;
  bool x_header;
  std::string x_line;
};

}  // namespace

std::unique_ptr<PacketWriter> make_packet_tsv(RowSink& sink, const PacketPrint& print) {
  return std::make_unique<TsvWriter>(sink, print);
}

}  // namespace tapdeck
