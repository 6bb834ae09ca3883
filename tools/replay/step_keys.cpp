#include "tools/replay/step_keys.h"

#include <cstdio>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include "analyzer/report/quantity.h"
#include "captures/failure.h"
#include "tools/tapdeck/terminal/terminal_rescue.h"

namespace tapdeck {
namespace {

int open_terminal() {
  const int descriptor = ::open("/dev/tty", O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    throw Failure(ExitCode::usage,
                  "--step: standard input is the capture, and\nthere is no terminal for keys");
  }
  return descriptor;
}

}  // namespace

StepKeys::StepKeys(bool from_terminal, bool quiet)
    : x_descriptor(from_terminal ? open_terminal() : STDIN_FILENO), x_quiet(quiet) {}

void StepKeys::begin() {
  termios now{};
  if (::tcgetattr(x_descriptor, &now) != 0) return;  // a pipe or a file
  x_before = now;
  begin_rescue(x_descriptor, {});
  now.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  ::tcsetattr(x_descriptor, TCSANOW, &now);
}

StepKeys::~StepKeys() {
  if (x_before) {
    ::tcsetattr(x_descriptor, TCSANOW, &*x_before);
    end_rescue();
  }
  if (x_descriptor != STDIN_FILENO) ::close(x_descriptor);
}

bool StepKeys::wait_for_key(const Packet& next, const std::atomic<bool>& stop) const {
  if (!x_quiet) {
    fmt::print(stderr, "next is packet {}, {}; any key sends it, q ends\n", next.number,
               count_of(next.bytes.size(), "octet"));
  }
  constexpr int patience_ms = 50;
  while (!stop) {
    pollfd key{.fd = x_descriptor, .events = POLLIN, .revents = 0};
    if (::poll(&key, 1, patience_ms) <= 0) continue;
    char letter = 0;
    return ::read(x_descriptor, &letter, 1) == 1 && letter != 'q';
  }
  return false;
}

}  // namespace tapdeck
