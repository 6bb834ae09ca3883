#include "captures/capture_folder.h"

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "captures/failure.h"
#include "captures/file_opener.h"

namespace tapdeck {
namespace {

[[noreturn]] void fail(const std::string& path, int error) {
  throw Failure(
      error == EACCES || error == EPERM ? ExitCode::no_permission : ExitCode::unwritable_output,
      (path == "-" ? "standard output" : path) + ": can't be written: " +
          (error == EAGAIN ? "it is a pipe that nobody reads"
                           : std::generic_category().message(error)));
}

/// In the same folder, so that it can be renamed; and short, however long the file's own name is.
std::string first_name_of(const std::string& path, unsigned number) {
  const std::size_t folder = path.find_last_of('/') + 1;  // 0: there is none
  return path.substr(0, folder) + ".tapdeck-" + std::to_string(::getpid()) + "-" +
         std::to_string(number);
}

}  // namespace

/// A descriptor, or -1 and errno. No other file is written to or removed, whatever its name is.
int FolderSteps::make(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) == 0) {
    errno = EEXIST;
    return -1;
  }
  constexpr int most_tries = 1000;
  int opened = -1;
  std::string first_name;
  for (int tries = 0; opened < 0 && tries < most_tries; ++tries) {
    first_name = first_name_of(path, x_made++);
    opened = ::open(first_name.c_str(), O_WRONLY | O_CLOEXEC | O_CREAT | O_EXCL, new_file_mode);
    if (opened < 0 && errno != EEXIST) return -1;
  }
  if (opened < 0) {
    errno = EBUSY;
    return -1;
  }
  give_to(x_owner, opened);
  x_first_names[path] = std::move(first_name);
  return opened;
}

/// It asks for a new file, so that the kernel refuses what somebody else left in a
/// folder of everybody's (fs.protected_symlinks, protected_regular, protected_fifos).
int FolderSteps::open_existing(const std::string& path) const {
  const int made = make_file(path);
  if (made >= 0) give_to(x_owner, made);
  if (made >= 0 || errno != EEXIST) return made;
  struct stat status {};
  const bool is_pipe = ::stat(path.c_str(), &status) == 0 && S_ISFIFO(status.st_mode);
  const int how = O_WRONLY | O_CLOEXEC | O_CREAT | (is_pipe ? O_NONBLOCK : 0);
  const int opened = ::open(path.c_str(), how, new_file_mode);
  if (opened < 0 && is_pipe && errno == ENXIO) errno = EAGAIN;
  if (opened < 0) return opened;
  if (is_pipe) ::fcntl(opened, F_SETFL, 0);
  return opened;
}

int FolderSteps::take(FolderStep step, const std::string& path) {
  const std::lock_guard lock(x_mutex);
  int result = 0;
  switch (step) {
    case FolderStep::make:
      result = make(path);
      break;
    case FolderStep::open:
      result = open_existing(path);
      break;
    case FolderStep::publish:
      result = ::rename(x_first_names[path].c_str(), path.c_str());
      if (result == 0) x_first_names.erase(path);
      break;
    case FolderStep::withdraw:
      result = ::unlink(x_first_names[path].c_str());
      x_first_names.erase(path);
      break;
    case FolderStep::remove:
      result = ::unlink(path.c_str());
      break;
  }
  return result >= 0 ? result : -errno;
}

int SteppedFolder::create(const std::string& path, Bytes start) {
  if (path != "-") {
    const int made = take(FolderStep::make, path);
    if (made != -EEXIST) return begin_new(path, made, start);
  }
  const int descriptor = path == "-" ? ::dup(STDOUT_FILENO) : take(FolderStep::open, path);
  if (descriptor < 0) fail(path, path == "-" ? errno : -descriptor);
  // What is no regular file has no length.
  const bool is_empty = path == "-" || ::ftruncate(descriptor, 0) == 0 || errno == EINVAL;
  if (is_empty && write_all(descriptor, start)) return descriptor;
  const int error = errno;
  ::close(descriptor);
  fail(path, error);
}

int SteppedFolder::begin_new(const std::string& path, int descriptor, Bytes start) {
  if (descriptor < 0) fail(path, -descriptor);
  int error = write_all(descriptor, start) ? 0 : errno;
  if (error == 0) error = -take(FolderStep::publish, path);
  if (error == 0) return descriptor;
  ::close(descriptor);
  static_cast<void>(take(FolderStep::withdraw, path));
  fail(path, error);
}

void SteppedFolder::remove(const std::string& path) {
  const int result = take(FolderStep::remove, path);
  if (result < 0 && result != -ENOENT) fail(path, -result);
}

}  // namespace tapdeck
