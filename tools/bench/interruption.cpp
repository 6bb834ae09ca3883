#include "tools/bench/interruption.h"

#include <csignal>

#include "captures/failure.h"

namespace tapdeck {
namespace {

volatile std::sig_atomic_t interrupted = 0;

void note(int) { interrupted = 1; }

}  // namespace

void watch_for_interruption() {
  struct sigaction action {};
  action.sa_handler = note;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaction(signal, &action, nullptr);
}

void end_if_interrupted() {
  if (interrupted != 0) throw Failure(ExitCode::usage, "interrupted");
}

}  // namespace tapdeck
