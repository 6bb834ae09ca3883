// What every format for packets implements, and the table of formats: a new one is a file and a
// row.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/report/packet_time.h"
#include "analyzer/report/packet_view.h"
#include "analyzer/report/writer.h"
#include "analyzer/tcp/verdict.h"

namespace tapdeck {

struct PacketPrint {
  Style style;
  bool cut_lines = false;  ///< At the style's width: for a screen, where the rest would wrap.
  PacketTimeStyle time;
  bool tree = false;                ///< Every field of every layer.
  bool hex = false;                 ///< All octets in hex beside their ASCII.
  bool ascii = false;               ///< The payload as text.
  std::vector<std::string> fields;  ///< Of tsv and json; empty: those of the format.
  bool header = false;              ///< A line with the names of the fields.
};

/// A part of a row that its packet's verdict decides; null for a packet that has none.
using VerdictText = std::function<std::string(const Verdict*)>;

/// Takes rows as bytes, with places that are filled when the verdict is in.
class RowSink : public ByteSink {
 public:
  virtual void put_verdict(VerdictText text) = 0;
};

class PacketWriter {
 public:
  PacketWriter() = default;
  PacketWriter(const PacketWriter&) = delete;
  PacketWriter& operator=(const PacketWriter&) = delete;
  virtual ~PacketWriter() = default;

  /// True if rows have places for verdicts; all other rows are whole at once.
  [[nodiscard]] virtual bool wants_verdicts() const { return false; }

  virtual void begin() {}
  virtual void packet(const PacketView& view) = 0;
  virtual void end() {}
};

struct PacketFormat {
  std::string_view name;
  std::string_view help;
  std::unique_ptr<PacketWriter> (*make)(RowSink& sink, const PacketPrint& print) = nullptr;
};

[[nodiscard]] std::span<const PacketFormat> packet_formats();

/// Null where there is no such format.
[[nodiscard]] const PacketFormat* find_packet_format(std::string_view name);

[[nodiscard]] std::unique_ptr<PacketWriter> make_packet_json(RowSink& sink,
                                                             const PacketPrint& print);
[[nodiscard]] std::unique_ptr<PacketWriter> make_packet_text(RowSink& sink,
                                                             const PacketPrint& print);
[[nodiscard]] std::unique_ptr<PacketWriter> make_packet_tsv(RowSink& sink,
                                                            const PacketPrint& print);

}  // namespace tapdeck
