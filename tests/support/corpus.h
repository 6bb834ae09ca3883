// Where the captures of public projects lie, for the tests that are skipped without them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace tapdeck::test {

/// TAPDECK_CORPUS in the environment goes before what the build found. Empty where it is absent.
inline std::string corpus_directory() {
  std::string directory;
#ifdef TAPDECK_CORPUS_DIR
  directory = TAPDECK_CORPUS_DIR;
#endif
  if (const char* given = std::getenv("TAPDECK_CORPUS")) directory = given;
  return std::filesystem::exists(directory + "/MANIFEST.tsv") ? directory : std::string{};
}

/// The captures in a directory and below it, in order, without the few that would take most of the
/// time.
inline std::vector<std::string> small_captures_below(const std::string& directory) {
  constexpr std::uintmax_t large = 2'000'000;  // octets
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    const std::string extension = entry.path().extension();
    const bool is_capture = extension == ".pcap" || extension == ".pcapng";
    if (is_capture && entry.file_size() <= large) paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  return paths;
}

}  // namespace tapdeck::test
