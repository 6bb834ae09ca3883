#include "tools/replay/preparation_report.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

#include "tools/replay/fitting_options.h"
#include "tools/replay/side_options.h"

namespace tapdeck {
namespace {

constexpr std::array<std::string_view, unfit_count> unfit_names{"truncated", "too_short", "no_form",
                                                                "prohibited", "unsegmented"};
constexpr std::array<std::string_view, 3> told_by_names{"by_connection", "by_address", "unknown"};

void write_fitted(const FittingCounts& counts, const FittingOptions& options, JsonOutput& json) {
  json.key("fitting");
  json.begin_object();
  json.member("mtu", options.mtu);
  json.member("longest_over_mtu", counts.largest);
  json.member("segmented", counts.segmented);
  json.member("segments", counts.segments);
  json.member("fragmented", counts.fragmented);
  json.member("fragments", counts.fragments);
  json.member("converted", counts.converted);
  json.member("padded", counts.padded);
  json.key("skipped");
  json.begin_object();
  for (std::size_t i = 0; i < unfit_count; ++i) json.member(unfit_names[i], counts.skipped[i]);
  json.end_object();
  json.end_object();
}

void write_split(const SideCounts& counts, JsonOutput& json) {
  json.key("split");
  json.begin_object();
  for (const Side side : {Side::client, Side::server}) {
    json.key(side == Side::client ? "client" : "server");
    json.begin_object();
    for (std::size_t i = 0; i < told_by_names.size(); ++i) {
      json.member(told_by_names[i], counts.packets[index_of(side)][i]);
    }
    json.end_object();
  }
  json.end_object();
}

}  // namespace

std::vector<std::string> preparation_sentences(const PreparationCounts& counts,
                                               const PreparationOptions& options) {
  std::vector<std::string> sentences = fitting_sentences(counts.fitted, options.fitting);
  if (options.unknown_side)
    std::ranges::move(side_sentences(counts.split), std::back_inserter(sentences));
  return sentences;
}

void write_preparation(const PreparationCounts& counts, const PreparationOptions& options,
                       JsonOutput& json) {
  write_fitted(counts.fitted, options.fitting, json);
  if (options.unknown_side) write_split(counts.split, json);
}

}  // namespace tapdeck
