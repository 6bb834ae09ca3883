#include "tools/tapdeck/packet_file.h"

#include <poll.h>
#include <unistd.h>

#include "captures/capture_writer.h"
#include "tools/tapdeck/output.h"

namespace tapdeck {
namespace {

bool reader_is_gone() {
  pollfd standard_output{.fd = STDOUT_FILENO, .events = POLLOUT, .revents = 0};
  return ::poll(&standard_output, 1, 0) == 1 && (standard_output.revents & POLLERR) != 0;
}

void copy_packets(Input& input, const std::string& path, FileOpener& opener) {
  const auto writer = create_capture(path, input.source().captures(), opener);
  PacketBatch batch;
  while (input.next(batch)) {
    for (const Packet& packet : batch.packets) writer->write(packet);
  }
  writer->close();
}

}  // namespace

void write_packets(Input& input, const std::string& path, FileOpener& opener) {
  try {
    copy_packets(input, path, opener);
  } catch (const Failure&) {
    if (path == "-" && reader_is_gone()) throw ClosedPipe{};
    throw;
  }
}

}  // namespace tapdeck
