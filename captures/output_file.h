// A file (or standard output) that is written in whole records: whatever stops the program, what is
// on disk ends where a record ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "captures/bytes.h"
#include "captures/file_opener.h"

namespace tapdeck {

class OutputFile {
 public:
  /// "-" is standard output. Throws Failure(unwritable_output, or no_permission) if the file can't
  /// be created; what it held before is gone.
  explicit OutputFile(std::string path, FileOpener& opener = own_rights());
  /// Writes what is buffered; an error there is lost, so call close() first.
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  /// Both parts belong to one record. Throws Failure(unwritable_output).
  void write(Bytes head, Bytes data = {}, Bytes tail = {});

  /// Hands the buffered records to the system. Throws Failure(unwritable_output).
  void flush();

  /// Throws Failure(unwritable_output). Nothing can be written afterwards.
  void close();

  [[nodiscard]] const std::string& path() const { return x_path; }
  /// Handed over so far, the buffered ones included.
  [[nodiscard]] std::uint64_t octets_written() const { return x_octets_written; }

 private:
  void write_out(Bytes bytes);
  [[noreturn]] void fail(const std::string& what) const;

  std::string x_path;
  int x_descriptor;
  std::vector<std::byte> x_buffer;
  std::uint64_t x_octets_written = 0;
};

}  // namespace tapdeck
