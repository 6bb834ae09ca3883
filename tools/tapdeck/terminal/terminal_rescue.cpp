#include "tools/tapdeck/terminal/terminal_rescue.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <string_view>

#include <termios.h>
#include <unistd.h>

namespace tapdeck {
namespace {

constexpr std::array ending_signals{SIGHUP,  SIGINT,  SIGQUIT, SIGILL,  SIGABRT, SIGBUS,  SIGFPE,
                                    SIGSEGV, SIGTERM, SIGSYS,  SIGALRM, SIGXCPU, SIGXFSZ, SIGUSR2};

/// What a handler can reach: it allocates nothing and asks nobody.
struct Rescue {
  bool active = false;
  int terminal = -1;
  termios modes{};
  std::array<char, 256> sequence{};
  std::size_t length = 0;
  std::array<bool, ending_signals.size()> ours{};
};
Rescue rescue;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables): for the handler

extern "C" void end_by(int signal) {
  rescue_terminal();
  static_cast<void>(::raise(signal));  // now by default: SA_RESETHAND
}

}  // namespace

void rescue_terminal() {
  if (!rescue.active) return;
  std::size_t written = 0;
  while (written < rescue.length) {
    const ssize_t count =
        ::write(STDOUT_FILENO, rescue.sequence.data() + written, rescue.length - written);
    if (count <= 0) break;
    written += static_cast<std::size_t>(count);
  }
  ::tcsetattr(rescue.terminal, TCSANOW, &rescue.modes);
}

void begin_rescue(int terminal, std::string_view sequence) {
  if (rescue.active || ::tcgetattr(terminal, &rescue.modes) != 0) return;
  rescue.active = true;
  rescue.terminal = terminal;
  rescue.length = std::min(sequence.size(), rescue.sequence.size());
  std::copy_n(sequence.begin(), rescue.length, rescue.sequence.begin());
  for (std::size_t i = 0; i < ending_signals.size(); ++i) {
    struct sigaction before {};
    ::sigaction(ending_signals[i], nullptr, &before);
    rescue.ours[i] = before.sa_handler == SIG_DFL;
    if (!rescue.ours[i]) continue;
    struct sigaction handler {};
    handler.sa_handler = end_by;
    handler.sa_flags = static_cast<int>(SA_RESETHAND);
    ::sigaction(ending_signals[i], &handler, nullptr);
  }
}

void end_rescue() {
  if (!rescue.active) return;
  rescue.active = false;
  for (std::size_t i = 0; i < ending_signals.size(); ++i) {
    if (rescue.ours[i]) static_cast<void>(std::signal(ending_signals[i], SIG_DFL));
  }
}

}  // namespace tapdeck
