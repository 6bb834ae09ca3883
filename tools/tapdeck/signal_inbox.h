// Signals as something to read: they interrupt nothing, and wait until there is time to look.
#pragma once

#include <csignal>
#include <initializer_list>
#include <optional>

#include "captures/descriptor.h"

namespace tapdeck {

/// While it lives, these signals don't do what they usually do, in this thread and in those that it
/// starts. Those that came and were not looked at are forgotten at its end.
class SignalInbox {
 public:
  SignalInbox(std::initializer_list<int> signals);
  SignalInbox(const SignalInbox&) = delete;
  SignalInbox& operator=(const SignalInbox&) = delete;
  ~SignalInbox();

  /// Takes the next one; empty: none has come. Any thread may ask.
  [[nodiscard]] std::optional<int> take() const;

  /// A signalfd that doesn't block.
  [[nodiscard]] int descriptor() const { return x_descriptor.number(); }

 private:
  sigset_t x_before{};
  Descriptor x_descriptor;
};

}  // namespace tapdeck
