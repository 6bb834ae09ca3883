// The lab's golden recordings: what the judge says of each frame against the truth that the link
// emulator wrote beside it.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/analyzed.h"
#include "tests/support/tab_separated.h"

namespace tapdeck {
namespace {

constexpr std::string_view truth_suffix = ".truth.tsv";

std::vector<std::string> recordings() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(TAPDECK_GOLDEN_DIR)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(truth_suffix)) {
      names.push_back(name.substr(0, name.size() - truth_suffix.size()));
    }
  }
  std::ranges::sort(names);
  return names;
}

std::string class_of(const Verdict& verdict) {
  switch (verdict.origin) {
    case Origin::retransmission:
      return "retransmission";
    case Origin::out_of_order:
      return "out_of_order";
    case Origin::duplicate:
      return "duplicate";
    case Origin::first:
    case Origin::keep_alive:
    case Origin::window_probe:
      return {};
  }
  return {};
}

struct Share {
  std::size_t judged = 0;
  std::size_t right = 0;
  std::string wrong;  // "frame:told/true" each
};

Share score(const std::string& path) {
  AnalysisOptions options;
  options.tracker.trace = TraceWish::verdicts;
  std::map<std::uint64_t, Verdict> verdicts;
  for (const FrameVerdict& verdict : test::analyze_file(path + ".pcap", options).trace.verdicts) {
    verdicts[verdict.frame] = verdict.verdict;
  }
  Share share;
  for (const test::TableRow& row : test::read_table(path + std::string(truth_suffix))) {
    const std::string told = class_of(verdicts[std::stoull(row.at("frame"))]);
    if (row.at("class").empty() && told.empty()) continue;
    ++share.judged;
    if (told == row.at("class")) {
      ++share.right;
    } else {
      share.wrong += " " + row.at("frame") + ":" + told + "/" + row.at("class");
    }
  }
  return share;
}

/// Segments that are told falsely count against it as those do that are missed.
TEST(GoldenTruth, CausesAreRight) {
  double sum = 0;
  for (const std::string& name : recordings()) {
    const Share share = score(std::string(TAPDECK_GOLDEN_DIR) + "/" + name);
    EXPECT_GT(share.judged, 0U) << name;
    if (!share.wrong.empty()) std::cout << name << share.wrong << '\n';
    sum += static_cast<double>(share.right) / static_cast<double>(share.judged);
  }
  const double mean = sum / static_cast<double>(recordings().size());
  std::cout << "causes right, mean over " << recordings().size() << " recordings: " << mean << '\n';
  EXPECT_GE(mean, 0.985);
}

}  // namespace
}  // namespace tapdeck
