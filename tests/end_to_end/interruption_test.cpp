// Ctrl-C while a report's capture is still being read from a pipe.
#include <string>

#include "tests/end_to_end/run.h"

namespace tapdeck {
namespace {

/// `begin COMMAND` reads `pipe`, into which 8 writes, and takes SIGINT as if it had a terminal;
/// `interrupt` sends it once the command waits for it; `finish` returns its exit code.
class Interruption : public test::EndToEnd {
 protected:
  [[nodiscard]] std::string setting() const override {
    return R"sh(
begin() {
  mkfifo pipe; exec 8<> pipe
  env --default-signal=INT "$@" < pipe 8<&- > report 2> said & PID=$!
}
interrupt() {
  for _ in $(seq 200); do
    (( 0x$(sed -n 's/^SigBlk:\t//p' /proc/$PID/status 2> none) & 2 )) && break
    sleep 0.05
  done
  kill -INT $PID
}
finish() { wait $PID; local result=$?; cat report; cat said >&2; return $result; }
)sh";
  }
};

TEST_F(Interruption, ReportsWhatWasRead) {
  for (const char* const command : {"analyze -", "netstat - --at 1h", "show - 3"}) {
    const std::string begin = std::string("rm -f pipe; begin $T ") + command;
    const test::Outcome plain =
        expect(begin + "; head -c 1000 $GOLDEN/http.pcap >&8; interrupt; finish", 3,
               "-: reading was interrupted inside packet 8 at byte");
    EXPECT_NE(plain.output, "") << command;
    expect(begin + "; gzip -c $GOLDEN/http.pcap >&8; interrupt; finish", 3,
           "-: reading was interrupted behind packet 31, at byte");
  }
  const test::Outcome json =
      run("rm -f pipe; begin $T analyze --format json -; "
          "head -c 1000 $GOLDEN/http.pcap >&8; interrupt; finish");
  EXPECT_NE(json.output.find("\"packets\": 7"), std::string::npos) << json.output;
  EXPECT_NE(json.output.find("\"kind\": \"interrupted\""), std::string::npos) << json.output;
}

TEST_F(Interruption, LetsTheWriterEndThatItInterruptsToo) {
  const test::Outcome outcome = expect(
      "begin $T analyze -; head -c 1000 $GOLDEN/http.pcap >&8; interrupt; "
      "tail -c +1001 $GOLDEN/http.pcap >&8; exec 8>&-; finish",
      0);
  EXPECT_EQ(outcome.output.substr(outcome.output.find('\n')),
            run("cat $GOLDEN/http.pcap | $T analyze - | tail -n +1")
                .output.substr(outcome.output.find('\n')));
}

TEST_F(Interruption, EndsAtLastThoughTheWriterDoesNot) {
  expect(
      "begin $T analyze -; "
      "$T replay $GOLDEN/http_large.pcap --loop 100000000 --top-speed -q -o - >&8 & exec 8>&-; "
      "interrupt; finish",
      3, "-: reading was interrupted");
}

TEST_F(Interruption, EndsTheProgramBeforeTheFirstOctet) {
  expect("begin $T analyze -; interrupt; finish", 3,
         "-: reading was interrupted inside packet 1 at byte 0");
}

}  // namespace
}  // namespace tapdeck
