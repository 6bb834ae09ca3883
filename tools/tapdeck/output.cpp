#include "tools/tapdeck/output.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <span>
#include <system_error>

#include <fmt/format.h>
#include <unistd.h>

#include "analyzer/report/printable.h"
#include "captures/output_file.h"
#include "tools/tapdeck/wording.h"

namespace tapdeck {
namespace {

constexpr std::size_t buffer_octets = 64 * 1024;

}  // namespace

Output::Output(const std::string& path, FileOpener& opener,
               const std::vector<CaptureInfo>& inputs) {
  const bool is_standard = path.empty() || path == "-";
  if (!is_standard) x_name = shown(path);
  const auto is_read = [&](const CaptureInfo& input) {
    return opener.is_same_file(input.file, is_standard ? "-" : path);
  };
  if (std::ranges::any_of(inputs, is_read)) {
    throw Failure(ExitCode::usage,
                  x_name + ": writing to it would destroy the capture that is read");
  }
  if (is_standard) return;
  x_descriptor = opener.open_to_write(path);
  if (x_descriptor < 0) fail(errno);
}

Output::~Output() {
  if (x_descriptor > 1) ::close(x_descriptor);
}

void Output::write(std::string_view bytes) {
  x_buffer.append(bytes);
  if (x_buffer.size() >= buffer_octets) flush();
}

void Output::flush() {
  const int error = write_all(x_descriptor, std::as_bytes(std::span(x_buffer))) ? 0 : errno;
  x_buffer.clear();
  if (error != 0) fail(error);
}

void Output::close() {
  flush();
  const int descriptor = x_descriptor;
  x_descriptor = -1;
  if (descriptor < 0 || ::close(descriptor) == 0) return;
  // Standard output may have been closed by whoever started the program: nothing was lost then.
  if (errno != EBADF) fail(errno);
}

void Output::fail(int error) const {
  if (error == EPIPE && x_descriptor == 1) throw ClosedPipe{};
  throw Failure(ExitCode::unwritable_output,
                fmt::format("{}: {}", x_name, std::generic_category().message(error)));
}

void complain(std::string_view message) {
  std::string text = "tapdeck: ";
  while (!message.empty()) {
    const std::size_t end = std::min(message.find('\n'), message.size());
    text += printable(message.substr(0, end)) + '\n';
    message.remove_prefix(std::min(end + 1, message.size()));
  }
  std::fwrite(text.data(), 1, text.size(), stderr);
}

}  // namespace tapdeck
