// Writes down what passes: three captures as they grow, and the fate of every frame.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "captures/bytes.h"
#include "captures/capture_info.h"
#include "captures/capture_writer.h"
#include "tools/lab/link/frame_fate.h"
#include "tools/lab/link/impairment.h"

namespace tapdeck {

struct RecorderOptions {
  std::string folder;
  std::uint32_t snap_length = 128;
  CapturePoint missing_of = CapturePoint::server;  // which capture `missing` is a copy of
  std::string misses = "single=2 burst=0.4:6";
  std::uint64_t seed = 1;
};

class LinkRecorder {
 public:
  /// Throws Failure(unwritable_output).
  explicit LinkRecorder(const RecorderOptions& options);

  /// Records a frame where it is seen; gives its number in the captures, `missing` included if it
  /// listens there and doesn't miss it. Times may not go backwards.
  void capture(CapturePoint point, std::int64_t time_ns, Bytes frame,
               std::uint64_t CapturedAs::*which, FrameFate& fate);

  /// The fates in the order of sending; they stay where they are.
  [[nodiscard]] std::vector<std::unique_ptr<FrameFate>>& fates() { return x_fates; }

  /// Ends the captures and writes truth.tsv. Throws Failure(unwritable_output).
  void close();

 private:
  std::uint64_t write(CapturePoint point, std::int64_t time_ns, Bytes frame);

  RecorderOptions x_options;
  std::vector<CaptureInfo> x_no_captures;  // what is recorded comes from no file
  std::array<std::unique_ptr<CaptureWriter>, capture_points.size()> x_writers;
  std::array<std::uint64_t, capture_points.size()> x_written{};
  Misses x_misses;
  std::vector<std::unique_ptr<FrameFate>> x_fates;
};

}  // namespace tapdeck
