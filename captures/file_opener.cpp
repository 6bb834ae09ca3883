// Opening files with the process's own rights.
#include "captures/file_opener.h"

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

  int open_to_write(const std::string& path) override {
    return ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, new_file_mode);
  }

  bool is_same_file(const std::string& one, const std::string& other) override {
    std::error_code error;
    return one != "-" && other != "-" && std::filesystem::is_regular_file(one, error) &&
           std::filesystem::equivalent(one, other, error);
  }
};

}  // namespace

FileOpener& own_rights() {
  static OwnRights opener;
  return opener;
}

}  // namespace tapdeck
