#include "tools/tapdeck/progress.h"

#include <cstdio>
#include <string_view>

#include <fmt/format.h>
#include <unistd.h>

#include "analyzer/report/quantity.h"

namespace tapdeck {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 500ms;
constexpr auto interval = 200ms;

std::string time_left(double seconds) {
  if (seconds < 60) return fmt::format("{:.0f} s left", seconds);
  if (seconds < 3600) return fmt::format("{:.0f} min left", seconds / 60);
  return fmt::format("{:.1f} h left", seconds / 3600);
}

}  // namespace

std::string progress_text(const ReadProgress& progress, std::uint64_t packets,
                          std::chrono::duration<double> elapsed) {
  const auto read = static_cast<double>(progress.octets_read);
  const auto total = static_cast<double>(progress.octets_total);
  const double rate = elapsed.count() > 0 ? read / elapsed.count() : 0;
  std::string text = bytes_text(progress.octets_read);
  if (total > 0) {
    text += fmt::format(" of {}  {:.0f}%", bytes_text(progress.octets_total), 100 * read / total);
  }
  text += fmt::format("  {}/s  {} packets", bytes_text(static_cast<std::uint64_t>(rate)),
                      count_text(packets));
  if (total > read && rate > 0) text += "  " + time_left((total - read) / rate);
  return text;
}

Progress::Progress(bool wanted)
    : x_enabled(wanted && ::isatty(STDERR_FILENO) == 1),
      x_start(Clock::now()),
      x_next(x_start + patience) {}

void Progress::update(const ReadProgress& progress, std::uint64_t packets) {
  if (!x_enabled) return;
  const Clock::time_point now = Clock::now();
  if (now < x_next) return;
  x_next = now + interval;
  x_drawn = true;
  fmt::print(stderr, "\r{}\x1b[K", progress_text(progress, packets, now - x_start));
  std::fflush(stderr);
}

void Progress::clear() {
  if (!x_drawn) return;
  std::fputs("\r\x1b[K", stderr);
  std::fflush(stderr);
  x_drawn = false;
}

}  // namespace tapdeck
