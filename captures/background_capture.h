// Writes batches of packets on a thread of its own, so that a disk that is slow for a moment holds
// nothing up. Batches are used again; when all of them wait for the disk, whoever wants the next
// one waits too, and the kernel counts what the ring can't take meanwhile.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "captures/capture_info.h"
#include "captures/packet.h"
#include "captures/rotating_capture.h"

namespace tapdeck {

/// What is to be said of a packet in the file.
struct PacketRemark {
  std::uint64_t number = 0;  // of the packet; of one written before: the next packet says it
  std::string text;
};

/// One piece of work.
struct CaptureJob {
  PacketBatch batch;  // that take_batch() gave
  std::vector<PacketRemark> remarks = {};
  InterfaceStatistics statistics = {};  // since the capture began
  std::int64_t now_ns = 0;
  bool flush = false;  // everything up to here
};

class BackgroundCapture {
 public:
  static constexpr std::size_t most_waiting = 32;

  /// `capture` outlives this object, and belongs to its thread until finish().
  explicit BackgroundCapture(RotatingCapture& capture);
  ~BackgroundCapture();
  BackgroundCapture(const BackgroundCapture&) = delete;
  BackgroundCapture& operator=(const BackgroundCapture&) = delete;

  /// An empty batch with room from before. Throws what writing threw.
  [[nodiscard]] PacketBatch take_batch();
  void write(CaptureJob job);

  /// The file that is written now.
  [[nodiscard]] std::string file();

  /// Until all is written, and the file closed with a last remark. Throws what writing threw. Call
  /// once, last.
  void finish(std::string_view remark);

 private:
  void run();
  void do_job(CaptureJob& job);
  void stop();

  RotatingCapture& x_capture;
  std::mutex x_mutex;  // guards what follows
  std::condition_variable x_changed;
  std::deque<CaptureJob> x_jobs;
  std::vector<PacketBatch> x_used;
  std::string x_file;
  std::size_t x_batches = 0;  // made
  std::exception_ptr x_thrown;
  bool x_failed = false;
  bool x_is_over = false;
  std::thread x_thread;
};

}  // namespace tapdeck
