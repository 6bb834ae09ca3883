// Buffered writing with every error looked at, the one at closing too.
#include "captures/output_file.h"

#include <cerrno>
#include <system_error>
#include <utility>

#include <unistd.h>

#include "captures/failure.h"

namespace tapdeck {
namespace {

constexpr std::size_t buffer_octets = std::size_t{256} * 1024;

}  // namespace

OutputFile::OutputFile(std::string path, FileOpener& opener)
    : x_path(std::move(path)),
      x_descriptor(x_path == "-" ? ::dup(STDOUT_FILENO) : opener.open_to_write(x_path)) {
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

void OutputFile::write(Bytes head, Bytes data, Bytes tail) {
  const std::size_t octets = head.size() + data.size() + tail.size();
  if (x_buffer.size() + octets > buffer_octets) {
    flush();
  }
  x_octets_written += octets;
  for (const Bytes part : {head, data, tail}) {
    x_buffer.insert(x_buffer.end(), part.begin(), part.end());
  }
}

void OutputFile::flush() {
  write_out(x_buffer);
  x_buffer.clear();
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

void OutputFile::write_out(Bytes bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(x_descriptor, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      x_buffer.clear();  // so that closing doesn't try the same again
      fail("can't be written on");
    }
  }
}

void OutputFile::fail(const std::string& what) const {
  const int error = errno;
  throw Failure(
      error == EACCES || error == EPERM ? ExitCode::no_permission : ExitCode::unwritable_output,
      (x_path == "-" ? "standard output" : x_path) + ": " + what + ": " +
          std::generic_category().message(error));
}

}  // namespace tapdeck
