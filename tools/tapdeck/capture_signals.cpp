#include "tools/tapdeck/capture_signals.h"

#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

#include <sys/signalfd.h>
#include <unistd.h>

#include "captures/failure.h"

namespace tapdeck {
namespace {

sigset_t signals_of_interest() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR1}) sigaddset(&set, signal);
  return set;
}

}  // namespace

CaptureSignals::CaptureSignals() {
  const sigset_t set = signals_of_interest();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  x_descriptor = ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  if (x_descriptor < 0) {
    throw Failure(ExitCode::no_permission,
                  "signals can't be waited for: " + std::generic_category().message(errno));
  }
}

CaptureSignals::~CaptureSignals() {
  const sigset_t set = signals_of_interest();
  look();  // what has come already doesn't end the program on its last steps
  ::close(x_descriptor);
  ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

void CaptureSignals::look() {
  signalfd_siginfo info{};
  while (::read(x_descriptor, &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
    if (info.ssi_signo == SIGUSR1) {
      x_statistics = true;
    } else {
      ++x_ends;
    }
  }
}

bool CaptureSignals::take_statistics_request() { return std::exchange(x_statistics, false); }

}  // namespace tapdeck
