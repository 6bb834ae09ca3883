#include "tools/tapdeck/confinement/system_calls.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <iterator>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

#include "captures/failure.h"
#include "tools/tapdeck/confinement/sanitizer.h"

namespace tapdeck {
namespace {

/// Harmless whatever their arguments: they reach what is open already, memory, time, the process
/// itself and its threads.
constexpr std::string_view allowed =
    "read readv pread64 lseek close fstat fadvise64 ftruncate fsync fdatasync fallocate "
    "poll ppoll select pselect6 recvmsg recvfrom getsockopt getsockname eventfd2 signalfd4 "
    "timerfd_create timerfd_settime "
    "brk munmap mremap madvise "
    "futex set_robust_list rseq sched_yield sched_getaffinity gettid getpid getpgrp getpgid "
    "exit exit_group wait4 waitid "
    "rt_sigaction rt_sigprocmask rt_sigreturn rt_sigtimedwait rt_sigsuspend sigaltstack "
    "restart_syscall pause "
    "clock_gettime clock_getres clock_nanosleep gettimeofday nanosleep time "
    "getrandom getrusage sysinfo";

constexpr std::string_view writing = "write writev pwrite64";

/// What the sanitizers ask: who holds on to memory at the end, by looking at each thread.
constexpr std::string_view for_sanitizers =
    "open openat newfstatat readlink getdents getdents64 pipe2 dup fcntl getrlimit prlimit64 "
    "clone prctl ptrace kill tgkill getppid getuid";

/// Of terminals and pipes, and what an interface is called and whether it is up.
constexpr std::array<std::uint64_t, 9> device_requests{
    TCGETS, TCSETS, TCSETSW, TCSETSF, TIOCGWINSZ, TIOCGPGRP, FIONREAD, SIOCGIFNAME, SIOCGIFFLAGS};
constexpr std::array descriptor_requests{F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_SETPIPE_SZ};

std::vector<std::string> words_of(std::string_view text) {
  std::istringstream words{std::string(text)};
  return {std::istream_iterator<std::string>(words), {}};
}

class CallFilter {
 public:
  CallFilter() : x_context(seccomp_init(SCMP_ACT_ERRNO(EPERM)), seccomp_release) {
    check(x_context ? 0 : -ENOMEM);
    // The program runs no code of others, from whose guesses the processor would have to be kept.
    check(seccomp_attr_set(x_context.get(), SCMP_FLTATR_CTL_SSB, 1));
  }

  template <class... Conditions>
  void allow(const std::string& name, Conditions... conditions) {
    answer(SCMP_ACT_ALLOW, name, conditions...);
  }

  template <class... Conditions>
  void answer(std::uint32_t action, const std::string& name, Conditions... conditions) {
    const int number = seccomp_syscall_resolve_name(name.c_str());
    if (number == __NR_SCMP_ERROR) return;  // no such call on this processor
    const std::array<scmp_arg_cmp, sizeof...(conditions)> all{conditions...};
    check(seccomp_rule_add_array(x_context.get(), action, number, all.size(), all.data()));
  }

  void load() { check(seccomp_load(x_context.get())); }

 private:
  static void check(int result) {
    if (result >= 0) return;
    throw Failure(ExitCode::no_permission,
                  fmt::format("the kernel can't forbid system calls: {} (--no-sandbox goes on "
                              "without)",
                              std::generic_category().message(-result)));
  }

  std::unique_ptr<void, decltype(&seccomp_release)> x_context;
};

scmp_arg_cmp equal(unsigned argument, std::uint64_t value) {
  return {.arg = argument, .op = SCMP_CMP_EQ, .datum_a = value, .datum_b = 0};
}

scmp_arg_cmp compared(unsigned argument, scmp_compare how, int descriptor) {
  return {
      .arg = argument, .op = how, .datum_a = static_cast<std::uint64_t>(descriptor), .datum_b = 0};
}

scmp_arg_cmp bits_are(unsigned argument, std::uint64_t bits, std::uint64_t value) {
  return {.arg = argument, .op = SCMP_CMP_MASKED_EQ, .datum_a = bits, .datum_b = value};
}

/// Any but these: a rule can't name two that an argument is not, but two between which it is.
void allow_writing_elsewhere(CallFilter& filter, const std::string& name,
                             std::vector<int> forbidden) {
  std::ranges::sort(forbidden);
  filter.allow(name, compared(0, SCMP_CMP_LT, forbidden.front()));
  filter.allow(name, compared(0, SCMP_CMP_GT, forbidden.back()));
  for (int between = forbidden.front() + 1; between < forbidden.back(); ++between) {
    if (std::ranges::binary_search(forbidden, between)) continue;
    filter.allow(name, compared(0, SCMP_CMP_EQ, between));
  }
}

void allow_writing(CallFilter& filter, const std::vector<int>& forbidden) {
  for (const std::string& name : words_of(writing)) {
    if (forbidden.empty() || sanitized) {  // a sanitizer writes to pipes that may get such a number
      filter.allow(name);
    } else {
      allow_writing_elsewhere(filter, name, forbidden);
    }
  }
}

void allow_sending(CallFilter& filter, const std::vector<int>& sockets) {
  for (const int socket : sockets) {
    constexpr unsigned address = 4;
    filter.allow("sendto", compared(0, SCMP_CMP_EQ, socket), equal(address, 0));
    filter.allow("sendmmsg", compared(0, SCMP_CMP_EQ, socket));
    filter.allow("ioctl", compared(0, SCMP_CMP_EQ, socket), equal(1, SIOCOUTQ));
  }
  if (!sockets.empty()) filter.allow("mlockall");
}

/// Memory that is never code, threads that are no processes, signals that stay in the house.
void allow_in_part(CallFilter& filter) {
  const auto own = static_cast<std::uint64_t>(::getpid());
  filter.allow("mmap", bits_are(2, PROT_EXEC, 0));
  filter.allow("mprotect", bits_are(2, PROT_EXEC, 0));
  filter.answer(SCMP_ACT_ERRNO(ENOSYS), "clone3");  // its flags lie in memory; clone is tried next
  if constexpr (!sanitized) {
    filter.allow("clone", bits_are(0, CLONE_THREAD, CLONE_THREAD));
    filter.allow("tgkill", equal(0, own));
    filter.allow("kill", equal(0, own));
    filter.allow("dup", equal(0, STDOUT_FILENO));
    filter.allow("newfstatat", bits_are(3, AT_EMPTY_PATH, AT_EMPTY_PATH));
    for (const int request : descriptor_requests) {
      filter.allow("fcntl", equal(1, static_cast<std::uint64_t>(request)));
    }
  }
  for (const std::uint64_t request : device_requests) filter.allow("ioctl", equal(1, request));
}

}  // namespace

void forbid_system_calls(const SocketRights& sockets) {
  CallFilter filter;
  for (const std::string& name : words_of(allowed)) filter.allow(name);
  allow_writing(filter, sockets.only_read);
  allow_sending(filter, sockets.sent_on);
  allow_in_part(filter);
  if constexpr (sanitized) {
    for (const std::string& name : words_of(for_sanitizers)) filter.allow(name);
  }
  filter.load();
}

}  // namespace tapdeck
