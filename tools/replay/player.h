// Sends frames when they are due: whatever is due goes out in one batch, nothing goes before its
// time, and the places count from one start, so that being late once makes nothing else late.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "captures/transmit/transmitter.h"
#include "tools/replay/clock.h"
#include "tools/replay/frame_feed.h"
#include "tools/replay/schedule.h"
#include "tools/replay/statistics.h"
#include "tools/replay/statistics_board.h"

namespace tapdeck {

struct PlayerOptions {
  std::uint64_t loops = 1;        ///< 0: until something else ends it.
  std::uint64_t frame_limit = 0;  ///< 0: none.
  std::optional<std::int64_t> duration_ns = {};
  /// By the player's clock; absent: as soon as all is warm.
  std::optional<std::int64_t> start_ns = {};
  /// Frames carry the time at which they were due, counted from the first frame's own, instead of
  /// their time in the capture.
  bool stamps_places = false;
  /// Asked before each frame; false stops the replay.
  std::function<bool(const Packet& next)> may_send = {};
  /// Told of every frame that the system took by one of the sides, in order, with its place from
  /// the start.
  std::function<void(std::size_t side, std::span<const Packet> frames,
                     std::span<const std::int64_t> places_ns)>
      on_sent = {};
};

/// What other threads may do to a player.
struct PlayerControls {
  std::atomic<bool> stop = false;
  StatisticsBoard board;
};

class Player {
 public:
  /// `sides`: where frames leave, by the side that the feed gives them.
  Player(PlayerOptions options, const ScheduleOptions& schedule, Clock& clock,
         std::vector<Transmitter*> sides, PlayerControls& controls);

  /// Sends everything and waits until it has left. Throws what the feed or a transmitter throws.
  [[nodiscard]] PlayStatistics play(FrameFeed& feed);

 private:
  static constexpr std::size_t most_frames = 256;  // a batch at top speed
  static constexpr std::size_t most_paced_frames =
      64;  // of a paced one, so that it catches up evenly

  void play_loops(FrameFeed& feed);
  [[nodiscard]] const FrameChunk* next_chunk(FrameFeed& feed);
  [[nodiscard]] bool play_chunk(const FrameChunk& chunk);
  [[nodiscard]] bool is_over(const Packet& next, std::optional<std::int64_t> place_ns,
                             std::uint64_t waiting);
  [[nodiscard]] bool has_reached_limit(std::uint64_t waiting = 0);
  [[nodiscard]] bool wait_for_place(std::int64_t place_ns);
  [[nodiscard]] bool flush(const FrameChunk& chunk, std::size_t begin, std::size_t end);
  [[nodiscard]] bool give_up_on(int error);
  void count_sent(std::size_t side, std::span<const Packet> frames,
                  std::span<const std::int64_t> places_ns);
  [[nodiscard]] std::span<const Packet> stamped(std::span<const Packet> frames);
  bool end_with(PlayEnd end);
  [[nodiscard]] bool is_stopped();
  [[nodiscard]] std::int64_t time_of(std::int64_t place_ns) const;
  [[nodiscard]] PlayStatistics current();

  PlayerOptions x_options;
  Schedule x_schedule;
  Clock& x_clock;
  std::vector<Transmitter*> x_sides;
  PlayerControls& x_controls;
  PlayStatistics x_statistics;
  std::int64_t x_now = 0;
  std::optional<std::int64_t> x_first_time_ns;       // of the first frame, in the capture
  std::array<std::int64_t, most_frames> x_places{};  // of the frames of this batch
  std::vector<Packet> x_stamped;
};

}  // namespace tapdeck
