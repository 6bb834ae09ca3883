// How a running capture is asked for something.
#pragma once

#include <atomic>

#include "tools/tapdeck/signal_inbox.h"

namespace tapdeck {

class CaptureSignals {
 public:
  /// From now on SIGINT, SIGTERM, SIGHUP and SIGUSR1 do nothing by themselves, in this thread and
  /// in those that it starts.
  CaptureSignals() : x_inbox{SIGINT, SIGTERM, SIGHUP, SIGUSR1} {}

  /// Takes what came since the last call. Any thread may look.
  void look();

  /// How often the end was asked for so far.
  [[nodiscard]] unsigned ends() const { return x_ends; }
  /// SIGUSR1 came since the last call.
  [[nodiscard]] bool take_statistics_request() { return x_statistics.exchange(false); }

 private:
  SignalInbox x_inbox;
  std::atomic<unsigned> x_ends = 0;
  std::atomic<bool> x_statistics = false;
};

}  // namespace tapdeck
