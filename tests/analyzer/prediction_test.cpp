// Header prediction is a short way to the same result: with and without it nothing differs.
#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/analyzed.h"
#include "tests/support/corpus.h"
#include "tests/support/report_of.h"

namespace tapdeck {
namespace {

AnalysisOptions with_prediction(bool predicts) {
  AnalysisOptions options;
  options.tracker.trace = TraceWish::verdicts;
  options.tracker.predicts = predicts;
  return options;
}

std::vector<FrameVerdict> verdicts_of(const std::string& path, bool predicts) {
  std::vector<FrameVerdict> verdicts =
      test::analyze_file(path, with_prediction(predicts)).trace.verdicts;
  std::ranges::sort(verdicts, {}, &FrameVerdict::frame);
  return verdicts;
}

void expect_same(const std::string& path) {
  const auto with = verdicts_of(path, true);
  const auto without = verdicts_of(path, false);
  ASSERT_EQ(with.size(), without.size()) << path;
  for (std::size_t i = 0; i < with.size(); ++i) {
    ASSERT_EQ(with[i].frame, without[i].frame) << path;
    ASSERT_EQ(words_of(with[i].verdict), words_of(without[i].verdict))
        << path << " frame " << with[i].frame;
  }
  EXPECT_EQ(test::report_of(path, "json", with_prediction(true)),
            test::report_of(path, "json", with_prediction(false)))
      << path;
}

TEST(Prediction, ChangesNoGoldenReport) {
  const auto paths = test::small_captures_below(TAPDECK_GOLDEN_DIR);
  ASSERT_FALSE(paths.empty());
  for (const std::string& path : paths) expect_same(path);
}

TEST(Prediction, ChangesNothingOfOthersCaptures) {
  const std::string corpus = test::corpus_directory();
  if (corpus.empty()) GTEST_SKIP() << "no corpus here";
  for (const std::string& path : test::small_captures_below(corpus)) expect_same(path);
}

}  // namespace
}  // namespace tapdeck
