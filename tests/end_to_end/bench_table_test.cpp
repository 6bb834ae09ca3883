// The table of tapdeck-bench, over captures too small to say anything of speed.
#include "tests/end_to_end/run.h"

namespace tapdeck {
namespace {

using BenchTable = test::EndToEnd;

/// The line that begins so, without what stands before its numbers; empty if there is none.
std::string row(const std::string& table, const std::string& begin) {
  const std::size_t at = table.find("\n" + begin + " ");
  if (at == std::string::npos) return {};
  const std::size_t numbers = at + 1 + begin.size();
  return table.substr(numbers, table.find('\n', numbers) - numbers);
}

TEST_F(BenchTable, MeasuresEveryKindAndLeavesNothingBehind) {
  const test::Outcome outcome =
      run("$(dirname \"$T\")/tapdeck-bench table --packets 1000 --rounds 1 --folder .");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  const std::size_t growth_at = outcome.output.find("Growth of tapdeck");
  ASSERT_NE(growth_at, std::string::npos) << outcome.output;
  const std::string costs = outcome.output.substr(0, growth_at);
  for (const std::string kind :
       {"web, 96 octets", "web", "web, a tenth", "SYN flood", "idle", "UDP", "one elephant"}) {
    int packets = 0, flows = 0;
    double ns = 0, peak = 0;
    const std::string numbers = row(costs, kind);
    ASSERT_EQ(std::sscanf(numbers.c_str(), "%d %d %lf %lf", &packets, &flows, &ns, &peak), 4)
        << kind << "\n"
        << outcome.output;
    EXPECT_NEAR(packets, kind == "web, a tenth" ? 100 : 1'000, 5);
    EXPECT_GT(ns, 0);
    EXPECT_GT(peak, 1);
  }
  const std::string growth = outcome.output.substr(growth_at);
  for (const std::string kind : {"web", "syn", "idle", "udp", "elephant"}) {
    EXPECT_NE(growth.find("\n" + kind + std::string(15 - kind.size(), ' ') + "     10000 "),
              std::string::npos)
        << kind << "\n"
        << outcome.output;
  }
  EXPECT_EQ(run("ls *.pcap | wc -l").output, "0\n");
}

TEST_F(BenchTable, RefusesSizesThatShowNothing) {
  const test::Outcome outcome = run("$(dirname \"$T\")/tapdeck-bench table --packets 999");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.errors.find("--packets must be at least 1000"), std::string::npos);
}

}  // namespace
}  // namespace tapdeck
