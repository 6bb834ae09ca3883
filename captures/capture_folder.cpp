#include "captures/capture_folder.h"

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "captures/failure.h"

namespace tapdeck {
namespace {

constexpr mode_t file_mode = 0666;  // less what the umask takes

[[noreturn]] void fail(const std::string& path, int error) {
  throw Failure(
      error == EACCES || error == EPERM ? ExitCode::no_permission : ExitCode::unwritable_output,
      (path == "-" ? "standard output" : path) +
          ": can't be written: " + std::generic_category().message(error));
}

bool is_written_as_it_is(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode);
}

std::string first_name_of(const std::string& path) { return path + ".new"; }

/// A descriptor, or -1 and errno. No other file is written to, whatever has the first name.
int open_new(const std::string& path, const std::optional<FileOwner>& owner) {
  if (is_written_as_it_is(path)) return ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  const std::string first_name = first_name_of(path);
  ::unlink(first_name.c_str());
  const int opened = ::open(first_name.c_str(), O_WRONLY | O_CLOEXEC | O_CREAT | O_EXCL, file_mode);
  if (opened >= 0) give_to(owner, opened);
  return opened;
}

int publish(const std::string& path) {
  if (is_written_as_it_is(path)) return 0;
  return ::rename(first_name_of(path).c_str(), path.c_str());
}

/// False: errno says why. What was written before that stays.
bool write_all(int descriptor, Bytes bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

int do_folder_step(FolderStep step, const std::string& path,
                   const std::optional<FileOwner>& owner) {
  int result = 0;
  switch (step) {
    case FolderStep::open:
      result = open_new(path, owner);
      break;
    case FolderStep::publish:
      result = publish(path);
      break;
    case FolderStep::withdraw:
      result = is_written_as_it_is(path) ? 0 : ::unlink(first_name_of(path).c_str());
      break;
    case FolderStep::remove:
      result = ::unlink(path.c_str());
      break;
  }
  return result >= 0 ? result : -errno;
}

int SteppedFolder::create(const std::string& path, Bytes start) {
  const bool to_output = path == "-";
  const int descriptor = to_output ? ::dup(STDOUT_FILENO) : take(FolderStep::open, path);
  if (descriptor < 0) fail(path, to_output ? errno : -descriptor);
  int error = write_all(descriptor, start) ? 0 : errno;
  if (error == 0 && !to_output) error = -take(FolderStep::publish, path);
  if (error == 0) return descriptor;
  ::close(descriptor);
  if (!to_output) static_cast<void>(take(FolderStep::withdraw, path));
  fail(path, error);
}

void SteppedFolder::remove(const std::string& path) {
  const int result = take(FolderStep::remove, path);
  if (result < 0 && result != -ENOENT) fail(path, -result);
}

}  // namespace tapdeck
