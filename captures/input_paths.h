// From what the user names to the files that are read: first which files there are, without opening
// one, then which of those that lie in directories are captures, or are called so.
#pragma once

#include <string>
#include <vector>

#include "captures/capture_info.h"
#include "captures/file_opener.h"

namespace tapdeck {

struct ListedFile {
  std::string path;
  std::uint64_t octets = 0;  // of a regular file; 0: a pipe, or nobody knows
};

/// What the user named: one file, or a directory with the regular files in and below it by path.
struct NamedInput {
  std::string path;
  bool is_directory = false;
  std::vector<ListedFile> files = {};
  std::string error = {};  // the system's words, if the directory could not be looked through
};

/// A fault only where a directory turned out to hold no captures.
struct InputPath {
  ListedFile file;
  std::vector<CaptureFault> faults;
};

/// In the order given. Throws Failure(unreadable_input) for a path that doesn't exist,
/// Failure(usage) for no path at all and for standard input named twice.
[[nodiscard]] std::vector<NamedInput> list_inputs(const std::vector<std::string>& paths);

/// The files to be read: of those that lie in directories the captures, and what has a capture's
/// name (x.pcap.gz), though it may have been emptied or broken since.
[[nodiscard]] std::vector<InputPath> find_inputs(const std::vector<NamedInput>& named,
                                                 FileOpener& opener);

}  // namespace tapdeck
