// The octets of a file descriptor, as they are.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "captures/byte_source.h"
#include "captures/bytes.h"
#include "captures/file_opener.h"

namespace tapdeck {

class FileBytes final : public ByteSource {
 public:
  /// "-" is standard input, which is not closed at the end.
  FileBytes(const std::string& path, FileOpener& opener);
  ~FileBytes() override;
  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;

  [[nodiscard]] std::size_t read(std::span<std::byte> room) override;
  void interrupt() override;

  /// The first octets without taking them: as many as asked for (at most 16) unless the file is
  /// shorter. Waits for them on a pipe. Requires: nothing has been read.
  [[nodiscard]] Bytes peek(std::size_t octets);

  [[nodiscard]] const std::optional<StreamTrouble>& trouble() const override { return x_trouble; }
  [[nodiscard]] Compression compression() const override { return Compression::none; }
  [[nodiscard]] std::uint64_t octets_read() const override { return x_octets_read; }
  [[nodiscard]] std::uint64_t octets_total() const override { return x_octets_total; }

 private:
  [[nodiscard]] std::size_t read_descriptor(std::span<std::byte> room);
  [[nodiscard]] bool wait_for_octets();
  [[nodiscard]] bool gets_what_was_on_its_way();
  void fail();

  bool x_owned;
  int x_descriptor;
  int x_wake = -1;  // readable once interrupted; of what may keep its readers waiting
  int x_end;        // the opener's interruption
  bool x_is_ending = false;
  int x_patience = -1;             // a timer, once that is needed
  std::size_t x_on_their_way = 0;  // octets at most that are read though interrupted
  std::uint64_t x_octets_read = 0;
  std::uint64_t x_octets_total = 0;
  std::array<std::byte, 16> x_peeked{};
  std::size_t x_peeked_from = 0;
  std::size_t x_peeked_to = 0;
  std::optional<StreamTrouble> x_trouble;
};

}  // namespace tapdeck
