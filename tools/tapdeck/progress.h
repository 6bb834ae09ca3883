// The progress line on standard error: how far, how fast, how long still.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "captures/packet_source.h"

namespace tapdeck {

/// "1.2 of 4.0 GB  30%  512 MB/s  8,234,001 packets  6 s left", as far as it is known.
[[nodiscard]] std::string progress_text(const ReadProgress& progress, std::uint64_t packets,
                                        std::chrono::duration<double> elapsed);

class Progress {
 public:
  /// Shows nothing if `wanted` is false or standard error is no terminal.
  explicit Progress(bool wanted);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { clear(); }

  /// Called a batch; draws a few times a second, the first time after half a second.
  void update(const ReadProgress& progress, std::uint64_t packets);

  /// Takes the line away, so that something else may be written.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;

  bool x_enabled;
  bool x_drawn = false;
  Clock::time_point x_start;
  Clock::time_point x_next;
};

}  // namespace tapdeck
