#include "tools/bench/generate.h"

#include <algorithm>

#include <fmt/format.h>

#include "captures/failure.h"
#include "tools/bench/traffic.h"

namespace tapdeck {
namespace {

[[nodiscard]] const TrafficKind& find_kind(const std::string& name) {
  const auto kinds = traffic_kinds();
  const auto found = std::find_if(kinds.begin(), kinds.end(),
                                  [&](const TrafficKind& kind) { return kind.name == name; });
  if (found == kinds.end()) throw Failure(ExitCode::usage, "no kind of traffic is called " + name);
  return *found;
}

[[nodiscard]] std::uint64_t count_flows(const TrafficKind& kind, const GenerateOptions& options) {
  const std::uint64_t usual =
      kind.packets_per_flow == 0 ? 1 : options.packets / kind.packets_per_flow;
  const std::uint64_t flows =
      options.flows == 0 ? std::max<std::uint64_t>(1, usual) : options.flows;
  if (options.packets / kind.fewest_packets_per_flow < flows) {
    throw Failure(ExitCode::usage,
                  fmt::format("{} needs at least {} packets a flow: {} flows don't fit into {}",
                              kind.name, kind.fewest_packets_per_flow, flows, options.packets));
  }
  return flows;
}

}  // namespace

Generated generate(const GenerateOptions& options) {
  const TrafficKind& kind = find_kind(options.kind);
  const std::uint64_t flows = count_flows(kind, options);
  GeneratedCapture capture(options.out, options.snap_length, options.packets);
  kind.generate(capture, {.packets = options.packets, .flows = flows, .seed = options.seed});
  capture.close();
  return {.packets = capture.written(), .flows = flows, .octets = capture.octets()};
}

}  // namespace tapdeck
