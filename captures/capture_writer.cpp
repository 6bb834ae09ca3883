// Choosing the format by the file's name.
#include "captures/capture_writer.h"

#include <filesystem>
#include <system_error>

#include "captures/failure.h"
#include "captures/pcap_writer.h"
#include "captures/pcapng_writer.h"

namespace tapdeck {
bool is_same_file(const std::string& one, const std::string& other) {
  std::error_code error;
  return one != "-" && other != "-" && std::filesystem::is_regular_file(one, error) &&
         std::filesystem::equivalent(one, other, error);
}

std::unique_ptr<CaptureWriter> create_capture(const std::string& path,
                                              const std::vector<CaptureInfo>& captures) {
  for (const CaptureInfo& capture : captures) {
    if (is_same_file(path, capture.file)) {
      throw Failure(ExitCode::usage,
                    path + ": writing to it would destroy the capture that is read");
    }
  }
  if (path.ends_with(".pcap")) {
    return std::make_unique<PcapWriter>(path, captures);
  }
  return std::make_unique<PcapngWriter>(path, captures);
}

}  // namespace tapdeck
