// How a running capture is asked for something: signals wait in a descriptor until there is time to
// look, and interrupt nothing.
#pragma once

namespace tapdeck {

class CaptureSignals {
 public:
  /// From now on SIGINT, SIGTERM, SIGHUP and SIGUSR1 do nothing by themselves, in this thread and
  /// in those that it starts.
  CaptureSignals();
  ~CaptureSignals();
  CaptureSignals(const CaptureSignals&) = delete;
  CaptureSignals& operator=(const CaptureSignals&) = delete;

  /// Takes what came since the last call.
  void look();

  /// How often the end was asked for so far.
  [[nodiscard]] unsigned ends() const { return x_ends; }
  /// SIGUSR1 came since the last call.
  [[nodiscard]] bool take_statistics_request();

 private:
  int x_descriptor;
  unsigned x_ends = 0;
  bool x_statistics = false;
};

}  // namespace tapdeck
