// Opening files with the process's own rights.
#include "captures/file_opener.h"

#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tapdeck {
namespace {

class OwnRights final : public FileOpener {
 public:
  int open_to_read(const std::string& path) override {
    return ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  }

  int open_to_write(const std::string& path) override { return create_file(path, std::nullopt); }

  bool is_same_file(const std::string& input, const std::string& output) override {
    const std::optional<FileId> read = regular_file(input, STDIN_FILENO);
    return read && read == regular_file(output, STDOUT_FILENO);
  }
};

}  // namespace

std::optional<FileId> regular_file(const std::string& path, int standard) {
  struct stat status {};
  const int result = path == "-" ? ::fstat(standard, &status) : ::stat(path.c_str(), &status);
  if (result != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  return FileId(status.st_dev, status.st_ino);
}

int make_file(const std::string& path) {
  namespace fs = std::filesystem;
  constexpr int how = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
  const int opened = ::open(path.c_str(), how, new_file_mode);
  if (opened >= 0 || errno != EEXIST) return opened;
  std::error_code error;
  const bool is_there = fs::exists(path, error);  // though a link of /dev/fd names nothing to open
  const fs::path folder = path.find('/') != std::string::npos ? fs::path(path).parent_path() : ".";
  const fs::perms rights = fs::status(folder, error).permissions();
  const bool is_everybodys = (rights & fs::perms::sticky_bit) != fs::perms::none;
  const fs::path target = fs::read_symlink(path, error);
  if (is_there || is_everybodys || error) {
    errno = EEXIST;
    return -1;
  }
  return ::open((folder / target).c_str(), how, new_file_mode);
}

/// What is there already keeps its owner, and the kernel refuses what somebody else left in a
/// folder of everybody's.
int create_file(const std::string& path, const std::optional<FileOwner>& owner) {
  const int made = make_file(path);
  if (made >= 0) give_to(owner, made);
  if (made >= 0 || errno != EEXIST) return made;
  return ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, new_file_mode);
}

FileOpener& own_rights() {
  static OwnRights opener;
  return opener;
}

}  // namespace tapdeck
