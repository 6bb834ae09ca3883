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
  return path == "-" || (::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode));
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

int OwnCaptureFolder::create(const std::string& path, Bytes start) {
  const bool as_it_is = is_written_as_it_is(path);
  const std::string first_name = as_it_is ? path : path + ".new";
  const int flags = O_WRONLY | O_CLOEXEC | (as_it_is ? 0 : O_CREAT | O_TRUNC | O_NOFOLLOW);
  const int descriptor =
      path == "-" ? ::dup(STDOUT_FILENO) : ::open(first_name.c_str(), flags, file_mode);
  if (descriptor < 0) fail(path, errno);
  const bool made =
      write_all(descriptor, start) && (as_it_is || ::rename(first_name.c_str(), path.c_str()) == 0);
  if (made) return descriptor;
  const int error = errno;
  ::close(descriptor);
  if (!as_it_is) ::unlink(first_name.c_str());
  fail(path, error);
}

void OwnCaptureFolder::remove(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) fail(path, errno);
}

}  // namespace tapdeck
