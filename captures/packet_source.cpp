// Choosing the source that the inputs and options ask for.
#include "captures/packet_source.h"

#include <limits>
#include <utility>

#include "captures/failure.h"
#include "captures/filtered_source.h"
#include "captures/input_paths.h"
#include "captures/merged_files.h"
#include "captures/single_file.h"

namespace tapdeck {

std::unique_ptr<PacketSource> open_captures(const std::vector<std::string>& paths,
                                            const SourceOptions& options) {
  PacketFilter filter(options.filter);
  std::vector<CaptureInfo> captures;
  for (InputPath& input : find_inputs(paths)) {
    CaptureInfo& info = captures.emplace_back();
    info.file = std::move(input.path);
    info.faults = std::move(input.faults);
  }
  if (captures.size() > std::size_t{std::numeric_limits<std::uint16_t>::max()} + 1) {
    throw Failure(ExitCode::usage, "more than 65536 captures at once");
  }
  std::unique_ptr<PacketSource> source;
  if (captures.size() == 1 && captures.front().faults.empty()) {
    source = std::make_unique<SingleFile>(std::move(captures));
  } else {
    source = std::make_unique<MergedFiles>(std::move(captures));
  }
  if (options.filter.empty() && options.packet_limit == 0) {
    return source;
  }
  return std::make_unique<FilteredSource>(std::move(source), std::move(filter),
                                          options.packet_limit);
}

}  // namespace tapdeck
