// The capture that generated frames are written to: Ethernet, nanoseconds, a given number of
// packets.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "captures/bytes.h"
#include "captures/capture_info.h"
#include "captures/capture_writer.h"

namespace tapdeck {

class GeneratedCapture {
 public:
  /// See create_capture for what `path` means.
  GeneratedCapture(const std::string& path, std::uint32_t snap_length, std::uint64_t packets);

  /// `time_ns` counts from the capture's begin, 1 January 2024 UTC. Frames over the number asked
  /// for are dropped. Throws Failure(unwritable_output).
  void write(std::int64_t time_ns, Bytes frame);
  void close() { x_writer->close(); }

  [[nodiscard]] bool full() const { return x_written == x_packets; }
  [[nodiscard]] std::uint64_t written() const { return x_written; }
  [[nodiscard]] std::uint64_t octets() const { return x_writer->octets_written(); }

 private:
  std::vector<CaptureInfo> x_no_captures;  // what is generated comes from none
  std::unique_ptr<CaptureWriter> x_writer;
  std::uint32_t x_snap_length;
  std::uint64_t x_packets;
  std::uint64_t x_written = 0;
};

}  // namespace tapdeck
