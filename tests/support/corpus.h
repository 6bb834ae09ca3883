// Where the captures of public projects lie, for the tests that are skipped without them.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

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

}  // namespace tapdeck::test
