// Helpers of the capture tests: files in a directory of their own, and whole captures read into
// memory for comparison.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include <unistd.h>

#include "captures/packet_source.h"
#include "tests/support/capture_builder.h"

namespace tapdeck::test {

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tapdeck-XXXXXX").string();
    x_path = ::mkdtemp(pattern.data());
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(x_path, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  [[nodiscard]] std::string path(const std::string& name = "") const {
    return (x_path / name).string();
  }

  /// Returns the file's path. Directories in `name` are made.
  std::string write(const std::string& name, const Octets& octets) const {
    std::filesystem::create_directories((x_path / name).parent_path());
    std::filesystem::remove(x_path / name);  // some file systems flush a file that is overwritten
    std::ofstream file(x_path / name, std::ios::binary);
    file.write(reinterpret_cast<const char*>(octets.data()),
               static_cast<std::streamsize>(octets.size()));
    return path(name);
  }

 private:
  std::filesystem::path x_path;
};

inline Octets read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return octets_of(text);
}

/// A packet with bytes of its own.
struct OwnedPacket {
  std::uint64_t number = 0;
  std::int64_t time_ns = 0;
  std::uint32_t wire_length = 0;
  std::uint32_t interface = 0;
  std::uint16_t capture = 0;
  LinkType link_type{};
  std::uint8_t fcs_length = 0;
  std::uint8_t time_digits = 0;
  Octets bytes = {};

  friend bool operator==(const OwnedPacket&, const OwnedPacket&) = default;
  friend std::ostream& operator<<(std::ostream& out, const OwnedPacket& packet) {
    return out << "packet " << packet.number << " at " << packet.time_ns << " ns, "
               << packet.bytes.size() << " of " << packet.wire_length << " bytes, interface "
               << packet.capture << "/" << packet.interface << ", " << to_string(packet.link_type);
  }
};

struct WholeCapture {
  std::vector<OwnedPacket> packets;
  std::vector<CaptureInfo> captures;

  /// Requires: one capture.
  [[nodiscard]] const CaptureInfo& info() const { return captures.at(0); }
};

inline WholeCapture read_all(PacketSource& source) {
  WholeCapture whole;
  PacketBatch batch;
  while (source.next(batch)) {
    for (const Packet& packet : batch.packets) {
      whole.packets.push_back({packet.number, packet.time_ns, packet.wire_length, packet.interface,
                               packet.capture, packet.link_type, packet.fcs_length,
                               packet.time_digits,
                               Octets(packet.bytes.begin(), packet.bytes.end())});
    }
  }
  whole.captures = source.captures();
  return whole;
}

inline WholeCapture read_all(const std::vector<std::string>& paths,
                             const SourceOptions& options = {}) {
  return read_all(*open_captures(paths, options));
}

inline WholeCapture read_octets(const Octets& octets) {
  const TemporaryDirectory directory;
  return read_all({directory.write("capture", octets)});
}

}  // namespace tapdeck::test
