// One capture file (or pipe) from its first byte to its last or to its fault: blocks of bytes are
// read straight into the batch that the packets borrow from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "captures/byte_source.h"
#include "captures/capture_info.h"
#include "captures/file_opener.h"
#include "captures/packet.h"
#include "captures/record_scanner.h"

namespace tapdeck {

inline constexpr std::size_t default_block_octets = std::size_t{256} * 1024;
/// For a look at how a file starts.
inline constexpr std::size_t recognition_block_octets = std::size_t{16} * 1024;

class CaptureFile {
 public:
  /// Opens `info.file` and recognises its format; what is wrong with it becomes a fault of `info`,
  /// which outlives the reader. `capture` is what packets carry as Packet::capture. With smaller
  /// blocks than the default nothing is read ahead either.
  CaptureFile(std::uint16_t capture, CaptureInfo& info,
              std::size_t block_octets = default_block_octets, FileOpener& opener = own_rights());

  /// As PacketSource::next. Packets are numbered from 1 in this file.
  [[nodiscard]] bool next(PacketBatch& batch);

  [[nodiscard]] std::uint64_t octets_read() const { return x_bytes->octets_read(); }
  /// 0: unknown.
  [[nodiscard]] std::uint64_t octets_total() const { return x_bytes->octets_total(); }

 private:
  void recognise();
  /// Where the next read goes, behind the `filled` octets of the batch.
  [[nodiscard]] std::span<std::byte> make_room(PacketBatch& batch, std::size_t filled) const;
  void finish(const ScanResult& found, std::size_t left);
  void end_with(CaptureFault fault);

  CaptureInfo& x_info;
  std::uint16_t x_capture;
  std::size_t x_block_octets;
  std::unique_ptr<ByteSource> x_bytes;
  std::unique_ptr<RecordScanner> x_scanner;
  std::vector<std::byte> x_carried;  // the start of a record that the last block cut
  std::size_t x_record_needs = 0;    // octets that this record needs, as far as known
  std::uint64_t x_offset = 0;        // of the carried octets in the file
  bool x_finished = false;
};

}  // namespace tapdeck
