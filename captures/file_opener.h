// Who opens the files that are read and written: this process, or another one on its behalf that
// kept the rights which this one gave up.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <sys/types.h>

#include "captures/file_owner.h"

namespace tapdeck {

inline constexpr mode_t new_file_mode = 0666;  // less what the umask takes

class FileOpener {
 public:
  FileOpener() = default;
  FileOpener(const FileOpener&) = delete;
  FileOpener& operator=(const FileOpener&) = delete;
  virtual ~FileOpener() = default;

  /// A descriptor that is the caller's from then on; -1, and why in errno.
  [[nodiscard]] virtual int open_to_read(const std::string& path) = 0;

  /// The same for a file that is created, or emptied.
  [[nodiscard]] virtual int open_to_write(const std::string& path) = 0;

  /// Readable once reading is to end early; -1: nothing ends it.
  [[nodiscard]] virtual int interruption() const { return -1; }

  /// True if both paths lead to one regular file: writing to it would destroy what is read. "-" is
  /// standard input and standard output.
  [[nodiscard]] virtual bool is_same_file(const std::string& input, const std::string& output) = 0;
};

/// Device and inode.
using FileId = std::pair<std::uint64_t, std::uint64_t>;

/// Of the regular file to which a path leads; "-" is the descriptor `standard`. Empty: there is
/// none.
[[nodiscard]] std::optional<FileId> regular_file(const std::string& path, int standard);

/// A descriptor to write to a file that this made, if need be where a link leads; -1, and EEXIST in
/// errno, if something is there. In a folder of everybody's a link is something, wherever it leads.
[[nodiscard]] int make_file(const std::string& path);

/// Creates a file that belongs to `owner`, or empties the one that has that name. As open_to_write.
[[nodiscard]] int create_file(const std::string& path, const std::optional<FileOwner>& owner);

/// Opens files with the rights of the process itself.
[[nodiscard]] FileOpener& own_rights();

}  // namespace tapdeck
