// The terminal whose keys `replay --step` waits for, whatever ends the program.
#include <array>
#include <csignal>
#include <string>

#include <gtest/gtest.h>
#include <pty.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

namespace tapdeck::test {
namespace {

/// The program on a terminal of its own.
class SteppedReplay : public ::testing::Test {
 protected:
  void SetUp() override {
    x_process = ::forkpty(&x_terminal, nullptr, nullptr, nullptr);
    ASSERT_GE(x_process, 0);
    if (x_process != 0) return;
    ::execl(TAPDECK_BINARY, TAPDECK_BINARY, "replay", TAPDECK_GOLDEN_DIR "/http.pcap", "--method",
            "null", "--step", nullptr);
    ::_exit(127);
  }

  void TearDown() override {
    ::kill(x_process, SIGKILL);
    if (!x_ended) ::waitpid(x_process, nullptr, 0);
    ::close(x_terminal);
  }

  [[nodiscard]] bool takes_lines() const {
    termios modes{};
    EXPECT_EQ(::tcgetattr(x_terminal, &modes), 0);
    return (modes.c_lflag & ICANON) != 0 && (modes.c_lflag & ECHO) != 0;
  }

  void wait_for_question() {
    std::array<char, 4096> part{};
    std::string text;
    while (text.find("any key sends it") == std::string::npos) {
      const ssize_t got = ::read(x_terminal, part.data(), part.size());
      ASSERT_GT(got, 0) << text;
      text.append(part.data(), static_cast<std::size_t>(got));
    }
    EXPECT_FALSE(takes_lines());
  }

  void type(char key) const { ASSERT_EQ(::write(x_terminal, &key, 1), 1); }

  [[nodiscard]] int wait_for_end() {
    int status = 0;
    EXPECT_EQ(::waitpid(x_process, &status, 0), x_process);
    x_ended = true;
    return status;
  }

  pid_t x_process = -1;
  int x_terminal = -1;
  bool x_ended = false;
};

TEST_F(SteppedReplay, GivesTheTerminalBackWhenItsUserQuits) {
  wait_for_question();
  constexpr char control_backslash = 0x1c;
  type(control_backslash);
  const int status = wait_for_end();
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGQUIT);
  EXPECT_TRUE(takes_lines());
}

TEST_F(SteppedReplay, GivesTheTerminalBackWhenItEndsAtOnce) {
  wait_for_question();
  for (const int signal : {SIGSTOP, SIGINT, SIGTERM, SIGCONT}) ::kill(x_process, signal);
  static_cast<void>(wait_for_end());
  EXPECT_TRUE(takes_lines());
}

TEST_F(SteppedReplay, GivesTheTerminalBackAtItsEnd) {
  wait_for_question();
  type('q');
  EXPECT_TRUE(WIFEXITED(wait_for_end()));
  EXPECT_TRUE(takes_lines());
}

}  // namespace
}  // namespace tapdeck::test
