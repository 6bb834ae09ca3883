// Work done in a process of its own, since what confinement takes never comes back.
#pragma once

#include <array>
#include <cerrno>
#include <csignal>
#include <exception>
#include <functional>
#include <string>
#include <string_view>

#include <sys/wait.h>
#include <unistd.h>

namespace tapdeck::test {

/// What the work says of itself, word for word; then how its process ended, unless well.
class InAChild {
 public:
  using Say = std::function<void(std::string_view text)>;

  explicit InAChild(const std::function<void(const Say& say)>& work) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) return;
    x_process = ::fork();
    if (x_process == 0) run(work, ends[1]);
    ::close(ends[1]);
    x_words = ends[0];
  }
  InAChild(const InAChild&) = delete;
  InAChild& operator=(const InAChild&) = delete;
  ~InAChild() {
    ::close(x_words);
    if (x_process <= 0) return;
    ::kill(x_process, SIGKILL);
    ::waitpid(x_process, nullptr, 0);
  }

  [[nodiscard]] pid_t process() const { return x_process; }

  /// The next line, waited for; empty at the end.
  [[nodiscard]] std::string line() const {
    std::string text;
    for (char c = 0; ::read(x_words, &c, 1) == 1 && c != '\n';) text += c;
    return text;
  }

  /// All that follows.
  [[nodiscard]] std::string rest() {
    std::string text;
    for (char c = 0; ::read(x_words, &c, 1) == 1;) text += c;
    int status = 0;
    ::waitpid(x_process, &status, 0);
    x_process = -1;
    if (WIFSIGNALED(status)) text += "ended by signal " + std::to_string(WTERMSIG(status)) + "\n";
    return text;
  }

 private:
  [[noreturn]] static void run(const std::function<void(const Say& say)>& work, int descriptor) {
    const Say say = [descriptor](std::string_view text) {
      const std::string line = std::string(text) + "\n";
      (void)!::write(descriptor, line.data(), line.size());
    };
    try {
      work(say);
    } catch (const std::exception& failure) {
      say(failure.what());
    }
    ::_exit(0);
  }

  pid_t x_process = -1;
  int x_words = -1;
};

}  // namespace tapdeck::test
