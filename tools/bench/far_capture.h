// What tcpdump writes down of the frames that reach the far end, and when they did.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>

namespace tapdeck {

class WiredHosts;

class FarCapture {
 public:
  /// Returns when tcpdump listens; it ends by itself after so many frames. Throws
  /// Failure(no_permission) if it doesn't.
  FarCapture(const WiredHosts& hosts, std::string path, std::uint64_t frames);
  ~FarCapture();
  FarCapture(const FarCapture&) = delete;
  FarCapture& operator=(const FarCapture&) = delete;

  /// When each frame came, in ns; waits a while for the last ones. Empty if frames are missing or
  /// out of order. Call once.
  [[nodiscard]] std::vector<std::int64_t> arrivals();

 private:
  void wait_until_listening() const;
  void end();

  std::string x_path;
  std::uint64_t x_frames;
  pid_t x_program = -1;
  int x_errors = -1;  // what it says; open until it has ended, or its words would end it
};

}  // namespace tapdeck
