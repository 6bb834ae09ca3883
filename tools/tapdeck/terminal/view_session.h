// The full-screen view without a terminal: takes what is captured and the keys that are pressed,
// and gives screens. It opens no file and reads no clock.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/flow/trace.h"
#include "analyzer/report/report.h"
#include "captures/capture_writer.h"
#include "tools/tapdeck/live_table.h"
#include "tools/tapdeck/terminal/connection_saver.h"
#include "tools/tapdeck/terminal/kept_packets.h"
#include "tools/tapdeck/terminal/recent_segments.h"
#include "tools/tapdeck/terminal/view_drawing.h"

namespace tapdeck {

/// A file that is being written.
struct SavedCapture {
  std::string path;
  std::unique_ptr<CaptureWriter> writer;
};

/// What a view asks of whoever runs the capture.
struct ViewSources {
  /// A connection as it is known now; nothing: it is known no more.
  std::function<std::optional<ConnectionReport>(std::uint64_t connection)> connection;
  /// The file for what is saved: the first, the second …, whose names were decided before. Throws
  /// Failure if it can't be made.
  std::function<SavedCapture(std::uint64_t number)> create;
};

class ViewSession {
 public:
  ViewSession(ViewSources sources, bool unicode);

  /// What came, with the trace of all its segments. Call before add(table).
  void add(const PacketBatch& batch, const Trace& trace);
  /// About once a second.
  void add(LiveTable table);

  /// False: the reader wants to end.
  [[nodiscard]] bool press(const Key& key);
  [[nodiscard]] Screen screen(const ScreenSize& size);

  /// Ends what is being saved: its file is whole. Throws Failure(unwritable_output).
  void finish();

  /// The files that connections were saved to, in order.
  [[nodiscard]] const std::vector<std::string>& saved_paths() const { return x_saved_paths; }

 private:
  [[nodiscard]] ViewFacts facts() const;
  void choose_rows();
  void open();
  void begin_saving();
  void end_saving();
  template <class Do>
  void while_saving(Do work);
  [[nodiscard]] const LiveRow* row_of(std::uint64_t connection) const;
  [[nodiscard]] std::string saving_text() const;
  void make_lines();
  [[nodiscard]] std::vector<TextLine> ladder_lines(const Style& style);

  ViewSources x_sources;
  bool x_unicode;
  ScreenSize x_size;
  ViewState x_state;
  LiveTable x_now, x_shown;  // they differ while the table is held
  std::vector<const LiveRow*> x_rows;
  RecentSegments x_segments;
  KeptPackets x_packets;
  std::optional<ConnectionReport> x_opened;
  std::vector<TextLine> x_lines;
  bool x_lines_due = false;
  std::unique_ptr<ConnectionSaver> x_saver;
  std::vector<std::string> x_saved_paths;
};

}  // namespace tapdeck
