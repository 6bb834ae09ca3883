#include "tools/tapdeck/confinement/brokered_folder.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "captures/failure.h"

namespace tapdeck {
namespace {

bool gives_descriptor(FolderStep step) {
  return step == FolderStep::make || step == FolderStep::open;
}

/// The regular file that was opened last to be appended to, as the broker keeps it.
class NewestFile {
 public:
  void remember(const std::string& path, int descriptor) {
    x_descriptor.close();
    struct stat status {};
    if (::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode)) {
      x_path = path;
      x_descriptor = Descriptor(::fcntl(descriptor, F_DUPFD_CLOEXEC, 0));
    }
  }

  /// From the beginning of the window, behind what the file holds.
  [[nodiscard]] Outcome append(const SharedWindow& window, const Errand& errand) const {
    if (!x_descriptor || errand.text != x_path) return {.error = EOPNOTSUPP};
    const Uninterrupted until_it_is_written;
    off_t taken = 0;
    const auto wanted =
        static_cast<off_t>(std::min<std::uint64_t>(errand.which, SharedWindow::octets));
    while (taken < wanted) {
      const ssize_t written = ::sendfile(x_descriptor.number(), window.descriptor(), &taken,
                                         static_cast<std::size_t>(wanted - taken));
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) {
        return {.error = written < 0 ? errno : EIO, .octets = static_cast<std::uint64_t>(taken)};
      }
    }
    return {.octets = static_cast<std::uint64_t>(taken)};
  }

 private:
  std::string x_path;
  Descriptor x_descriptor;
};

}  // namespace

SharedWindow::SharedWindow()
    : x_descriptor(::memfd_create("tapdeck", MFD_CLOEXEC)), x_memory(MAP_FAILED) {
  if (x_descriptor && ::ftruncate(x_descriptor.number(), octets) == 0) {
    x_memory =
        ::mmap(nullptr, octets, PROT_READ | PROT_WRITE, MAP_SHARED, x_descriptor.number(), 0);
  }
  if (x_memory != MAP_FAILED) return;
  throw Failure(ExitCode::unwritable_output,
                fmt::format("no memory for writing: {}", std::generic_category().message(errno)));
}

SharedWindow::~SharedWindow() { ::munmap(x_memory, octets); }

void SharedWindow::fill(Bytes content) {
  std::memcpy(x_memory, content.data(), std::min(content.size(), octets));
}

BrokeredFolder::BrokeredFolder(Sandbox& sandbox, FolderRules rules)
    : x_sandbox(sandbox), x_rules(std::move(rules)), x_window(std::make_shared<SharedWindow>()) {
  const auto newest = std::make_shared<NewestFile>();
  x_steps = sandbox.add_duty([steps = std::make_shared<FolderSteps>(sandbox.owner()),
                              rules = x_rules, newest](const Errand& errand) -> Outcome {
    if (!rules.may_be(errand.text)) return {.error = EACCES};
    const auto step = static_cast<FolderStep>(errand.which);
    const int result = steps->take(step, errand.text);
    if (result < 0) return {.error = -result};
    if (!gives_descriptor(step)) return {};
    if (rules.grows(errand.text)) newest->remember(errand.text, result);
    return {.error = 0, .descriptor = result};
  });
  x_append = sandbox.add_duty([newest, window = x_window](const Errand& errand) {
    return newest->append(*window, errand);
  });
}

int BrokeredFolder::take(FolderStep step, const std::string& path) {
  constexpr int patience_ms = 50;
  const Errand errand{.which = static_cast<std::uint64_t>(step), .text = path};
  Outcome outcome = x_sandbox.do_duty(x_steps, errand);
  while (outcome.error == EAGAIN && x_rules.waits_for(path)) {
    ::poll(nullptr, 0, patience_ms);
    outcome = x_sandbox.do_duty(x_steps, errand);
  }
  if (outcome.error != 0) return -outcome.error;
  if (!gives_descriptor(step)) return 0;
  const std::lock_guard lock(x_mutex);
  x_paths[outcome.descriptor] = path;
  return outcome.descriptor;
}

std::string BrokeredFolder::path_of(int descriptor) {
  const std::lock_guard lock(x_mutex);
  return x_paths[descriptor];
}

/// False: errno is EAGAIN.
bool BrokeredFolder::wait_for_room(int descriptor) const {
  constexpr int pause_ms = 50;
  pollfd room{.fd = descriptor, .events = POLLOUT, .revents = 0};
  for (int waited_ms = 0;; waited_ms += pause_ms) {
    if (::poll(&room, 1, pause_ms) == 1) return true;
    const int patience_ms = x_rules.patience_ms();
    if (patience_ms < 0) {
      waited_ms = 0;
    } else if (waited_ms >= patience_ms) {
      errno = EAGAIN;
      return false;
    }
  }
}

/// As much as a pipe that has room takes at once, again and again.
ssize_t BrokeredFolder::write_patiently(int descriptor, Bytes octets) const {
  std::size_t taken = 0;
  while (taken < octets.size() && wait_for_room(descriptor)) {
    const std::size_t most = std::min<std::size_t>(PIPE_BUF, octets.size() - taken);
    const ssize_t written = write_octets(descriptor, octets.subspan(taken, most));
    if (written < 0) break;
    taken += static_cast<std::size_t>(written);
  }
  return taken == 0 && !octets.empty() ? -1 : static_cast<ssize_t>(taken);
}

ssize_t BrokeredFolder::append(int descriptor, Bytes octets) {
  const std::string path = path_of(descriptor);
  const bool fits = octets.size() <= SharedWindow::octets;
  if (!x_rules.grows(path) || !fits || x_sandbox.has_lost_broker()) {
    return write_patiently(descriptor, octets);
  }
  x_window->fill(octets);
  const Outcome outcome = x_sandbox.do_duty(x_append, {.which = octets.size(), .text = path});
  if (outcome.error == EOPNOTSUPP) return write_patiently(descriptor, octets);
  if (outcome.octets != 0) return static_cast<ssize_t>(outcome.octets);
  errno = outcome.error;
  return -1;
}

}  // namespace tapdeck
