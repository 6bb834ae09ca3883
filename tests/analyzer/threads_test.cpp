// Any number of threads gives the same report, octet for octet.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/corpus.h"
#include "tests/support/report_of.h"

namespace tapdeck {
namespace {

std::string report_of(const std::string& path, std::string_view format, unsigned threads) {
  AnalysisOptions options;
  options.tracker.threads = threads;
  return test::report_of(path, format, options);
}

void expect_same(const std::string& path) {
  for (const std::string_view format : {"json", "jsonl", "text"}) {
    const std::string alone = report_of(path, format, 1);
    for (const unsigned threads : {2U, 6U}) {
      ASSERT_EQ(report_of(path, format, threads), alone)
          << path << " as " << format << " with " << threads << " threads";
    }
  }
}

TEST(Threads, ChangeNoGoldenReport) {
  const auto paths = test::small_captures_below(TAPDECK_GOLDEN_DIR);
  ASSERT_FALSE(paths.empty());
  for (const std::string& path : paths) expect_same(path);
}

TEST(Threads, ChangeNothingOfOthersCaptures) {
  const std::string corpus = test::corpus_directory();
  if (corpus.empty()) GTEST_SKIP() << "no corpus here";
  for (const std::string& path : test::small_captures_below(corpus)) {
    expect_same(path);
    if (testing::Test::HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace tapdeck
