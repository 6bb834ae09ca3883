// Several capture files as one stream in the order of time: always the packet that is earliest
// among the files' next ones, so within a file the order is never changed.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "captures/capture_file.h"
#include "captures/input_paths.h"
#include "captures/packet_source.h"

namespace tapdeck {

class MergedFiles final : public PacketSource {
 public:
  /// Those that have faults already are not read. A file whose first packet is not due yet stays
  /// closed, so a long row of rotated files needs little. The opener outlives the source.
  MergedFiles(std::vector<InputPath> inputs, FileOpener& opener);

  [[nodiscard]] bool next(PacketBatch& batch) override;
  [[nodiscard]] const std::vector<CaptureInfo>& captures() const override { return x_captures; }
  [[nodiscard]] ReadProgress progress() const override;

 private:
  struct Input {
    std::unique_ptr<CaptureFile> file;  // null: not opened yet, or done with
    PacketBatch batch;
    std::size_t position = 0;      // of the next packet in the batch
    std::size_t next_comment = 0;  // the first comment whose packet has not been handed out
    std::uint64_t octets = 0;      // of the file, while it is closed; 0: unknown
    bool done = false;
  };
  /// The next packet's time and its input's number: what the inputs are ordered by.
  struct Head {
    std::int64_t time_ns;
    std::size_t input;
    friend auto operator<=>(const Head&, const Head&) = default;
  };

  void look_at_start(std::size_t number);
  [[nodiscard]] bool open(std::size_t number);
  [[nodiscard]] bool refill(std::size_t number);
  [[nodiscard]] bool hand_out(std::size_t number, PacketBatch& batch);
  void renumber_comments(std::size_t number, std::uint64_t own, std::uint64_t merged);

  FileOpener& x_opener;
  std::vector<CaptureInfo> x_captures;
  std::vector<Input> x_inputs;
  std::vector<Head> x_heads;  // a heap, the earliest in front
  std::size_t x_block_octets;
  std::size_t x_filled = 0;  // octets used of the batch's buffer
  std::uint64_t x_number = 0;
};

}  // namespace tapdeck
