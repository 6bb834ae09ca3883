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

/// What an answer says, besides a descriptor.
struct Said {
  int error = 0;
  std::uint64_t octets = 0;
};

/// As a message, with room for a descriptor beside it.
struct Answer {
  Answer() {
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = passage.data();
    message.msg_controllen = passage.size();
  }
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;

  Said said;
  iovec part{.iov_base = &said, .iov_len = sizeof said};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> passage{};
  msghdr message{};
};

bool send_answer(int link, const Outcome& outcome) {
  Answer answer;
  answer.said = {.error = outcome.error, .octets = outcome.octets};
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
  if (got != sizeof answer.said) return false;
  outcome.error = answer.said.error;
  outcome.octets = answer.said.octets;
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

int link_of_broker = -1;  // for the handler

/// Even while a duty waits: opening a pipe may take for ever.
void end_with_the_other(int /*signal*/) {
  pollfd link{.fd = link_of_broker, .events = 0, .revents = 0};
  if (::poll(&link, 1, 0) == 1) ::_exit(0);
}

/// The signal of the link is one that lets a process go on that was stopped: whoever stops the
/// broker alone neither lets it outlive the other nor holds that up. (A parent-death signal doesn't
/// come from a parent that became a user who may not send it.)
void watch_link(int link) {
  link_of_broker = link;
  struct sigaction action {};
  action.sa_handler = end_with_the_other;
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGCONT, &action, nullptr);
  ::fcntl(link, F_SETSIG, SIGCONT);
  ::fcntl(link, F_SETOWN, ::getpid());
  ::fcntl(link, F_SETFL, O_ASYNC);
}

[[noreturn]] void serve(int link, const std::vector<Duty>& duties) {
  outlive_signals();
  watch_link(link);
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

Uninterrupted::Uninterrupted() : x_before() {
  sigset_t ending;
  ::sigemptyset(&ending);
  ::sigaddset(&ending, SIGCONT);
  ::sigprocmask(SIG_BLOCK, &ending, &x_before);
}

Uninterrupted::~Uninterrupted() { ::sigprocmask(SIG_SETMASK, &x_before, nullptr); }

Broker::Broker(const std::vector<Duty>& duties) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) fail();
  link_to_broker = ends[0];
  watch_child();
  x_process = ::fork();
  if (x_process < 0) fail();
  ::close(ends[x_process == 0 ? 0 : 1]);
  if (x_process == 0) serve(ends[1], duties);
  x_link = ends[0];
}

Broker::~Broker() {
  std::signal(SIGCHLD, SIG_DFL);
  ::close(x_link);
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
  if (::write(x_link, asked.data(), asked.size()) != static_cast<ssize_t>(asked.size()) ||
      !receive_answer(x_link, outcome)) {
    throw Failure(ExitCode::no_permission, "the process that opens files is gone");
  }
  return outcome;
}

}  // namespace tapdeck
