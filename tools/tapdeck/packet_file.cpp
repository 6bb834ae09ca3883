#include "tools/tapdeck/packet_file.h"

#include <poll.h>
#include <unistd.h>

#include "tools/tapdeck/output.h"

namespace tapdeck {

bool reader_is_gone() {
  pollfd standard_output{.fd = STDOUT_FILENO, .events = POLLOUT, .revents = 0};
  return ::poll(&standard_output, 1, 0) == 1 && (standard_output.revents & POLLERR) != 0;
}

void while_somebody_reads(const std::string& path, const std::function<void()>& write) {
  try {
    write();
  } catch (const Failure&) {
    if (path == "-" && reader_is_gone()) throw ClosedPipe{};
    throw;
  }
}

void write_packets(Input& input, const std::string& path, FileOpener& opener, PacketLengths lengths,
                   InterfaceTexts texts,
                   const std::function<void(std::span<const Packet>, CaptureWriter&)>& write) {
  while_somebody_reads(path, [&] {
    const auto writer = create_capture(path, input.source().captures(), opener, lengths, texts);
    PacketBatch batch;
    while (input.next(batch)) write(batch.packets, *writer);
    writer->close();
  });
}

void write_packets(Input& input, const std::string& path, FileOpener& opener) {
  write_packets(input, path, opener, PacketLengths::captured, InterfaceTexts::kept,
                [](std::span<const Packet> packets, CaptureWriter& writer) {
                  for (const Packet& packet : packets) writer.write(packet);
                });
}

}  // namespace tapdeck
