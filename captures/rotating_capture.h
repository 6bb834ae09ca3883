// A pcapng capture that goes on for long: in one file, or in a row of files of which the oldest go.
// Each file is a capture of its own, with what the interface lost while it was written.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "captures/capture_folder.h"
#include "captures/capture_info.h"
#include "captures/packet.h"
#include "captures/pcapng_writer.h"

namespace tapdeck {

/// When the next file begins: whichever comes first; 0: never for this reason.
struct Rotation {
  std::uint64_t octets = 0;
  std::uint64_t packets = 0;
  std::int64_t duration_ns = 0;
  std::size_t keep = 0;  // so many files at most, the newest; 0: all

  [[nodiscard]] bool rotates() const { return octets != 0 || packets != 0 || duration_ns != 0; }
};

/// "dir/NAME.pcapng" as the `number`th file that was begun at `time_ns`:
/// "dir/NAME-20261121T171813Z-00001.pcapng". Sorted by name they are in the order of time.
[[nodiscard]] std::string rotated_name(const std::string& path, std::uint64_t number,
                                       std::int64_t time_ns);

/// True for a name that rotated_name may make of `path`.
[[nodiscard]] bool is_rotated_name(const std::string& path, std::string_view name);

class RotatingCapture {
 public:
  /// `captures` tells of the interface, `folder` makes the files; both outlive this object. The
  /// first file is made here.
  RotatingCapture(std::string path, Rotation rotation, CaptureFolder& folder,
                  const std::vector<CaptureInfo>& captures, std::int64_t now_ns);

  /// These throw Failure(unwritable_output, or no_permission). A file that is longer than wished is
  /// so by one packet at most.
  void write(const Packet& packet, std::string_view comment = {});
  void flush();

  /// Time passes, whether packets come or not. `statistics` are those since the capture began; each
  /// file gets its share.
  void tick(const InterfaceStatistics& statistics, std::int64_t now_ns);

  /// With a remark on the capture as a whole, for those who read its statistics.
  void close(std::string_view remark = {});

  /// The file that is written now.
  [[nodiscard]] const std::string& file() const { return x_files.back(); }
  /// That no power but that of the disk can take away any more.
  [[nodiscard]] std::uint64_t packets_safe() const;

 private:
  void begin_file();
  void end_file(std::string_view remark = {});
  [[nodiscard]] bool is_full() const;

  std::string x_path;
  Rotation x_rotation;
  CaptureFolder& x_folder;
  const std::vector<CaptureInfo>& x_captures;
  std::unique_ptr<PcapngWriter> x_writer;
  std::deque<std::string> x_files;  // that are kept, the newest last
  std::uint64_t x_number = 0;       // of files
  std::int64_t x_now_ns;
  std::int64_t x_begin_ns = 0;              // of this file
  std::int64_t x_turned_ns = 0;             // …and from when on its time counts
  std::uint64_t x_packets = 0;              // in this file
  std::uint64_t x_packets_before = 0;       // in those before it
  InterfaceStatistics x_statistics;         // the newest
  InterfaceStatistics x_statistics_before;  // when this file began
};

}  // namespace tapdeck
