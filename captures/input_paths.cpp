// Looking through directories for captures.
#include "captures/input_paths.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "captures/capture_file.h"
#include "captures/failure.h"

namespace tapdeck {
namespace {

bool looks_like_capture(const std::string& path) {
  CaptureInfo info;
  info.file = path;
  const CaptureFile file(0, info, recognition_block_octets);
  return std::ranges::none_of(info.faults, [](const CaptureFault& fault) {
    return fault.kind == CaptureFaultKind::not_a_capture || fault.kind == CaptureFaultKind::empty;
  });
}

CaptureFault directory_fault(CaptureFaultKind kind, std::string detail) {
  return {.kind = kind, .detail = std::move(detail)};
}

void add_directory(const std::string& path, std::vector<InputPath>& inputs) {
  std::error_code error;
  std::vector<std::string> found;
  std::filesystem::recursive_directory_iterator entry(
      path, std::filesystem::directory_options::skip_permission_denied, error);
  for (const std::filesystem::recursive_directory_iterator end; !error && entry != end;
       entry.increment(error)) {
    std::error_code status_error;
    if (entry->is_regular_file(status_error) && looks_like_capture(entry->path().string())) {
      found.push_back(entry->path().string());
    }
  }
  if (error) {
    inputs.push_back({path, {directory_fault(CaptureFaultKind::not_readable, error.message())}});
  } else if (found.empty()) {
    inputs.push_back(
        {path,
         {directory_fault(CaptureFaultKind::not_a_capture, "the directory holds no captures")}});
  }
  std::ranges::sort(found);
  for (std::string& file : found) {
    inputs.push_back({std::move(file), {}});
  }
}

}  // namespace

std::vector<InputPath> find_inputs(const std::vector<std::string>& paths) {
  if (paths.empty()) {
    throw Failure(ExitCode::usage, "no capture is named to read from");
  }
  if (std::ranges::count(paths, "-") > 1) {
    throw Failure(ExitCode::usage, "standard input (-) can be read once only");
  }
  std::vector<InputPath> inputs;
  for (const std::string& path : paths) {
    std::error_code error;
    const auto type = std::filesystem::status(path, error).type();
    if (path != "-" && type == std::filesystem::file_type::not_found) {
      throw Failure(ExitCode::unreadable_input, path + ": no such file or directory");
    }
    if (path != "-" && type == std::filesystem::file_type::directory) {
      add_directory(path, inputs);
    } else {
      inputs.push_back({path, {}});
    }
  }
  return inputs;
}

}  // namespace tapdeck
