// Looking through directories for captures.
#include "captures/input_paths.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "captures/capture_file.h"
#include "captures/failure.h"

namespace tapdeck {
namespace {

std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return text;
}

/// Not what other systems leave beside it under a hidden name.
bool is_named_as_capture(const std::string& path) {
  constexpr std::array<std::string_view, 3> captures{".pcap", ".pcapng", ".cap"};
  constexpr std::array<std::string_view, 5> compressions{".gz", ".zst", ".lz4", ".bz2", ".xz"};
  std::filesystem::path name = lower_case(std::filesystem::path(path).filename().string());
  if (name.string().starts_with('.')) return false;
  if (std::ranges::find(compressions, name.extension()) != compressions.end()) {
    name.replace_extension();
  }
  return std::ranges::find(captures, name.extension()) != captures.end();
}

bool looks_like_capture(const ListedFile& listed, FileOpener& opener) {
  CaptureInfo info;
  info.file = listed.path;
  const CaptureFile file(0, info, recognition_block_octets, opener);
  return std::ranges::none_of(info.faults, [](const CaptureFault& fault) {
    return fault.kind == CaptureFaultKind::not_a_capture || fault.kind == CaptureFaultKind::empty;
  });
}

ListedFile listed(const std::string& path, bool is_regular) {
  std::error_code error;
  const std::uintmax_t octets = is_regular ? std::filesystem::file_size(path, error) : 0;
  return {path, error ? 0 : octets};
}

InputPath directory_fault(const NamedInput& directory, CaptureFaultKind kind, std::string detail) {
  return {{directory.path}, {{.kind = kind, .detail = std::move(detail)}}};
}

void list_directory(NamedInput& directory) {
  std::error_code error;
  std::filesystem::recursive_directory_iterator entry(
      directory.path, std::filesystem::directory_options::skip_permission_denied, error);
  for (const std::filesystem::recursive_directory_iterator end; !error && entry != end;
       entry.increment(error)) {
    std::error_code ignored;
    if (entry->is_regular_file(ignored)) {
      directory.files.push_back(listed(entry->path().string(), true));
    }
  }
  if (error) {
    directory.error = error.message();
  }
  std::ranges::sort(directory.files, {}, &ListedFile::path);
}

void add_captures(const NamedInput& directory, FileOpener& opener, std::vector<InputPath>& inputs) {
  const std::size_t before = inputs.size();
  for (const ListedFile& file : directory.files) {
    if (is_named_as_capture(file.path) || looks_like_capture(file, opener)) {
      inputs.push_back({file, {}});
    }
  }
  if (!directory.error.empty()) {
    inputs.push_back(directory_fault(directory, CaptureFaultKind::not_readable, directory.error));
  } else if (inputs.size() == before) {
    inputs.push_back(directory_fault(directory, CaptureFaultKind::not_a_capture,
                                     "the directory holds no captures"));
  }
}

}  // namespace

std::vector<NamedInput> list_inputs(const std::vector<std::string>& paths) {
  if (paths.empty()) {
    throw Failure(ExitCode::usage, "no capture is named to read from");
  }
  if (std::ranges::count(paths, "-") > 1) {
    throw Failure(ExitCode::usage, "standard input (-) can be read once only");
  }
  std::vector<NamedInput> inputs;
  for (const std::string& path : paths) {
    NamedInput& input = inputs.emplace_back();
    input.path = path;
    std::error_code error;
    const auto type = path == "-" ? std::filesystem::file_type::fifo
                                  : std::filesystem::status(path, error).type();
    if (type == std::filesystem::file_type::not_found) {
      throw Failure(ExitCode::unreadable_input, path + ": no such file or directory");
    }
    input.is_directory = type == std::filesystem::file_type::directory;
    if (input.is_directory) {
      list_directory(input);
    } else {
      input.files.push_back(listed(path, type == std::filesystem::file_type::regular));
    }
  }
  return inputs;
}

std::vector<InputPath> find_inputs(const std::vector<NamedInput>& named, FileOpener& opener) {
  std::vector<InputPath> inputs;
  for (const NamedInput& input : named) {
    if (input.is_directory) {
      add_captures(input, opener, inputs);
    } else {
      inputs.push_back({input.files.front(), {}});
    }
  }
  return inputs;
}

}  // namespace tapdeck
