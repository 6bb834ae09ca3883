// Between a live capture and its full-screen view: hands over packets as they come and a table
// every second, and answers what the view asks.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/analysis.h"
#include "captures/capture_folder.h"
#include "captures/live_source.h"
#include "tools/tapdeck/live_table.h"
#include "tools/tapdeck/terminal/live_view.h"

namespace tapdeck {

/// What a view looks at. All of it outlives the view.
struct ViewedCapture {
  LivePackets& source;
  Analysis& analysis;
  LiveTableTaker& table;
  /// Makes the files of connections that are saved.
  CaptureFolder& folder;
  /// What of the table only the capture's owner knows: interface, filter, what is written.
  std::function<void(LiveTable& table)> complete;
};

class CaptureView {
 public:
  /// Beside the analysis: what is kept of packets and segments, the tables that are taken, shown
  /// and compared with, and the ladder that is open.
  static constexpr std::size_t most_octets = std::size_t{160} << 20U;

  /// Takes the terminal, as LiveView does. `begin_ns` is now.
  CaptureView(ViewedCapture capture, const Style& style, std::int64_t begin_ns);

  /// What was just analyzed. Requires: the analysis traces all segments.
  void add(const PacketBatch& batch) { x_view.add(batch, x_capture.analysis.take_trace()); }

  /// Many times a second. False: its reader wants to end.
  [[nodiscard]] bool turn(std::int64_t now_ns);

  /// As LiveView's.
  void close() { x_view.close(); }
  [[nodiscard]] const std::vector<std::string>& saved_paths() const { return x_view.saved_paths(); }

 private:
  void take_table(std::int64_t now_ns);
  [[nodiscard]] std::optional<ConnectionReport> report_of(std::uint64_t connection) const;
  [[nodiscard]] SavedCapture create(std::uint64_t number) const;

  ViewedCapture x_capture;
  std::int64_t x_begin_ns;
  std::optional<std::int64_t> x_taken_ns;  // when the last table was
  LiveView x_view;
};

/// Of the file for the connection that is saved as the first, the second …: in the working
/// directory, with the time at which the capture began, so that none of another capture's is hit.
[[nodiscard]] std::string saved_path(std::int64_t begin_ns, std::uint64_t number);

/// True for a path that saved_path may give.
[[nodiscard]] bool is_saved_path(const std::string& path);

}  // namespace tapdeck
