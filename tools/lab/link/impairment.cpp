#include "tools/lab/link/impairment.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <type_traits>

#include "captures/failure.h"
#include "tools/lab/link/settings.h"

namespace tapdeck {
namespace {

std::int64_t nanoseconds(double milliseconds) { return std::llround(milliseconds * 1e6); }

std::uint32_t per_million(const std::string& percent) {
  const double share = parse_number(percent);
  if (share < 0 || share > 100) throw Failure(ExitCode::usage, "not a percentage: " + percent);
  return static_cast<std::uint32_t>(std::lround(share * 1e4));
}

Interval interval_of(const NumberRange& range, double unit) {
  return {std::llround(range.begin * unit), std::llround(range.end * unit)};
}

/// "SHARE:RANGE", the range in milliseconds.
void parse_share_and_times(const std::string& text, std::uint32_t& share, Interval& times) {
  const std::vector<std::string> parts = split_at(text, ':');
  if (parts.size() != 2) throw Failure(ExitCode::usage, "expected PERCENT:MS-MS, not " + text);
  share = per_million(parts[0]);
  times = interval_of(parse_range(parts[1]), 1e6);
}

struct ImpairmentWord {
  std::string_view name;
  void (*apply)(Impairment&, const std::string& value);
};

constexpr std::array impairment_words{
    ImpairmentWord{"delay",
                   [](Impairment& to, const std::string& value) {
                     to.delay_ns = nanoseconds(parse_number(value));
                   }},
    ImpairmentWord{"jitter",
                   [](Impairment& to, const std::string& value) {
                     to.jitter_ns = nanoseconds(parse_number(value));
                   }},
    ImpairmentWord{"ordered", [](Impairment& to, const std::string&) { to.keeps_order = true; }},
    ImpairmentWord{
        "loss",
        [](Impairment& to, const std::string& value) { to.loss_per_million = per_million(value); }},
    ImpairmentWord{"burst",
                   [](Impairment& to, const std::string& value) {
                     to.burst_frames = static_cast<std::uint32_t>(parse_number(value));
                   }},
    ImpairmentWord{"reorder",
                   [](Impairment& to, const std::string& value) {
                     parse_share_and_times(value, to.reorder_per_million, to.reorder_ns);
                   }},
    ImpairmentWord{"duplicate",
                   [](Impairment& to, const std::string& value) {
                     parse_share_and_times(value, to.duplicate_per_million, to.duplicate_ns);
                   }},
    ImpairmentWord{"rate",
                   [](Impairment& to, const std::string& value) {
                     to.bits_per_second = static_cast<std::uint64_t>(parse_number(value) * 1e6);
                   }},
    ImpairmentWord{"queue",
                   [](Impairment& to, const std::string& value) {
                     to.queue_octets = static_cast<std::uint64_t>(parse_number(value));
                   }},
    ImpairmentWord{"blackout",
                   [](Impairment& to, const std::string& value) {
                     for (const std::string& part : split_at(value, ',')) {
                       to.blackouts_ns.push_back(interval_of(parse_range(part), 1e6));
                     }
                   }},
    ImpairmentWord{"drop",
                   [](Impairment& to, const std::string& value) {
                     for (const std::string& part : split_at(value, ',')) {
                       Interval ordinals = interval_of(parse_range(part), 1);
                       ++ordinals.end;
                       to.drops.push_back(ordinals);
                     }
                   }},
};

bool lies_in(const std::vector<Interval>& intervals, std::int64_t place) {
  return std::any_of(intervals.begin(), intervals.end(), [&](const Interval& interval) {
    return place >= interval.begin && place < interval.end;
  });
}

/// Evenly spread from begin to end. One draw of the generator, whatever the interval.
std::int64_t draw_from(TrafficRandom& random, const Interval& interval) {
  const auto length = static_cast<double>(interval.end - interval.begin);
  const double share = static_cast<double>(random.next() >> 11U) * 0x1p-53;
  return interval.begin + std::llround(length * share);
}

}  // namespace

Impairment parse_impairment(const std::string& text) {
  Impairment impairment;
  for (const auto& [name, value] : split_settings(text)) {
    const auto* word =
        std::find_if(impairment_words.begin(), impairment_words.end(),
                     [&](const ImpairmentWord& candidate) { return candidate.name == name; });
    if (word == impairment_words.end()) {
      throw Failure(ExitCode::usage, "a link has no setting called " + name);
    }
    word->apply(impairment, value);
  }
  return impairment;
}

void vary_impairment(Impairment& impairment, TrafficRandom& random) {
  const auto vary = [&](auto& number) {
    const double factor = 0.6 + static_cast<double>(random.below(1001)) / 1000;
    number = static_cast<std::remove_reference_t<decltype(number)>>(
        std::llround(static_cast<double>(number) * factor));
  };
  vary(impairment.delay_ns);
  vary(impairment.jitter_ns);
  vary(impairment.loss_per_million);
  vary(impairment.reorder_per_million);
  vary(impairment.reorder_ns.end);
  impairment.reorder_ns.begin = std::min(impairment.reorder_ns.begin, impairment.reorder_ns.end);
  vary(impairment.duplicate_per_million);
  vary(impairment.duplicate_ns.end);
  impairment.duplicate_ns.begin =
      std::min(impairment.duplicate_ns.begin, impairment.duplicate_ns.end);
  vary(impairment.bits_per_second);
  vary(impairment.queue_octets);
}

std::string_view to_string(Loss loss) {
  switch (loss) {
    case Loss::none:
      return "";
    case Loss::loss:
      return "loss";
    case Loss::queue:
      return "queue";
    case Loss::blackout:
      return "blackout";
  }
  return "invalid";
}

FateMaker::FateMaker(const Impairment& impairment, std::uint64_t seed)
    : x_impairment(impairment), x_seed(scramble(seed)) {}

Fate FateMaker::next(std::int64_t time_ns, std::uint64_t frame_octets) {
  ++x_ordinal;
  // A generator per frame, drawn from in a fixed order: no decision depends on an earlier one's.
  TrafficRandom random(scramble(x_seed + x_ordinal));
  const bool unlucky = draw_loss(random);
  const bool overtaken = random.chance(x_impairment.reorder_per_million);
  const bool copied = random.chance(x_impairment.duplicate_per_million);
  const std::int64_t jitter_ns = draw_from(random, {0, x_impairment.jitter_ns});
  const std::int64_t behind_ns = draw_from(random, x_impairment.reorder_ns);
  const std::int64_t copy_behind_ns = draw_from(random, x_impairment.duplicate_ns);

  Fate fate;
  fate.loss = lose(time_ns, frame_octets, unlucky);
  if (fate.loss != Loss::none) return fate;
  fate.delivery_ns = leave_queue(time_ns, frame_octets) + x_impairment.delay_ns + jitter_ns;
  if (x_impairment.keeps_order) {
    fate.delivery_ns = std::max(fate.delivery_ns, x_last_delivery_ns);
    x_last_delivery_ns = fate.delivery_ns;
  }
  if (overtaken) fate.delivery_ns += behind_ns;
  fate.copied = copied;
  fate.copy_delivery_ns = fate.delivery_ns + std::max<std::int64_t>(copy_behind_ns, 1);
  return fate;
}

bool FateMaker::draw_loss(TrafficRandom& random) {
  const std::uint32_t burst = std::max<std::uint32_t>(x_impairment.burst_frames, 1);
  const std::uint32_t begins = x_impairment.loss_per_million / burst;
  const std::uint32_t goes_on = 1'000'000 - 1'000'000 / burst;
  x_in_burst = random.chance(x_in_burst ? goes_on : begins);
  return x_in_burst;
}

Loss FateMaker::lose(std::int64_t time_ns, std::uint64_t frame_octets, bool unlucky) const {
  if (lies_in(x_impairment.blackouts_ns, time_ns)) return Loss::blackout;
  if (unlucky || lies_in(x_impairment.drops, static_cast<std::int64_t>(x_ordinal))) {
    return Loss::loss;
  }
  if (x_impairment.bits_per_second == 0) return Loss::none;
  const double waiting_seconds =
      static_cast<double>(std::max<std::int64_t>(x_line_free_ns - time_ns, 0)) * 1e-9;
  const double waiting_octets =
      waiting_seconds * static_cast<double>(x_impairment.bits_per_second) / 8;
  const bool full = waiting_octets + static_cast<double>(frame_octets) >
                    static_cast<double>(x_impairment.queue_octets);
  return full ? Loss::queue : Loss::none;
}

std::int64_t FateMaker::leave_queue(std::int64_t time_ns, std::uint64_t frame_octets) {
  if (x_impairment.bits_per_second == 0) return time_ns;
  const double seconds =
      static_cast<double>(frame_octets) * 8 / static_cast<double>(x_impairment.bits_per_second);
  x_line_free_ns = std::max(x_line_free_ns, time_ns) + std::llround(seconds * 1e9);
  return x_line_free_ns;
}

Misses::Misses(const std::string& text, std::uint64_t seed) : x_random(scramble(seed)) {
  for (const auto& [name, value] : split_settings(text)) {
    if (name == "single") {
      x_single_per_million = per_million(value);
    } else if (name == "burst") {
      const std::vector<std::string> parts = split_at(value, ':');
      x_burst_per_million = per_million(parts.front());
      x_longest_burst =
          std::max<std::uint32_t>(static_cast<std::uint32_t>(parse_number(parts.back())), 1);
    } else {
      throw Failure(ExitCode::usage, "misses are single=… and burst=…, not " + name);
    }
  }
}

bool Misses::next() {
  if (x_left_of_burst == 0) {
    if (x_random.chance(x_burst_per_million)) {
      x_left_of_burst = 1 + x_random.below(x_longest_burst);
    } else if (x_random.chance(x_single_per_million)) {
      x_left_of_burst = 1;
    }
  }
  if (x_left_of_burst == 0) return false;
  --x_left_of_burst;
  return true;
}

}  // namespace tapdeck
