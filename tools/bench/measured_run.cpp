#include "tools/bench/measured_run.h"

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tapdeck {
namespace {

constexpr int cannot_execute = 127;

[[nodiscard]] std::int64_t to_ns(const timeval& time) {
  return (time.tv_sec * std::int64_t{1'000'000} + time.tv_usec) * 1'000;
}

#ifdef __SANITIZE_ADDRESS__
constexpr bool limits_memory = false;  // the sanitizer's shadow of memory alone takes terabytes
#else
constexpr bool limits_memory = true;
#endif

void limit(__rlimit_resource resource, std::uint64_t value) {
  const rlimit both{.rlim_cur = value, .rlim_max = value};
  setrlimit(resource, &both);
}

/// Everything between fork and exec. Nothing here allocates.
[[noreturn]] void become(char* const* arguments, const RunLimits& limits) {
  const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(nothing, stream);
  limit(RLIMIT_CPU, limits.seconds);
  if (limits_memory) limit(RLIMIT_DATA, limits.memory_octets);
  execv(arguments[0], arguments);
  _exit(cannot_execute);
}

[[nodiscard]] std::string describe_end(int status) {
  if (WIFSIGNALED(status)) {
    const int signal = WTERMSIG(status);
    if (signal == SIGXCPU || signal == SIGKILL) return "stopped: took too long";
    return fmt::format("ended by signal {} ({})", signal, strsignal(signal));
  }
  if (WEXITSTATUS(status) == cannot_execute) return "could not be run";
  return WEXITSTATUS(status) == 0 ? "" : fmt::format("ended with {}", WEXITSTATUS(status));
}

}  // namespace

MeasuredRun run_measured(std::vector<std::string> arguments, const RunLimits& limits) {
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  const auto begin = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (child == 0) become(pointers.data(), limits);
  int status = 0;
  rusage usage{};
  while (wait4(child, &status, 0, &usage) < 0 && errno == EINTR) continue;
  const auto wall = std::chrono::steady_clock::now() - begin;
  return {.cpu_ns = to_ns(usage.ru_utime) + to_ns(usage.ru_stime),
          .wall_ns = std::chrono::nanoseconds(wall).count(),
          .peak_octets = usage.ru_maxrss * std::int64_t{1024},
          .failure = describe_end(status)};
}

std::string find_program(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "/usr/bin:/bin" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    std::string candidate = folder + "/" + name;
    if (access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return {};
}

}  // namespace tapdeck
