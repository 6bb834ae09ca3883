// A file that lies in a folder as long as this lives.
#pragma once

#include <filesystem>
#include <string>
#include <system_error>

#include <fmt/format.h>
#include <unistd.h>

namespace tapdeck {

class ScratchFile {
 public:
  ScratchFile(const std::string& folder, const std::string& name)
      : x_path(fmt::format("{}/tapdeck-bench-{}-{}", folder, ::getpid(), name)) {}
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;
  ~ScratchFile() {
    std::error_code gone_already;
    std::filesystem::remove(x_path, gone_already);
  }

  [[nodiscard]] const std::string& path() const { return x_path; }

 private:
  std::string x_path;
};

}  // namespace tapdeck
