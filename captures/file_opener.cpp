// Opening files with the process's own rights.
#include "captures/file_opener.h"

#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fcntl.h>

namespace tapdeck {
namespace {

constexpr unsigned new_file_mode = 0666;  // less what the umask takes

class OwnRights final : public FileOpener {
 public:
  int open_to_read(const std::string& path) override {
    return ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  }

  int open_to_write(const std::string& path) override { return create_file(path, std::nullopt); }

  bool is_same_file(const std::string& one, const std::string& other) override {
    std::error_code error;
    return one != "-" && other != "-" && std::filesystem::is_regular_file(one, error) &&
           std::filesystem::equivalent(one, other, error);
  }
};

}  // namespace

/// What is there already keeps its owner, and the kernel refuses what somebody else left in a
/// folder of everybody's.
int create_file(const std::string& path, const std::optional<FileOwner>& owner) {
  constexpr int how = O_WRONLY | O_CREAT | O_CLOEXEC;
  int opened = ::open(path.c_str(), how | O_EXCL, new_file_mode);
  bool is_new = opened >= 0;
  if (!is_new && errno == EEXIST) {
    std::error_code error;
    is_new = !std::filesystem::exists(path, error);  // but for a link that leads nowhere
    opened = ::open(path.c_str(), how | O_TRUNC, new_file_mode);
  }
  if (opened >= 0 && is_new) give_to(owner, opened);
  return opened;
}

FileOpener& own_rights() {
  static OwnRights opener;
  return opener;
}

}  // namespace tapdeck
