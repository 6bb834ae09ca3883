// A file (or standard output) that is written in whole records: whatever stops the program, what is
// on disk ends where a record ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <vector>

#include <sys/types.h>

#include "captures/bytes.h"
#include "captures/file_opener.h"

namespace tapdeck {

/// Hands octets to the system, behind what the file holds: as ::write, with errno.
using WriteOctets = std::function<ssize_t(int descriptor, Bytes octets)>;

[[nodiscard]] ssize_t write_octets(int descriptor, Bytes octets);

/// All of them, in as many pieces as it takes. False: errno says why; what was written before that
/// stays.
[[nodiscard]] bool write_all(int descriptor, Bytes octets);

class OutputFile {
 public:
  /// "-" is standard output. Throws Failure(unwritable_output, or no_permission) if the file can't
  /// be created; what it held before is gone.
  explicit OutputFile(std::string path, FileOpener& opener = own_rights());
  /// Goes on behind what the file holds. The descriptor is this object's from now on.
  OutputFile(std::string path, int descriptor, WriteOctets write = write_octets);
  /// Writes what is buffered; an error there is lost, so call close() first.
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  /// All parts belong to one record. Throws Failure(unwritable_output).
  void write(std::initializer_list<Bytes> parts);
  void write(Bytes record) { write({record}); }

  /// Hands the buffered records to the system. Throws Failure(unwritable_output); of a record that
  /// the system took only in part nothing is left in the file then.
  void flush();

  /// Throws Failure(unwritable_output). Nothing can be written afterwards.
  void close();

  [[nodiscard]] const std::string& path() const { return x_path; }
  /// Handed over so far, the buffered ones included.
  [[nodiscard]] std::uint64_t octets_written() const { return x_octets_written; }
  /// Records that the system has taken whole.
  [[nodiscard]] std::uint64_t records_safe() const { return x_records_safe; }

 private:
  void take_back_behind(std::size_t taken);
  [[noreturn]] void fail(const std::string& what) const;

  std::string x_path;
  int x_descriptor;
  WriteOctets x_write;
  std::vector<std::byte> x_buffer;
  std::vector<std::size_t> x_ends;  // of the records in the buffer
  std::uint64_t x_octets_written = 0;
  std::uint64_t x_records_safe = 0;
};

}  // namespace tapdeck
