// The verdicts on packets for those who show packets: tracks what was dissected, and hands verdicts
// on as they settle.
#pragma once

#include <vector>

#include "analyzer/tracker.h"
#include "captures/packet.h"
#include "dissectors/dissection.h"

namespace tapdeck {

class VerdictFeed {
 public:
  VerdictFeed() : x_tracker({.vlans_in_key = false, .limits = {}, .trace = TraceWish::verdicts}) {}

  /// True for a TCP segment: a verdict on it follows.
  bool add(const Packet& packet, const Dissection& dissection);

  /// Those that settled since the last call, of every packet added so far.
  [[nodiscard]] std::vector<FrameVerdict> take();

  /// No more packets come: all verdicts settle.
  void finish();

 private:
  void release_ended();

  Tracker x_tracker;
};

}  // namespace tapdeck
