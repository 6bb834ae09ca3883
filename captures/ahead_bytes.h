// A source that is read on a thread of its own, a few blocks ahead: for sources that compute what
// they give.
#pragma once

#include <array>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "captures/byte_source.h"

namespace tapdeck {

class AheadBytes final : public ByteSource {
 public:
  explicit AheadBytes(std::unique_ptr<ByteSource> source);
  ~AheadBytes() override;

  [[nodiscard]] std::size_t read(std::span<std::byte> room) override;
  [[nodiscard]] const std::optional<StreamTrouble>& trouble() const override { return x_trouble; }
  [[nodiscard]] Compression compression() const override { return x_compression; }
  [[nodiscard]] std::uint64_t octets_read() const override { return x_octets_read; }
  [[nodiscard]] std::uint64_t octets_total() const override { return x_octets_total; }

 private:
  static constexpr std::size_t block_octets = std::size_t{256} * 1024;
  static constexpr std::size_t blocks = 3;

  struct Block {
    std::vector<std::byte> bytes;
    std::size_t size = 0;  // 0: the end
    std::uint64_t octets_read = 0;
  };

  void run();
  void fill(Block& block);

  std::unique_ptr<ByteSource> x_source;  // of the thread alone, once that runs
  Compression x_compression;
  std::uint64_t x_octets_total;
  std::array<Block, blocks> x_blocks;
  std::size_t x_taken = 0;  // octets of the oldest block
  std::uint64_t x_octets_read = 0;
  std::optional<StreamTrouble> x_trouble;
  std::exception_ptr x_thrown;  // by the source
  bool x_at_end = false;

  std::mutex x_mutex;
  std::condition_variable x_filled_some, x_emptied_some;
  std::uint64_t x_filled = 0, x_emptied = 0;  // blocks; guarded, as x_stops
  bool x_stops = false;
  std::thread x_thread;
};

}  // namespace tapdeck
