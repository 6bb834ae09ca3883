#include "tools/tapdeck/signal_inbox.h"

#include <cerrno>
#include <system_error>

#include <pthread.h>
#include <sys/signalfd.h>

#include "captures/failure.h"

namespace tapdeck {

SignalInbox::SignalInbox(std::initializer_list<int> signals) {
  sigset_t wanted;
  sigemptyset(&wanted);
  for (const int signal : signals) sigaddset(&wanted, signal);
  ::pthread_sigmask(SIG_BLOCK, &wanted, &x_before);
  x_descriptor = Descriptor(::signalfd(-1, &wanted, SFD_NONBLOCK | SFD_CLOEXEC));
  if (!x_descriptor) {
    throw Failure(ExitCode::no_permission,
                  "signals can't be waited for: " + std::generic_category().message(errno));
  }
}

SignalInbox::~SignalInbox() {
  while (take()) continue;
  ::pthread_sigmask(SIG_SETMASK, &x_before, nullptr);
}

std::optional<int> SignalInbox::take() const {
  signalfd_siginfo came{};
  if (::read(x_descriptor.number(), &came, sizeof came) != sizeof came) return std::nullopt;
  return static_cast<int>(came.ssi_signo);
}

}  // namespace tapdeck
