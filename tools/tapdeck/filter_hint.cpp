#include "tools/tapdeck/filter_hint.h"

#include <algorithm>
#include <array>
#include <memory>

#include <fmt/format.h>

#include "analyzer/report/quantity.h"
#include "captures/failure.h"
#include "captures/packet_source.h"
#include "dissectors/dissector.h"
#include "dissectors/registry.h"

namespace tapdeck {
namespace {

constexpr std::uint64_t sample_packets = 10'000;

/// BPF's own words for stepping behind a header; the filter's meaning goes on behind it.
constexpr std::array steps{"vlan", "mpls", "pppoes", "vlan and vlan"};

bool readable_twice(const NamedInput& input) {
  return input.is_directory || input.files.front().octets > 0;
}

void look_at(const Dissection& dissection, RejectedSample& sample) {
  ++sample.packets;
  if (dissection.has_vlan) ++sample.tagged;
  if (dissection.tunnel_layers == 0) return;
  ++sample.tunnelled;
  if (!sample.tunnel.empty()) return;
  const auto layers = dissection.all_layers();
  const auto tunnel = std::ranges::find_if(
      layers, [](const Layer& layer) { return role_of(layer.protocol) == Role::tunnel; });
  if (tunnel != layers.end()) sample.tunnel = name_of(tunnel->protocol);
}

std::uint64_t count_matches(const std::vector<NamedInput>& inputs, const std::string& filter,
                            FileOpener& opener) {
  std::uint64_t matches = 0;
  PacketBatch batch;
  const auto source = open_captures(inputs, PacketFilter(filter), 0, opener);
  while (source->next(batch)) matches += batch.packets.size();
  return matches;
}

void try_steps(const std::vector<NamedInput>& inputs, const std::string& filter, FileOpener& opener,
               RejectedSample& sample) {
  for (const char* step : steps) {
    const std::string better = fmt::format("{} and ({})", step, filter);
    try {
      sample.better_count = count_matches(inputs, better, opener);
    } catch (const Failure&) {
      continue;  // not every link type knows every step, and names can't be looked up any more
    }
    if (sample.better_count > 0) {
      sample.better_filter = better;
      return;
    }
  }
}

}  // namespace

std::string hint_text(const RejectedSample& sample) {
  if (sample.tagged == 0 && sample.tunnelled == 0) return {};
  const std::string of = fmt::format(" of {} packets", count_text(sample.packets));
  std::string text = "the filter matched nothing; ";
  if (sample.tagged > 0) text += count_text(sample.tagged) + of + " carry a VLAN tag";
  if (sample.tunnelled > 0) {
    text += sample.tagged > 0 ? " and " + count_text(sample.tunnelled)
                              : count_text(sample.tunnelled) + of;
    text += fmt::format(" are inside a tunnel ({})", sample.tunnel);
  }
  if (!sample.better_filter.empty()) {
    return text +
           fmt::format(": '{}' matches {}", sample.better_filter, count_text(sample.better_count));
  }
  return text + ", behind which a BPF filter doesn't look by itself";
}

std::string filter_hint(const std::vector<NamedInput>& inputs, const std::string& filter,
                        FileOpener& opener) {
  if (!std::ranges::all_of(inputs, readable_twice)) return {};
  RejectedSample sample;
  Dissector dissector;
  const auto dissection = std::make_unique<Dissection>();
  PacketBatch batch;
  const auto source = open_captures(inputs, PacketFilter(), sample_packets, opener);
  while (source->next(batch)) {
    for (const Packet& packet : batch.packets) {
      dissector.dissect(packet, *dissection);
      look_at(*dissection, sample);
    }
    dissector.release_datagrams();
  }
  if (sample.tagged > 0 || sample.tunnelled > 0) try_steps(inputs, filter, opener, sample);
  return hint_text(sample);
}

}  // namespace tapdeck
