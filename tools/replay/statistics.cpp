#include "tools/replay/statistics.h"

#include <cmath>
#include <cstring>
#include <numeric>

#include <fmt/format.h>

namespace tapdeck {

std::string_view to_string(PlayEnd end) {
  switch (end) {
    case PlayEnd::complete:
      return "complete";
    case PlayEnd::limit:
      return "limit";
    case PlayEnd::duration:
      return "duration";
    case PlayEnd::stopped:
      return "stopped";
    case PlayEnd::broken:
      return "broken";
    case PlayEnd::beyond_century:
      return "beyond_century";
  }
  return "invalid";
}

TransmitCounts PlayStatistics::sent() const {
  TransmitCounts sum;
  for (const TransmitCounts& side : sides) {
    sum.frames += side.frames;
    sum.octets += side.octets;
    sum.retried += side.retried;
    sum.held_back += side.held_back;
  }
  return sum;
}

std::uint64_t PlayStatistics::failed_frames() const {
  return std::accumulate(failed.begin(), failed.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const auto& error) { return sum + error.second; });
}

double per_second(double amount, std::int64_t duration_ns) {
  constexpr double nanoseconds = 1e9;
  return duration_ns > 0 ? amount * nanoseconds / static_cast<double>(duration_ns) : 0;
}

AchievedRate achieved_rate(const PlayStatistics& played) {
  const TransmitCounts sent = played.sent();
  if (sent.frames < 2) return {};
  const auto frames = static_cast<double>(sent.frames);
  const double bits = 8 * static_cast<double>(sent.octets) * (frames - 1) / frames;
  return {.packets_per_second = per_second(frames - 1, played.duration_ns()),
          .bits_per_second = per_second(bits, played.duration_ns())};
}

std::string rate_text(double rate, int decimals) {
  constexpr double first_three = 100;
  constexpr int longest_fraction = 15;
  for (double scaled = rate * std::pow(10, decimals); rate > 0 && scaled < first_three;
       scaled *= 10) {
    if (++decimals == longest_fraction) break;
  }
  return fmt::format("{:.{}f}", rate, decimals);
}

std::string errno_name(int error) {
  const char* const name = ::strerrorname_np(error);
  return name != nullptr ? name : "errno " + std::to_string(error);
}

}  // namespace tapdeck
