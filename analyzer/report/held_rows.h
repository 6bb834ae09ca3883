// Rows of packets in the order of their frames, held until their verdicts are in: one row that
// waits holds back those behind it, and what nothing waits for goes out at once.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analyzer/flow/trace.h"
#include "analyzer/report/packet_writer.h"

namespace tapdeck {

class HeldRows final : public RowSink {
 public:
  struct Bounds {
    std::size_t rows = longest_unsettled_frames;
    std::size_t octets = std::size_t{1} << 28U;
  };

  explicit HeldRows(ByteSink& sink) : HeldRows(sink, Bounds{}) {}
  HeldRows(ByteSink& sink, Bounds bounds) : x_sink(sink), x_bounds(bounds) {}

  /// To the open row; what is written between rows goes out at once.
  void write(std::string_view bytes) override;
  /// Requires: a row is open.
  void put_verdict(VerdictText text) override;

  /// Frames only grow from row to row.
  void open_row(std::uint64_t frame);
  void close_row(bool verdict_follows);

  /// Fills the row's places; verdicts of rows that aren't here are none of its business.
  void settle(const FrameVerdict& verdict);

  /// No more verdicts will come.
  void release();

  /// Rows that went out without their verdicts, because too much waited behind them.
  [[nodiscard]] std::uint64_t released_early() const { return x_released_early; }

 private:
  struct Place {
    std::size_t offset = 0;
    VerdictText text;
  };
  struct Row {
    std::uint64_t frame = 0;
    std::string text = {};
    std::vector<Place> places = {};
    std::optional<Verdict> verdict = {};
    bool waits = true;
  };

  void release_settled();
  void release_first();

  ByteSink& x_sink;
  Bounds x_bounds;
  std::deque<Row> x_rows;  // the last one may be open
  bool x_open = false;
  std::size_t x_octets = 0;
  std::uint64_t x_released_early = 0;
};

}  // namespace tapdeck
