// Runs the built program as a user does, by a shell command.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tapdeck::test {

struct Outcome {
  int exit_code = -1;
  std::string output;
  std::string errors;
};

inline std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A directory of the test's own, where commands run; $T is the program and $GOLDEN the captures.
class EndToEnd : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    x_directory = std::filesystem::temp_directory_path() /
                  (std::string("tapdeck_") + test->test_suite_name() + "_" + test->name() + "_" +
                   std::to_string(::getpid()));
    std::filesystem::create_directories(x_directory);
  }

  void TearDown() override { std::filesystem::remove_all(x_directory); }

  Outcome run(const std::string& command) const {
    const std::string script = "cd '" + x_directory.string() +
                               "' && export T='" TAPDECK_BINARY "' GOLDEN='" TAPDECK_GOLDEN_DIR
                               "' LC_ALL=C.UTF-8 && unset COLUMNS\n" +
                               setting() + "(" + command + "\n) > out 2> err < /dev/null";
    const int status = std::system(("bash -c '" + quoted(script) + "'").c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, content_of(x_directory / "out"),
            content_of(x_directory / "err")};
  }

  /// Runs it, and expects the exit code and these words on standard error.
  Outcome expect(const std::string& command, int exit_code, const std::string& words = {}) const {
    Outcome outcome = run(command);
    EXPECT_EQ(outcome.exit_code, exit_code) << command << "\n" << outcome.errors;
    EXPECT_NE(outcome.errors.find(words), std::string::npos) << command << "\n" << outcome.errors;
    return outcome;
  }

  /// What the shell runs before each command: variables that commands use.
  [[nodiscard]] virtual std::string setting() const { return {}; }

  void write(const std::string& name, const std::string& content) const {
    std::ofstream(x_directory / name, std::ios::binary) << content;
  }

  [[nodiscard]] std::string read(const std::string& name) const {
    return content_of(x_directory / name);
  }

 private:
  static std::string quoted(const std::string& text) {
    std::string result;
    for (const char c : text) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return result;
  }

  std::filesystem::path x_directory;
};

}  // namespace tapdeck::test
