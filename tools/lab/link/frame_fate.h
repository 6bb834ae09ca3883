// The truth about one frame, and the table of them that a recording is scored against.
#pragma once

#include <array>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/lab/link/impairment.h"

namespace tapdeck {

/// Where the lab's captures listen: at either host, and once more as a capture that misses frames.
enum class CapturePoint : std::uint8_t { client, server, missing };

inline constexpr std::array capture_points{CapturePoint::client, CapturePoint::server,
                                           CapturePoint::missing};

[[nodiscard]] std::string_view to_string(CapturePoint point);

/// `up` is from the client to the server.
enum class Way : std::uint8_t { up, down };

[[nodiscard]] std::string_view to_string(Way way);

/// The host whose capture holds all that goes this way before the link touches it.
[[nodiscard]] constexpr CapturePoint sender_of(Way way) {
  return way == Way::up ? CapturePoint::client : CapturePoint::server;
}
[[nodiscard]] constexpr CapturePoint receiver_of(Way way) {
  return way == Way::up ? CapturePoint::server : CapturePoint::client;
}

/// Frame numbers in one capture, from 1; 0: not there.
struct CapturedAs {
  std::uint64_t frame = 0;
  std::uint64_t copy = 0;
};

struct FrameFate {
  Way way{};
  std::uint64_t ordinal = 0;     // among the TCP frames of its way, from 1; 0 for other frames
  std::uint32_t seq = 0;         // TCP's sequence number
  std::uint32_t seq_octets = 0;  // its octets in sequence space, SYN and FIN included
  std::int64_t sent_ns = 0;
  std::optional<std::int64_t> delivered_ns = {};
  Loss loss = Loss::none;
  std::optional<std::int64_t> copy_delivered_ns = {};
  std::string trigger = {};  // of a repeat: see TriggerPool::claim
  std::array<CapturedAs, capture_points.size()> captured{};

  [[nodiscard]] CapturedAs& captured_at(CapturePoint point) {
    return captured[static_cast<std::size_t>(point)];
  }
  [[nodiscard]] const CapturedAs& captured_at(CapturePoint point) const {
    return captured[static_cast<std::size_t>(point)];
  }
};

/// Tab-separated, with a header line. Throws Failure(unwritable_output).
void write_fates(const std::string& path, const std::vector<FrameFate>& fates);

/// Throws Failure(unreadable_input).
[[nodiscard]] std::vector<FrameFate> read_fates(const std::string& path);

}  // namespace tapdeck
