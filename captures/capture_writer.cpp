// Choosing the format by the file's name.
#include "captures/capture_writer.h"

#include "captures/failure.h"
#include "captures/pcap_writer.h"
#include "captures/pcapng_writer.h"

namespace tapdeck {
std::unique_ptr<CaptureWriter> create_capture(const std::string& path,
                                              const std::vector<CaptureInfo>& captures,
                                              FileOpener& opener, PacketLengths lengths,
                                              InterfaceTexts texts) {
  for (const CaptureInfo& capture : captures) {
    if (opener.is_same_file(capture.file, path)) {
      throw Failure(ExitCode::usage, (path == "-" ? "standard output" : path) +
                                         ": writing to it would destroy the capture that is read");
    }
  }
  if (path.ends_with(".pcap")) {
    return std::make_unique<PcapWriter>(path, captures, opener);
  }
  return std::make_unique<PcapngWriter>(path, captures, opener, lengths, texts);
}

}  // namespace tapdeck
