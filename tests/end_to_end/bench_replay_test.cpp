// tapdeck-bench replay, over captures too small to say anything of speed: whatever ends it, nothing
// that it made stays.
#include "tests/end_to_end/run.h"

namespace tapdeck {
namespace {

class BenchReplay : public test::EndToEnd {
 protected:
  void SetUp() override {
    EndToEnd::SetUp();
    const std::string name = "tapdeck-test-" + std::to_string(::getpid());
    if (run("ip netns add " + name + " && ip netns delete " + name).exit_code != 0) {
      GTEST_SKIP() << "no network namespaces here: that takes root and iproute2";
    }
  }

  /// Of a benchmark with this process id, which the shell put into the file `process`.
  [[nodiscard]] std::string left_behind() const {
    return run("ip netns list | grep -c \"^tapdeck-bench-$(cat process)-\"; ls | grep "
               "tapdeck-bench")
        .output;
  }
};

TEST_F(BenchReplay, CountsEveryFrameAtTheFarEnd) {
  const test::Outcome outcome =
      run("$(dirname \"$T\")/tapdeck-bench replay speed --packets 2000 --rounds 1 --folder . & "
          "echo $! > process; wait $!");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  for (const char* row :
       {"2000 frames of 60 to 124 octets", "1000 frames of 60 to 1514 octets",
        "tapdeck replay --top-speed --method packet", "(a bare loop of sendmmsg)"}) {
    EXPECT_NE(outcome.output.find(row), std::string::npos) << outcome.output;
  }
  EXPECT_EQ(outcome.output.find("did not arrive"), std::string::npos) << outcome.output;
  EXPECT_EQ(left_behind(), "0\n");
}

TEST_F(BenchReplay, LeavesNothingWhenInterrupted) {
  const test::Outcome outcome =
      run("$(dirname \"$T\")/tapdeck-bench replay timing --rounds 1 --folder . > table & "
          "echo $! > process\n"
          "for i in $(seq 500); do [ -s tapdeck-bench-*-arrived.pcap ] && break; sleep 0.02; done\n"
          "kill -INT $(cat process); wait $(cat process)");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.errors.find("interrupted"), std::string::npos) << outcome.errors;
  EXPECT_EQ(left_behind(), "0\n");
}

TEST_F(BenchReplay, RefusesWhatShowsNothing) {
  const test::Outcome outcome = run("$(dirname \"$T\")/tapdeck-bench replay everything");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.errors.find("speed or timing"), std::string::npos) << outcome.errors;
}

}  // namespace
}  // namespace tapdeck
