// What single packets and the files say of the capture as a whole, whatever conversation a packet
// belongs to: its clock, its length limit, its losses, headers that contradict themselves.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "analyzer/anomalies/across_flows.h"
#include "analyzer/anomalies/anomaly.h"
#include "analyzer/anomalies/neighbours.h"
#include "analyzer/anomalies/tallies.h"
#include "captures/capture_info.h"
#include "captures/packet.h"
#include "dissectors/checksum.h"
#include "dissectors/dissection.h"
#include "dissectors/reassembly.h"

namespace tapdeck {

/// The clock of one interface: set back, when packets stay behind the time that was reached; maybe
/// set forward, when none comes for long.
class ClockWatch {
 public:
  struct Step {
    Moment before, after;
  };
  static constexpr std::size_t bound = 16, bound_of_leaps = 1'024;
  /// A timer that waits for an acknowledgment fires sooner, once it has seen a few.
  static constexpr std::int64_t leap_ns = 5'000'000'000;

  void add(Moment moment, std::uint32_t capture, std::uint32_t interface);
  [[nodiscard]] const std::vector<Step>& steps() const { return x_steps; }
  /// Silences of the interface that are as long.
  [[nodiscard]] const std::vector<Step>& leaps() const { return x_leaps; }
  [[nodiscard]] std::uint64_t dropped() const { return x_dropped; }
  /// Steps and leaps so far; what time each clock shows stays known.
  void forget();

 private:
  struct Clock {
    Moment newest;
    Moment behind;  // the first in a row of packets that lie far before it
    std::int64_t newest_behind_ns = 0;
    std::uint32_t row = 0;
    std::uint32_t capture = 0;
    std::uint32_t interface = 0;
    bool used = false;
  };

  [[nodiscard]] Clock& clock_of(std::uint32_t capture, std::uint32_t interface);
  void add_behind(Clock& clock, Moment moment);

  std::array<Clock, 256> x_clocks{};
  std::vector<Step> x_steps, x_leaps;
  std::uint64_t x_dropped = 0;
};

class CaptureWatch {
 public:
  void add(const Packet& packet, const Dissection& dissection, const ChecksumReport& checksums);
  /// An anomaly of a conversation: what happens to several at once is the capture's doing.
  void add(const Anomaly& anomaly);

  /// `leaps` are those of all conversations.
  [[nodiscard]] std::vector<Anomaly> judge(const std::vector<CaptureInfo>& captures,
                                           const ReassemblyCounters& reassembly,
                                           const std::vector<Leap>& leaps) const;
  /// Of hosts, of the clock and of gaps so far, which begin anew; the rest is the capture's as a
  /// whole.
  [[nodiscard]] std::vector<Anomaly> judge_recent(const std::vector<Leap>& leaps);
  [[nodiscard]] std::uint64_t details_dropped() const {
    return x_neighbours.details_dropped() + x_clock.dropped() + x_gaps_dropped;
  }

 private:
  struct Tally {
    std::uint64_t count = 0;
    Span span;
    void add(Moment moment) {
      ++count;
      span.include(moment, 0);
    }
  };
  struct Gap {
    Moment moment;
    std::uint64_t connection = 0;
  };

  void add_fragment(const Dissection& dissection, Moment moment);
  void judge_clock(const std::vector<Leap>& leaps, std::vector<Anomaly>& found) const;
  void judge_files(const std::vector<CaptureInfo>& captures, std::vector<Anomaly>& found) const;
  void judge_gaps(std::vector<Anomaly>& found) const;

  ClockWatch x_clock;
  Neighbours x_neighbours;
  Tally x_truncated, x_offloaded, x_contradicting, x_fragments, x_tiny_fragments;
  Moment x_first, x_last;
  std::uint32_t x_tiniest = 0;
  std::vector<Gap> x_gaps;
  std::uint64_t x_gaps_dropped = 0;
};

}  // namespace tapdeck
