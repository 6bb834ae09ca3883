// Questions and answers are single messages on a pair of sockets.
#include "tools/tapdeck/confinement/broker.h"

#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstring>
#include <new>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "captures/failure.h"

namespace tapdeck {
namespace {

/// What a question begins with; the errand's text follows.
struct Question {
  std::uint64_t duty;
  std::uint64_t which;
};

constexpr std::size_t longest_text = PATH_MAX;

/// An error as a message, with room for a descriptor beside it.
struct Answer {
  Answer() {
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = passage.data();
    message.msg_controllen = passage.size();
  }
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;

  int error = 0;
  iovec part{.iov_base = &error, .iov_len = sizeof error};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> passage{};
  msghdr message{};
};

bool send_answer(int link, const Outcome& outcome) {
  Answer answer;
  answer.error = outcome.error;
  if (outcome.descriptor < 0) {
    answer.message.msg_controllen = 0;
  } else {
    cmsghdr* const beside = CMSG_FIRSTHDR(&answer.message);
    beside->cmsg_level = SOL_SOCKET;
    beside->cmsg_type = SCM_RIGHTS;
    beside->cmsg_len = CMSG_LEN(sizeof outcome.descriptor);
    std::memcpy(CMSG_DATA(beside), &outcome.descriptor, sizeof outcome.descriptor);
  }
  const bool sent = ::sendmsg(link, &answer.message, MSG_NOSIGNAL) >= 0;
  if (outcome.descriptor >= 0) ::close(outcome.descriptor);
  return sent;
}

/// False: nobody is there.
bool receive_answer(int link, Outcome& outcome) {
  Answer answer;
  ssize_t got = -1;
  do {
    got = ::recvmsg(link, &answer.message, MSG_CMSG_CLOEXEC);
  } while (got < 0 && errno == EINTR);
  if (got != sizeof answer.error) return false;
  outcome.error = answer.error;
  // There may have been no room for another descriptor in this process.
  if ((answer.message.msg_flags & MSG_CTRUNC) != 0) outcome.error = EMFILE;
  const cmsghdr* const beside = CMSG_FIRSTHDR(&answer.message);
  if (beside != nullptr && beside->cmsg_type == SCM_RIGHTS) {
    std::memcpy(&outcome.descriptor, CMSG_DATA(beside), sizeof outcome.descriptor);
  }
  return true;
}

Outcome do_duty(const std::vector<Duty>& duties, std::string_view asked) noexcept {
  Question question{};
  std::memcpy(&question, asked.data(), sizeof question);
  if (question.duty >= duties.size()) return {.error = ENOSYS};
  try {
    return duties[question.duty](
        {.which = question.which, .text = std::string(asked.substr(sizeof question))});
  } catch (const std::bad_alloc&) {
    return {.error = ENOMEM};
  } catch (...) {
    return {.error = EIO};
  }
}

/// What ends the other process lets it finish its work, for which it may need the broker. What that
/// one does when a signal comes, to the terminal for one, is none of the broker's business.
void outlive_signals() {
  for (int signal = 1; signal < NSIG; ++signal) std::signal(signal, SIG_DFL);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGPIPE}) {
    std::signal(signal, SIG_IGN);
  }
}

/// From now on the kernel ends this process when the last holder of the pipe's other end is gone,
/// whatever this one does then: it may wait in a duty for ever, or be stopped. (A parent-death
/// signal doesn't come from a parent that became a user who may not send it.)
void end_with_holder_of(int pipe) {
  ::fcntl(pipe, F_SETSIG, SIGKILL);
  ::fcntl(pipe, F_SETOWN, ::getpid());
  ::fcntl(pipe, F_SETFL, O_ASYNC);
  pollfd end{.fd = pipe, .events = 0, .revents = 0};
  if (::poll(&end, 1, 0) == 1) ::_exit(0);  // it was gone before
}

[[noreturn]] void serve(int link, const std::vector<Duty>& duties) {
  outlive_signals();
  std::array<char, sizeof(Question) + longest_text> asked{};
  while (true) {
    const ssize_t got = ::recv(link, asked.data(), asked.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < static_cast<ssize_t>(sizeof(Question))) break;
    if (!send_answer(link, do_duty(duties, {asked.data(), static_cast<std::size_t>(got)}))) break;
  }
  ::_exit(0);
}

int link_to_broker = -1;  // for the handler

/// To the process, not to the thread: whoever takes its signals shall see it. A shell may have left
/// other children to this program, whose end is none of its business.
void end_gently(int /*signal*/) {
  const int error = errno;
  pollfd link{.fd = link_to_broker, .events = 0, .revents = 0};
  if (::poll(&link, 1, 0) == 1) ::kill(::getpid(), SIGTERM);
  errno = error;
}

void watch_child() {
  struct sigaction action {};
  action.sa_handler = end_gently;
  action.sa_flags = SA_NOCLDSTOP | SA_RESTART;
  ::sigaction(SIGCHLD, &action, nullptr);
}

[[noreturn]] void fail() {
  throw Failure(ExitCode::no_permission,
                fmt::format("the process that opens files can't be started: {}",
                            std::generic_category().message(errno)));
}

}  // namespace

Broker::Broker(const std::vector<Duty>& duties) {
  std::array<int, 2> ends{}, life{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) fail();
  if (::pipe2(life.data(), O_CLOEXEC) != 0) fail();
  link_to_broker = ends[0];
  watch_child();
  x_process = ::fork();
  if (x_process < 0) fail();
  if (x_process == 0) {
    ::close(ends[0]);
    ::close(life[1]);
    end_with_holder_of(life[0]);
    serve(ends[1], duties);
  }
  ::close(ends[1]);
  ::close(life[0]);
  x_link = ends[0];
  x_life = life[1];
}

Broker::~Broker() {
  std::signal(SIGCHLD, SIG_DFL);
  ::close(x_link);
  ::close(x_life);
  while (::waitpid(x_process, nullptr, 0) < 0 && errno == EINTR) continue;
}

bool Broker::is_gone() const {
  pollfd link{.fd = x_link, .events = 0, .revents = 0};
  return ::poll(&link, 1, 0) == 1;
}

Outcome Broker::ask(std::size_t duty, const Errand& errand) {
  if (errand.text.size() > longest_text) return {.error = ENAMETOOLONG};
  const Question question{.duty = duty, .which = errand.which};
  std::string asked(sizeof question, '\0');
  std::memcpy(asked.data(), &question, sizeof question);
  asked += errand.text;
  const std::lock_guard lock(x_asking);
  Outcome outcome;
  if (x_is_stopped ||
      ::write(x_link, asked.data(), asked.size()) != static_cast<ssize_t>(asked.size()) ||
      !await_answer() || !receive_answer(x_link, outcome)) {
    throw Failure(ExitCode::no_permission, fmt::format("the process that opens files {}",
                                                       x_is_stopped ? "was stopped" : "is gone"));
  }
  return outcome;
}

/// However long a duty takes. False: the broker was stopped, and alone: who stops both, by the
/// terminal for one, lets both go on.
bool Broker::await_answer() {
  constexpr int patience_ms = 250;
  constexpr int most_looks = 4;
  pollfd link{.fd = x_link, .events = POLLIN, .revents = 0};
  for (int stopped = 0; stopped < most_looks;) {
    if (::poll(&link, 1, patience_ms) > 0) return true;
    siginfo_t info{};
    const auto process = static_cast<id_t>(x_process);
    (void)::waitid(P_PID, process, &info, WSTOPPED | WNOHANG | WNOWAIT);
    stopped = info.si_pid == 0 ? 0 : stopped + 1;
  }
  x_is_stopped = true;
  return false;
}

}  // namespace tapdeck
