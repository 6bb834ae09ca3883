#include <csignal>
#include <exception>
#include <new>

#include <fcntl.h>
#include <unistd.h>

#include "tools/tapdeck/command.h"
#include "tools/tapdeck/output.h"

namespace {

/// Where one of the standard three was closed, what is opened next would take its number, and be
/// read or printed on. Writing there fails as it should.
void fill_standard_descriptors() {
  while (true) {
    const int descriptor = ::open("/dev/null", O_RDONLY);
    if (descriptor < 0 || descriptor > STDERR_FILENO) {
      ::close(descriptor);
      return;
    }
  }
}

}  // namespace

int main(int count, char** words) {
  using tapdeck::ExitCode;
  fill_standard_descriptors();
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is an error of write(), which ends quietly
  ExitCode result = ExitCode::fine;
  try {
    result = tapdeck::run_program({words + (count > 0 ? 1 : 0), words + count});
  } catch (const tapdeck::ClosedPipe&) {
    result = ExitCode::fine;
  } catch (const tapdeck::Failure& failure) {
    tapdeck::complain(failure.what());
    result = failure.exit_code();
  } catch (const std::bad_alloc&) {
    tapdeck::complain(
        "there isn't enough memory, or a limit is set on it (ulimit -v); --memory-budget keeps to "
        "less");
    result = ExitCode::unreadable_input;
  } catch (const std::exception& failure) {
    // Of the environment all the same: a path too long for the system.
    tapdeck::complain(failure.what());
    result = ExitCode::unreadable_input;
  }
  return static_cast<int>(result);
}
