// What a link does to the frames of one direction, and the seeded generator that decides it frame
// by frame: the same seed and the same frames give the same fates.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "tools/bench/traffic_random.h"

namespace tapdeck {

/// From `begin` to `end`, the end left out.
struct Interval {
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

struct Impairment {
  std::int64_t delay_ns = 0;   // one way
  std::int64_t jitter_ns = 0;  // further delay, from 0 to this
  bool keeps_order = false;    // jitter lets no frame overtake another
  std::uint32_t loss_per_million = 0;
  std::uint32_t burst_frames = 1;  // frames that one loss takes, on average
  std::uint32_t reorder_per_million = 0;
  Interval reorder_ns;  // how much later a frame comes that others shall overtake
  std::uint32_t duplicate_per_million = 0;
  Interval duplicate_ns;               // how much later than the frame its copy comes
  std::uint64_t bits_per_second = 0;   // 0: no limit
  std::uint64_t queue_octets = 65536;  // what waits at most for the line of limited rate
  std::vector<Interval> blackouts_ns;  // since the first frame of the link
  std::vector<Interval> drops;         // ordinals of frames to lose
};

/// Words like "delay=5 jitter=1 ordered loss=2 burst=3 reorder=1:2-8 duplicate=1:0-3 rate=10
/// queue=20000 blackout=200-700 drop=3,7-9": times in milliseconds, shares in percent, rates in
/// Mbit/s. Throws Failure(usage).
[[nodiscard]] Impairment parse_impairment(const std::string& text);

/// Multiplies delays, shares and rates by numbers from 0.6 to 1.6.
void vary_impairment(Impairment& impairment, TrafficRandom& random);

enum class Loss : std::uint8_t { none, loss, queue, blackout };

[[nodiscard]] std::string_view to_string(Loss loss);

struct Fate {
  Loss loss = Loss::none;
  std::int64_t delivery_ns = 0;  // valid unless lost
  bool copied = false;
  std::int64_t copy_delivery_ns = 0;  // valid if copied; later than delivery_ns
};

/// The fates of one direction's frames, in the order of their sending.
class FateMaker {
 public:
  FateMaker(const Impairment& impairment, std::uint64_t seed);

  /// `time_ns` counts from the first frame of the link.
  [[nodiscard]] Fate next(std::int64_t time_ns, std::uint64_t frame_octets);

  /// Frames so far: the ordinal of the last one.
  [[nodiscard]] std::uint64_t ordinal() const { return x_ordinal; }

 private:
  [[nodiscard]] bool draw_loss(TrafficRandom& random);
  [[nodiscard]] Loss lose(std::int64_t time_ns, std::uint64_t frame_octets, bool unlucky) const;
  [[nodiscard]] std::int64_t leave_queue(std::int64_t time_ns, std::uint64_t frame_octets);

  Impairment x_impairment;
  std::uint64_t x_seed;
  std::uint64_t x_ordinal = 0;
  bool x_in_burst = false;
  std::int64_t x_line_free_ns = 0;
  std::int64_t x_last_delivery_ns = std::numeric_limits<std::int64_t>::min();
};

/// Single frames and runs of frames that a capture misses: "single=2 burst=0.5:4", in percent, and
/// the longest run.
class Misses {
 public:
  /// Throws Failure(usage).
  Misses(const std::string& text, std::uint64_t seed);

  /// For each frame in turn.
  [[nodiscard]] bool next();

 private:
  TrafficRandom x_random;
  std::uint32_t x_single_per_million = 0;
  std::uint32_t x_burst_per_million = 0;
  std::uint32_t x_longest_burst = 1;
  std::uint32_t x_left_of_burst = 0;
};

}  // namespace tapdeck
