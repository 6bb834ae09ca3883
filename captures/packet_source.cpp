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
  return open_captures(list_inputs(paths), std::move(filter), options.packet_limit, own_rights());
}

std::unique_ptr<PacketSource> open_captures(const std::vector<NamedInput>& named,
                                            PacketFilter filter, std::uint64_t packet_limit,
                                            FileOpener& opener) {
  std::vector<InputPath> inputs = find_inputs(named, opener);
  if (inputs.size() > std::size_t{std::numeric_limits<std::uint16_t>::max()} + 1) {
    throw Failure(ExitCode::usage, "more than 65536 captures at once");
  }
  std::unique_ptr<PacketSource> source;
  if (inputs.size() == 1 && inputs.front().faults.empty()) {
    source = std::make_unique<SingleFile>(std::move(inputs.front().file.path), opener);
  } else {
    source = std::make_unique<MergedFiles>(std::move(inputs), opener);
  }
  if (filter.passes_all() && packet_limit == 0) {
    return source;
  }
  return std::make_unique<FilteredSource>(std::move(source), std::move(filter), packet_limit);
}

}  // namespace tapdeck
