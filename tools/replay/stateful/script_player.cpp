#include "tools/replay/stateful/script_player.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <limits>
#include <system_error>

#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>

#include "captures/elapsed.h"
#include "captures/failure.h"
#include "tools/clock_time.h"
#include "tools/open_files.h"

namespace tapdeck {
namespace {

constexpr std::int64_t observed_every_ns = 200'000'000;
constexpr std::int64_t longest_wait_ns = 1'000'000'000;

std::int64_t clock_now() { return clock_time_ns(CLOCK_MONOTONIC); }

std::string words_of(int error) { return std::generic_category().message(error); }

[[noreturn]] void fail_for_lack_of(std::string_view what) {
  throw Failure(ExitCode::no_permission, fmt::format("{}: {}", what, words_of(errno)));
}

/// Of descriptors or memory.
bool is_for_want_of_room(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

}  // namespace

ScriptPlayer::ScriptPlayer(const ScriptPlayerOptions& options, std::span<Play> plays, int signals,
                           PlayObserver observer)
    : x_options(options),
      x_plays(plays),
      x_observer(std::move(observer)),
      x_epoll(::epoll_create1(EPOLL_CLOEXEC)),
      x_signals(signals) {
  if (!x_epoll) fail_for_lack_of("no epoll");
  for (std::size_t play = 0; play < plays.size(); ++play) {
    if (const auto& shortfall = plays[play].script->shortfall) {
      plays[play].result = result_of(*shortfall);
      ++x_done.done;
    } else {
      x_queue.push_back(play);
    }
  }
  if (x_signals >= 0) watch(EPOLL_CTL_ADD, x_signals, EPOLLIN, signals_tag);
}

void ScriptPlayer::watch(int operation, int descriptor, std::uint32_t events,
                         std::uint64_t tag) const {
  epoll_event event{.events = events, .data = {.u64 = tag}};
  if (::epoll_ctl(x_epoll.number(), operation, descriptor, &event) != 0) {
    fail_for_lack_of("can't wait for a socket");
  }
}

void ScriptPlayer::connect_all() { run(); }

void ScriptPlayer::serve_all(Descriptor listener) {
  x_listener = std::move(listener);
  watch(EPOLL_CTL_ADD, x_listener.number(), EPOLLIN, listener_tag);
  run();
}

bool ScriptPlayer::has_more() const {
  return !x_interrupted && x_why_no_client.empty() && (x_next < x_queue.size() || !x_open.empty());
}

void ScriptPlayer::run() {
  x_began_ns = x_last_client_ns = clock_now();
  const bool serves = static_cast<bool>(x_listener);
  if (x_queue.empty()) close_listener();
  while (has_more()) {
    const std::int64_t now = clock_now();
    if (!serves) start_due(now);
    on_deadlines(now);
    observe(now);
    if (serves && x_open.empty() && now >= x_last_client_ns + x_options.accept_timeout_ns) break;
    if (has_more()) wait(now);
  }
  for (auto& [play, open] : x_open) {
    open.connection.interrupt();
    x_plays[play].result = open.connection.result();
  }
  const std::string why = x_interrupted             ? ""
                          : x_why_no_client.empty() ? "no client came"
                                                    : x_why_no_client;
  for (; x_next < x_queue.size(); ++x_next) {
    PlayResult& result = x_plays[x_queue[x_next]].result;
    if (!x_interrupted) result.outcome = PlayOutcome::timed_out;
    result.detail = why;
  }
  x_open.clear();
  close_listener();
}

/// On the player's clock.
std::int64_t ScriptPlayer::start_of(std::size_t play) const {
  const std::int64_t first = x_plays[x_queue.front()].script->start_ns;
  const std::int64_t offset = elapsed_ns(first, x_plays[play].script->start_ns);
  return added_ns(x_began_ns, scaled_ns(offset, 1 / x_options.speed));
}

void ScriptPlayer::start_due(std::int64_t now_ns) {
  while (x_next < x_queue.size() && x_open.size() < x_options.most_open &&
         start_of(x_queue[x_next]) <= now_ns) {
    const std::size_t play = x_queue[x_next++];
    begin(play, PlayedConnection::connect(*x_plays[play].script, x_options.connection,
                                          x_plays[play].target,
                                          x_options.source ? &*x_options.source : nullptr, now_ns));
  }
}

void ScriptPlayer::accept_clients(std::int64_t now_ns) {
  while (x_next < x_queue.size() && x_open.size() < x_options.most_open) {
    Descriptor client(
        ::accept4(x_listener.number(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!client && is_for_want_of_room(errno)) {
      wait_for_room();
      break;
    }
    if (!client) return;
    x_last_client_ns = now_ns;
    const std::size_t play = x_queue[x_next++];
    begin(play, PlayedConnection::accepted(*x_plays[play].script, x_options.connection,
                                           std::move(client), now_ns));
  }
  // Whoever comes then finds nobody, or waits to be accepted.
  if (x_next == x_queue.size()) {
    close_listener();
  } else {
    watch(EPOLL_CTL_MOD, x_listener.number(), 0, listener_tag);
  }
}

/// A connection that ends leaves room for another; where there is none, nobody can be served.
void ScriptPlayer::wait_for_room() {
  if (x_open.empty()) {
    x_why_no_client = fmt::format("no client can be taken: {}", words_of(errno));
  } else {
    x_options.most_open = x_open.size();
  }
}

void ScriptPlayer::close_listener() { x_listener.close(); }

void ScriptPlayer::begin(std::size_t play, PlayedConnection connection) {
  const auto [place, is_new] = x_open.emplace(play, Open{.connection = std::move(connection)});
  if (!place->second.connection.is_over()) {
    place->second.interest = place->second.connection.interest();
    watch(EPOLL_CTL_ADD, place->second.connection.descriptor(), place->second.interest, play);
  }
  settle(play);
}

/// Brings what epoll and the deadlines know of a connection up to date.
void ScriptPlayer::settle(std::size_t play) {
  const auto found = x_open.find(play);
  Open& open = found->second;
  x_deadlines.erase({open.deadline_ns, play});
  if (open.connection.is_over()) {
    PlayResult& result = x_plays[play].result = open.connection.result();
    ++x_done.done;
    if (result.outcome == PlayOutcome::ok) ++x_done.ok;
    x_done.sent += result.sent;
    x_done.received += result.received;
    x_open.erase(found);
    x_last_client_ns = clock_now();
    if (x_listener) watch(EPOLL_CTL_MOD, x_listener.number(), EPOLLIN, listener_tag);
    return;
  }
  open.deadline_ns = open.connection.deadline_ns();
  x_deadlines.emplace(open.deadline_ns, play);
  const std::uint32_t interest = open.connection.interest();
  if (interest == open.interest) return;
  open.interest = interest;
  watch(EPOLL_CTL_MOD, open.connection.descriptor(), interest, play);
}

std::int64_t ScriptPlayer::next_event_ns(std::int64_t now_ns) const {
  std::int64_t next = now_ns + longest_wait_ns;
  if (x_observer) next = std::min(next, x_next_observation_ns);
  if (!x_deadlines.empty()) next = std::min(next, x_deadlines.begin()->first);
  if (x_listener) {
    if (x_open.empty()) next = std::min(next, x_last_client_ns + x_options.accept_timeout_ns);
  } else if (x_next < x_queue.size() && x_open.size() < x_options.most_open) {
    next = std::min(next, start_of(x_queue[x_next]));
  }
  return next;
}

void ScriptPlayer::wait(std::int64_t now_ns) {
  constexpr std::int64_t millisecond = 1'000'000;
  std::array<epoll_event, 64> events{};
  const std::int64_t left = std::max<std::int64_t>(next_event_ns(now_ns) - now_ns, 0);
  const int count = ::epoll_wait(x_epoll.number(), events.data(), static_cast<int>(events.size()),
                                 static_cast<int>((left + millisecond - 1) / millisecond));
  const std::int64_t now = clock_now();
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    on_ready(event.data.u64, event.events, now);
  }
}

void ScriptPlayer::on_ready(std::uint64_t tag, std::uint32_t events, std::int64_t now_ns) {
  if (tag == signals_tag) {
    on_signal();
  } else if (tag == listener_tag) {
    if (x_listener) accept_clients(now_ns);
  } else if (const auto found = x_open.find(tag); found != x_open.end()) {
    found->second.connection.on_ready(events, now_ns);
    settle(tag);
  }
}

void ScriptPlayer::on_deadlines(std::int64_t now_ns) {
  while (!x_deadlines.empty() && x_deadlines.begin()->first <= now_ns) {
    const std::size_t play = x_deadlines.begin()->second;
    x_open.at(play).connection.on_time(now_ns);
    settle(play);
  }
}

void ScriptPlayer::on_signal() {
  signalfd_siginfo came{};
  while (::read(x_signals, &came, sizeof came) == sizeof came) {
    if (came.ssi_signo != SIGUSR1) {
      x_interrupted = true;
    } else if (x_observer) {
      x_observer(status(), true);
    }
  }
}

void ScriptPlayer::observe(std::int64_t now_ns) {
  if (!x_observer || now_ns < x_next_observation_ns) return;
  x_next_observation_ns = now_ns + observed_every_ns;
  x_observer(status(), false);
}

PlayStatus ScriptPlayer::status() const {
  PlayStatus now = x_done;
  now.total = x_plays.size();
  now.open = x_open.size();
  for (const auto& [play, open] : x_open) {
    const PlayResult result = open.connection.result();
    now.sent += result.sent;
    now.received += result.received;
  }
  return now;
}

std::size_t make_room_for_connections() {
  constexpr std::size_t spared = 32;  // for what else the program has open
  constexpr std::size_t enough = 100'000;
  const std::size_t allowed = allow_open_files(enough + spared);
  return allowed > spared ? std::min(allowed - spared, enough) : 1;
}

Descriptor listen_on(const NetAddress& address) {
  Descriptor socket(::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int yes = 1;
  const int no = 0;
  if (socket) {
    (void)::setsockopt(socket.number(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (address.family() == AF_INET6) {
      (void)::setsockopt(socket.number(), IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
    }
  }
  if (!socket || ::bind(socket.number(), address.get(), address.length) != 0 ||
      ::listen(socket.number(), SOMAXCONN) != 0) {
    fail_for_lack_of(fmt::format("can't listen on {}", to_string(address)));
  }
  return socket;
}

}  // namespace tapdeck
