// Buffered writing with every error looked at, the one at closing too.
#include "captures/output_file.h"

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <system_error>
#include <utility>

#include <unistd.h>

#include "captures/failure.h"

namespace tapdeck {
namespace {

constexpr std::size_t buffer_octets = std::size_t{256} * 1024;

}  // namespace

ssize_t write_octets(int descriptor, Bytes octets) {
  return ::write(descriptor, octets.data(), octets.size());
}

bool write_all(int descriptor, Bytes octets) {
  while (!octets.empty()) {
    const ssize_t written = write_octets(descriptor, octets);
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) octets = octets.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

OutputFile::OutputFile(std::string path, FileOpener& opener)
    : OutputFile(path, path == "-" ? ::dup(STDOUT_FILENO) : opener.open_to_write(path)) {}

OutputFile::OutputFile(std::string path, int descriptor, WriteOctets write)
    : x_path(std::move(path)), x_descriptor(descriptor), x_write(std::move(write)) {
  if (x_descriptor < 0) {
    fail("can't be written");
  }
  x_buffer.reserve(buffer_octets);
}

OutputFile::~OutputFile() {
  try {
    close();
  } catch (const Failure&) {
    if (x_descriptor >= 0) {
      ::close(x_descriptor);
    }
    // Told to nobody: the caller is on its way out with another failure, or chose not to ask.
  }
}

void OutputFile::write(std::initializer_list<Bytes> parts) {
  std::size_t octets = 0;
  for (const Bytes part : parts) octets += part.size();
  if (x_buffer.size() + octets > buffer_octets) {
    flush();
  }
  x_octets_written += octets;
  for (const Bytes part : parts) {
    x_buffer.insert(x_buffer.end(), part.begin(), part.end());
  }
  x_ends.push_back(x_buffer.size());
}

void OutputFile::flush() {
  std::size_t taken = 0;
  while (taken < x_buffer.size()) {
    const ssize_t written = x_write(x_descriptor, Bytes(x_buffer).subspan(taken));
    if (written >= 0) {
      taken += static_cast<std::size_t>(written);
    } else if (errno != EINTR) {
      const int error = errno;
      take_back_behind(taken);
      errno = error;
      fail("can't be written on");
    }
  }
  x_records_safe += x_ends.size();
  x_buffer.clear();
  x_ends.clear();
}

/// The system took so many octets of the buffer: those of the last record go out of the file again
/// if it is cut.
void OutputFile::take_back_behind(std::size_t taken) {
  const auto behind = std::ranges::upper_bound(x_ends, taken);
  const std::size_t whole = behind == x_ends.begin() ? 0 : *std::prev(behind);
  x_records_safe += static_cast<std::uint64_t>(behind - x_ends.begin());
  x_buffer.clear();  // so that closing doesn't try the same again
  x_ends.clear();
  const off_t position = ::lseek(x_descriptor, 0, SEEK_CUR);  // a pipe has none
  if (whole < taken && position >= 0) {
    (void)!::ftruncate(x_descriptor, position - static_cast<off_t>(taken - whole));
  }
}

void OutputFile::close() {
  if (x_descriptor < 0) {
    return;
  }
  flush();
  if (::close(std::exchange(x_descriptor, -1)) != 0) {
    fail("can't be written whole");
  }
}

void OutputFile::fail(const std::string& what) const {
  const int error = errno;
  throw Failure(
      error == EACCES || error == EPERM ? ExitCode::no_permission : ExitCode::unwritable_output,
      (x_path == "-" ? "standard output" : x_path) + ": " + what + ": " +
          (error == EAGAIN ? "its reader takes nothing" : std::generic_category().message(error)));
}

}  // namespace tapdeck
