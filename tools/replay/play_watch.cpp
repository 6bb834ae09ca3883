#include "tools/replay/play_watch.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <pthread.h>
#include <unistd.h>

#include "analyzer/report/quantity.h"
#include "analyzer/report/time.h"
#include "tools/tapdeck/terminal/terminal_rescue.h"

namespace tapdeck {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 100ms;  // for the player's answer
constexpr timespec progress_interval{.tv_sec = 0, .tv_nsec = 200'000'000};

sigset_t watched_signals() {
  sigset_t signals;
  ::sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGUSR1}) ::sigaddset(&signals, signal);
  return signals;
}

/// Of what is left, where that can be told.
std::optional<std::int64_t> time_left(const PlayStatistics& statistics, const PlayPlan& plan) {
  const std::int64_t elapsed = statistics.now_ns - statistics.start_ns;
  if (plan.duration_ns > 0) return std::max<std::int64_t>(plan.duration_ns - elapsed, 0);
  if (plan.frames == 0 || statistics.attempted == 0 || elapsed <= 0) return std::nullopt;
  const auto done = static_cast<double>(statistics.attempted);
  const double rest = static_cast<double>(plan.frames) - done;
  return static_cast<std::int64_t>(static_cast<double>(elapsed) * std::max(rest, 0.0) / done);
}

}  // namespace

std::string play_progress_text(const PlayStatistics& statistics, const PlayPlan& plan) {
  const TransmitCounts sent = statistics.sent();
  std::string text = count_text(sent.frames);
  if (plan.frames != 0) {
    text += fmt::format(" of {}", count_text(plan.frames));
  }
  text += " packets";
  if (plan.frames != 0) {
    text += fmt::format("  {:.0f}%", 100.0 * static_cast<double>(statistics.attempted) /
                                         static_cast<double>(plan.frames));
  }
  const AchievedRate rate = achieved_rate(statistics);
  constexpr double slow = 10;
  text += fmt::format("  {} packets/s  {} Mbit/s",
                      rate.packets_per_second < slow
                          ? rate_text(rate.packets_per_second, 1)
                          : count_text(static_cast<std::uint64_t>(rate.packets_per_second)),
                      rate_text(rate.bits_per_second / 1e6, 1));
  if (const auto left = time_left(statistics, plan)) text += "  " + duration_text(*left) + " left";
  return text;
}

PlayWatch::PlayWatch(PlayerControls& controls,
                     std::function<std::string(const PlayStatistics&)> describe,
                     bool shows_progress)
    : x_controls(controls),
      x_describe(std::move(describe)),
      x_shows_progress(shows_progress && ::isatty(STDERR_FILENO) == 1) {
  const sigset_t signals = watched_signals();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

void PlayWatch::start() {
  x_thread = std::thread([this] { watch(); });
}

PlayWatch::~PlayWatch() {
  if (!x_thread.joinable()) return;
  x_ended = true;
  ::pthread_kill(x_thread.native_handle(), SIGUSR1);
  x_thread.join();
  clear_line();
}

void PlayWatch::begin(const PlayPlan& plan) {
  const std::lock_guard lock(x_mutex);
  x_plan = plan;
  x_phase = Phase::playing;
}

void PlayWatch::end() {
  const std::lock_guard lock(x_mutex);
  clear_line();
  x_phase = Phase::over;
}

void PlayWatch::watch() {
  const sigset_t signals = watched_signals();
  while (true) {
    const int signal = x_shows_progress ? ::sigtimedwait(&signals, nullptr, &progress_interval)
                                        : ::sigwaitinfo(&signals, nullptr);
    if (x_ended) return;
    const std::lock_guard lock(x_mutex);
    if (signal == SIGINT || signal == SIGTERM) stop_player(signal);
    if (x_phase == Phase::over) continue;
    if (signal == SIGUSR1) print_statistics();
    if (x_shows_progress && x_phase == Phase::playing) draw_progress();
  }
}

/// Asked twice, the program waits for nothing any longer, whatever it is.
void PlayWatch::stop_player(int signal) {
  if (!x_controls.stop.exchange(true)) return;
  clear_line();
  rescue_terminal();
  std::signal(signal, SIG_DFL);
  const sigset_t signals = watched_signals();
  ::pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  std::raise(signal);
}

void PlayWatch::print_statistics() {
  const auto statistics = x_controls.board.ask(patience);
  clear_line();
  const char* const otherwise = x_phase == Phase::playing
                                    ? "the interface takes nothing at the moment\n"
                                    : "no packet has been sent yet\n";
  fmt::print(stderr, "{}", statistics ? x_describe(*statistics) : otherwise);
  std::fflush(stderr);
}

void PlayWatch::draw_progress() {
  const auto statistics = x_controls.board.ask(patience);
  if (!statistics) return;
  x_drawn = true;
  fmt::print(stderr, "\r{}\x1b[K", play_progress_text(*statistics, x_plan));
  std::fflush(stderr);
}

void PlayWatch::clear_line() {
  if (!x_drawn) return;
  fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
  x_drawn = false;
}

}  // namespace tapdeck
