// Opening a stream: recognising compression and decoding it block by block.
#include "captures/byte_source.h"

#include <utility>
#include <vector>

#include "captures/ahead_bytes.h"
#include "captures/decompressor.h"
#include "captures/file_bytes.h"

namespace tapdeck {
namespace {

constexpr std::size_t compressed_block_octets = std::size_t{64} * 1024;
constexpr std::size_t compression_magic_octets = 4;

class DecompressedBytes final : public ByteSource {
 public:
  DecompressedBytes(std::unique_ptr<ByteSource> file, Compression compression)
      : x_file(std::move(file)),
        x_compression(compression),
        x_decompressor(make_decompressor(compression)),
        x_block(compressed_block_octets) {}

  std::size_t read(std::span<std::byte> room) override {
    std::size_t filled = 0;
    while (filled < room.size() && !x_ended) {
      const bool starved = x_input.empty() && !x_output_held_back;
      if (starved && (filled > 0 || !refill())) {
        break;
      }
      filled += advance(room.subspan(filled));
    }
    return filled;
  }

  void interrupt() override { x_file->interrupt(); }
  const std::optional<StreamTrouble>& trouble() const override { return x_trouble; }
  Compression compression() const override { return x_compression; }
  std::uint64_t octets_read() const override { return x_file->octets_read(); }
  std::uint64_t octets_total() const override { return x_file->octets_total(); }

 private:
  bool refill() {
    const std::size_t got = x_file->read(x_block);
    x_input = Bytes(x_block).first(got);
    if (got > 0) {
      return true;
    }
    x_ended = true;
    if (x_file->trouble()) {
      x_trouble = x_file->trouble();
    } else if (!x_at_frame_end) {
      x_trouble = {CaptureFaultKind::broken_compression, "the compressed file is cut short"};
    }
    return false;
  }

  std::size_t advance(std::span<std::byte> room) {
    const DecompressionStep done = x_decompressor->step(x_input, room);
    x_input = x_input.subspan(done.consumed);
    x_output_held_back = done.produced == room.size();
    x_at_frame_end = done.at_frame_end;
    const bool stuck = done.consumed == 0 && done.produced == 0 && !x_input.empty();
    if (!done.error.empty() || stuck) {
      x_ended = true;
      x_trouble = {CaptureFaultKind::broken_compression,
                   done.error.empty() ? "decompression makes no progress" : done.error};
    }
    return done.produced;
  }

  std::unique_ptr<ByteSource> x_file;
  Compression x_compression;
  std::unique_ptr<Decompressor> x_decompressor;
  std::vector<std::byte> x_block;
  Bytes x_input;
  bool x_output_held_back = false;
  bool x_at_frame_end = false;
  bool x_ended = false;
  std::optional<StreamTrouble> x_trouble;
};

}  // namespace

std::unique_ptr<ByteSource> open_byte_source(const std::string& path, FileOpener& opener,
                                             ReadAhead ahead) {
  auto file = std::make_unique<FileBytes>(path, opener);
  const Compression compression = recognise_compression(file->peek(compression_magic_octets));
  if (compression == Compression::none) {
    return file;
  }
  auto decompressed = std::make_unique<DecompressedBytes>(std::move(file), compression);
  if (ahead == ReadAhead::no) return decompressed;
  return std::make_unique<AheadBytes>(std::move(decompressed));
}

}  // namespace tapdeck
