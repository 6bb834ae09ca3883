// The program over the captures of public projects: it ends by itself, with a documented exit code.
// Skipped where the corpus is absent. Which of them may end with 2 is the readers' test to say.
#include "tests/support/corpus.h"

#include "tests/end_to_end/run.h"
#include "tests/support/tab_separated.h"

namespace tapdeck {
namespace {

class Corpus : public test::EndToEnd {};

TEST_F(Corpus, EveryFileEndsWithADocumentedExitCode) {
  const std::string corpus = test::corpus_directory();
  if (corpus.empty()) GTEST_SKIP() << "the corpus is absent; TAPDECK_CORPUS names its directory";
  std::size_t files = 0;
  for (const test::TableRow& row : test::read_table(corpus + "/MANIFEST.tsv")) {
    const std::string& name = row.at("name");
    // 124 is that of timeout: ten seconds are hundreds of times what the slowest file takes.
    const int exit_code =
        run("timeout 10 $T analyze --format json '" + corpus + "/" + name + "' > /dev/null")
            .exit_code;
    EXPECT_TRUE(exit_code == 0 || exit_code == 2 || exit_code == 3) << name << ": " << exit_code;
    ++files;
  }
  EXPECT_GT(files, 0U);
}

}  // namespace
}  // namespace tapdeck
