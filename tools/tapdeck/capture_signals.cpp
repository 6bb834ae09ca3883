#include "tools/tapdeck/capture_signals.h"

namespace tapdeck {

void CaptureSignals::look() {
  while (const auto signal = x_inbox.take()) {
    if (*signal == SIGUSR1) {
      x_statistics = true;
    } else {
      ++x_ends;
    }
  }
}

}  // namespace tapdeck
