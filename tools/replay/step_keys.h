// A packet a key: waits for a key of the terminal, or for an octet of standard input, before each.
#pragma once

#include <atomic>
#include <optional>

#include <termios.h>

#include "captures/packet.h"

namespace tapdeck {

class StepKeys {
 public:
  /// `from_terminal`: standard input holds the capture, so that keys must come from the terminal
  /// itself. Throws Failure(usage) if there is none.
  StepKeys(bool from_terminal, bool quiet);
  /// Makes a terminal hand over each key at once.
  void begin();
  /// Makes the terminal what it was.
  ~StepKeys();
  StepKeys(const StepKeys&) = delete;
  StepKeys& operator=(const StepKeys&) = delete;

  /// Says what comes next. False: no key will come, or it was q, or it is stopped.
  [[nodiscard]] bool wait_for_key(const Packet& next, const std::atomic<bool>& stop) const;

 private:
  int x_descriptor;
  bool x_quiet;
  std::optional<termios> x_before;  // what the terminal was
};

}  // namespace tapdeck
