#include "tools/replay/stateful/played_connection.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "captures/elapsed.h"

namespace tapdeck {
namespace {

constexpr std::size_t received_at_once = 64 * 1024;
/// Others have their turn after so many.
constexpr int most_receives = 16;
constexpr std::int64_t look_again_ns = 5'000'000;

std::string message_of(int error) { return std::generic_category().message(error); }

void set_option(int socket, int level, int name, int value) {
  // None of those set here is needed for what is sent to be right.
  (void)::setsockopt(socket, level, name, &value, sizeof value);
}

int error_of(int socket) {
  int error = 0;
  socklen_t length = sizeof error;
  return ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? error : errno;
}

bool is_reset(int error) { return error == ECONNRESET || error == EPIPE; }

/// What an error of the kernel's says about the peer or the way to it.
PlayOutcome outcome_of(int error) {
  switch (error) {
    case ECONNREFUSED:
      return PlayOutcome::refused;
    case EHOSTUNREACH:
    case ENETUNREACH:
    case EACCES:  // a firewall of this host
    case EPERM:
      return PlayOutcome::unreachable;
    case ETIMEDOUT:
      return PlayOutcome::timed_out;
    case ECONNRESET:
      return PlayOutcome::reset;
    default:
      return PlayOutcome::failed;
  }
}

}  // namespace

PlayedConnection::PlayedConnection(const Script& script, const ConnectionOptions& options,
                                   Descriptor socket, std::int64_t now_ns)
    : x_script(&script),
      x_options(options),
      x_socket(std::move(socket)),
      x_give_up_ns(added_ns(now_ns + options.whole_timeout_ns,
                            scaled_ns(elapsed_ns(script.start_ns, script.end_ns),
                                      std::max(options.part.think_factor, 1.0)))) {
  if (x_socket) set_option(x_socket.number(), IPPROTO_TCP, TCP_NODELAY, 1);
}

PlayedConnection PlayedConnection::connect(const Script& script, const ConnectionOptions& options,
                                           const NetAddress& target, const NetAddress* source,
                                           std::int64_t now_ns) {
  Descriptor socket(::socket(target.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int error = errno;
  PlayedConnection fresh(script, options, std::move(socket), now_ns);
  if (fresh.x_socket) {
    fresh.start_connecting(target, source, now_ns);
  } else {
    fresh.give_up(PlayOutcome::failed, message_of(error));
  }
  return fresh;
}

PlayedConnection PlayedConnection::accepted(const Script& script, const ConnectionOptions& options,
                                            Descriptor socket, std::int64_t now_ns) {
  PlayedConnection fresh(script, options, std::move(socket), now_ns);
  fresh.on_connected(0, now_ns);
  return fresh;
}

void PlayedConnection::start_connecting(const NetAddress& target, const NetAddress* source,
                                        std::int64_t now_ns) {
  const int socket = x_socket.number();
  x_deadline_ns = now_ns + x_options.connect_timeout_ns;
  if (source != nullptr) {
    set_option(socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
    if (::bind(socket, source->get(), source->length) != 0) {
      give_up(PlayOutcome::failed, "--source: " + message_of(errno));
      return;
    }
  }
  if (::connect(socket, target.get(), target.length) == 0) {
    on_connected(0, now_ns);
  } else if (errno != EINPROGRESS) {
    on_error(errno);
  }
}

/// A peer that resets may have opened before: one that doesn't open refuses.
void PlayedConnection::on_connected(int error, std::int64_t now_ns) {
  if (error == 0 || is_reset(error)) {
    x_part.emplace(*x_script, x_options.ours, x_options.part, now_ns);
  }
  if (error != 0) on_error(error);
  if (!is_over()) drive(now_ns);
}

std::uint32_t PlayedConnection::interest() const {
  if (!x_part) return EPOLLOUT;
  return (x_peer_finished ? 0U : EPOLLIN) | (x_sending ? EPOLLOUT : 0U);
}

void PlayedConnection::on_ready(std::uint32_t events, std::int64_t now_ns) {
  if (!x_part) {
    on_connected(error_of(x_socket.number()), now_ns);
    return;
  }
  if (!x_peer_finished) {
    receive(now_ns);
  } else if ((events & (EPOLLERR | EPOLLHUP)) != 0) {
    if (const int error = error_of(x_socket.number()); error != 0) on_error(error);
  }
  if (!is_over()) drive(now_ns);
}

void PlayedConnection::on_time(std::int64_t now_ns) {
  if (now_ns < x_deadline_ns) return;
  if (!x_part) {
    give_up(PlayOutcome::timed_out, "nobody answered");
  } else if (now_ns >= x_give_up_ns) {
    give_up(PlayOutcome::timed_out, "as a whole, " + x_part->step_text());
  } else {
    drive(now_ns);
  }
}

void PlayedConnection::interrupt() { give_up(PlayOutcome::interrupted, {}); }

PlayResult PlayedConnection::result() const { return x_part ? x_part->result() : x_before; }

void PlayedConnection::receive(std::int64_t now_ns) {
  std::array<std::byte, received_at_once> buffer;  // NOLINT(*-member-init): filled by recv
  for (int i = 0; i < most_receives; ++i) {
    const ssize_t octets = ::recv(x_socket.number(), buffer.data(), buffer.size(), 0);
    if (octets > 0) {
      x_part->received(Bytes(buffer).first(static_cast<std::size_t>(octets)), now_ns);
    } else if (octets == 0) {
      x_peer_finished = true;
      x_part->peer_finished(now_ns);
      return;
    } else if (errno != EINTR) {
      if (errno != EAGAIN) on_error(errno);
      return;
    }
  }
}

/// A reset is the part's to judge; any other error ends the connection.
void PlayedConnection::on_error(int error) {
  if (x_part && is_reset(error)) {
    x_peer_finished = true;
    x_part->peer_reset();
  } else {
    give_up(outcome_of(error), error == ECONNREFUSED ? std::string() : message_of(error));
  }
}

void PlayedConnection::drive(std::int64_t now_ns) {
  while (!is_over()) {
    const Part::Todo todo = x_part->next(now_ns);
    switch (todo.kind) {
      case Part::Todo::Kind::send:
        if (!send(todo, now_ns)) return;
        break;
      case Part::Todo::Kind::finish:
        if (::shutdown(x_socket.number(), SHUT_WR) == 0) {
          x_part->finished(now_ns);
        } else {
          x_part->peer_reset();  // ENOTCONN: nobody is there any more
        }
        break;
      case Part::Todo::Kind::wait:
        x_sending = false;
        wait_until(todo.until_ns);
        return;
      case Part::Todo::Kind::reset:
        x_sending = false;
        if (owes_octets()) {
          wait_until(now_ns + look_again_ns);
        } else {
          reset();
        }
        return;
      case Part::Todo::Kind::close:
        x_socket.close();
        return;
    }
  }
}

/// A reset throws away what the peer has not acknowledged; as captured it had.
bool PlayedConnection::owes_octets() const {
  const SideScript& peer = x_script->of(other(x_options.ours));
  int unacknowledged = 0;
  return peer.heard >= x_part->result().sent &&
         ::ioctl(x_socket.number(), SIOCOUTQ, &unacknowledged) == 0 && unacknowledged > 0;
}

void PlayedConnection::reset() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  (void)::setsockopt(x_socket.number(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  x_socket.close();
  x_part->was_reset();
}

/// False: the socket takes nothing for now.
bool PlayedConnection::send(const Part::Todo& todo, std::int64_t now_ns) {
  const ssize_t octets =
      ::send(x_socket.number(), todo.octets.data(), todo.octets.size(), MSG_NOSIGNAL);
  if (octets >= 0) {
    x_part->sent(static_cast<std::size_t>(octets), now_ns);
    return true;
  }
  if (errno == EINTR) return true;
  if (errno == EAGAIN) {
    x_sending = true;
    wait_until(todo.until_ns);
    return false;
  }
  const int error = errno;
  if (!x_peer_finished) receive(now_ns);  // what came before the reset
  if (!is_over()) on_error(error);
  return true;
}

void PlayedConnection::wait_until(std::int64_t time_ns) {
  x_deadline_ns = std::min(time_ns, x_give_up_ns);
}

void PlayedConnection::give_up(PlayOutcome outcome, std::string detail) {
  if (x_part) {
    x_part->give_up(outcome, std::move(detail));
  } else {
    x_before.outcome = outcome;
    x_before.detail = std::move(detail);
  }
  x_socket.close();
}

}  // namespace tapdeck
