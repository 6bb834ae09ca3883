#include "tools/replay/stateful/signal_inbox.h"

#include <pthread.h>
#include <sys/signalfd.h>

namespace tapdeck {

SignalInbox::SignalInbox() {
  sigset_t wanted;
  sigemptyset(&wanted);
  for (const int signal : {SIGINT, SIGTERM, SIGUSR1}) sigaddset(&wanted, signal);
  ::pthread_sigmask(SIG_BLOCK, &wanted, &x_before);
  x_descriptor = Descriptor(::signalfd(-1, &wanted, SFD_NONBLOCK | SFD_CLOEXEC));
}

SignalInbox::~SignalInbox() { ::pthread_sigmask(SIG_SETMASK, &x_before, nullptr); }

}  // namespace tapdeck
