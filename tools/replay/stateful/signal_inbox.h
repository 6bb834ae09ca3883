// Signals as something to read: SIGINT and SIGTERM end a run with its results so far, SIGUSR1 asks
// how far it is.
#pragma once

#include <csignal>

#include "captures/descriptor.h"

namespace tapdeck {

/// While it lives, these signals don't do what they usually do.
class SignalInbox {
 public:
  SignalInbox();
  SignalInbox(const SignalInbox&) = delete;
  SignalInbox& operator=(const SignalInbox&) = delete;
  ~SignalInbox();

  /// A signalfd that doesn't block.
  [[nodiscard]] int descriptor() const { return x_descriptor.number(); }

 private:
  sigset_t x_before{};
  Descriptor x_descriptor;
};

}  // namespace tapdeck
