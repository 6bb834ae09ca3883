// The least that a replay can cost: a capture's frames lie in memory, and nothing is done but to
// hand them to the kernel. What a replay is measured against, beside other programs.
#pragma once

#include <string>

#include "tools/bench/frame_sender.h"
#include "tools/bench/send_socket.h"

namespace tapdeck {

struct BareOptions {
  std::string capture;
  std::string interface;
  Queueing queueing = Queueing::used;
  /// Each frame at its captured distance from the first, by a clock that is watched all the time;
  /// else as many as go.
  bool in_time = false;
};

/// Throws Failure if the capture can't be read or the interface can't be sent on. The seconds are
/// those of sending alone.
[[nodiscard]] Sent send_bare(const BareOptions& options);

}  // namespace tapdeck
