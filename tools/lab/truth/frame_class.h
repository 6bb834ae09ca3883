// What each captured frame is, judged with everything known.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tools/lab/truth/recording.h"

namespace tapdeck {

enum class FrameClass : std::uint8_t {
  plain,           // nothing to say of it
  retransmission,  // the sender had sent some of its octets before
  out_of_order,    // sent once; captured behind what was sent later and for the first time too
  duplicate,       // the later of two captured copies of one transmission
};

[[nodiscard]] std::string_view to_string(FrameClass frame_class);

struct ClassifiedFrame {
  std::uint64_t frame = 0;  // in its capture, from 1
  Way way{};
  std::size_t connection = 0;
  SequenceRange range = {};  // counted from the SYN
  FrameClass frame_class{};
  bool spurious = false;       // a retransmission that nobody needed
  std::string trigger = {};    // of a retransmission, by the sending kernel: see TriggerPool::claim
  std::string_view lost = {};  // of a retransmission that was needed: "upstream" or "downstream"

  friend bool operator==(const ClassifiedFrame&, const ClassifiedFrame&) = default;
};

/// The TCP frames of a capture, in their order.
[[nodiscard]] std::vector<ClassifiedFrame> classify(const Recording& recording, CapturePoint point);

/// Tab-separated, with a header line. Throws Failure(unwritable_output).
void write_classes(const std::string& path, const std::vector<ClassifiedFrame>& frames);

/// Throws Failure(unreadable_input).
[[nodiscard]] std::vector<ClassifiedFrame> read_classes(const std::string& path);

}  // namespace tapdeck
