// A stream of octets from a file or a pipe, decompressed on the way where its first octets show
// that it is gzip, zstd or lz4, on a thread of its own. Memory is bounded by one block whatever the
// stream claims.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "captures/capture_info.h"
#include "captures/file_opener.h"

namespace tapdeck {

/// Why a stream ended before its end.
struct StreamTrouble {
  CaptureFaultKind kind{};  // not_readable, broken_compression or interrupted
  std::string detail = {};  // the system's or the decompressor's words
};

class ByteSource {
 public:
  ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  virtual ~ByteSource() = default;

  /// Fills the front of `room` with what is there without waiting for more, at least one octet;
  /// 0: the end, or trouble(). Requires: room is not empty.
  [[nodiscard]] virtual std::size_t read(std::span<std::byte> room) = 0;

  /// Another thread's read() that waits returns 0 at once, and so does every later one.
  virtual void interrupt() {}

  [[nodiscard]] virtual const std::optional<StreamTrouble>& trouble() const = 0;
  [[nodiscard]] virtual Compression compression() const = 0;

  /// Octets of the file itself (compressed ones) read so far, and its size; 0: unknown.
  [[nodiscard]] virtual std::uint64_t octets_read() const = 0;
  [[nodiscard]] virtual std::uint64_t octets_total() const = 0;
};

/// Whether a thread of its own decompresses ahead of what is read.
enum class ReadAhead : std::uint8_t { no, yes };

/// "-" is standard input. Never null: a file that can't be opened is a source with trouble().
[[nodiscard]] std::unique_ptr<ByteSource> open_byte_source(const std::string& path,
                                                           FileOpener& opener = own_rights(),
                                                           ReadAhead ahead = ReadAhead::yes);

}  // namespace tapdeck
