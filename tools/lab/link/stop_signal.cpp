#include "tools/lab/link/stop_signal.h"

#include <csignal>

#include <sys/prctl.h>
#include <sys/signalfd.h>

namespace tapdeck {

int open_stop_signal() {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  sigset_t asked_to_end;
  sigemptyset(&asked_to_end);
  sigaddset(&asked_to_end, SIGTERM);
  sigaddset(&asked_to_end, SIGINT);
  sigprocmask(SIG_BLOCK, &asked_to_end, nullptr);
  return signalfd(-1, &asked_to_end, SFD_CLOEXEC);
}

}  // namespace tapdeck
