// Why segments were sent again: the words' counts against those of the sending kernel.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tools/lab/scoring/verdict_list.h"
#include "tools/lab/truth/frame_class.h"
#include "tools/lab/truth/recording.h"

namespace tapdeck {

/// As the kernel counts them: what ACKs draw is one.
enum class KernelTrigger : std::uint8_t { timeout, recovery, tail_loss_probe, go_back_n };

inline constexpr std::array triggers{KernelTrigger::timeout, KernelTrigger::recovery,
                                     KernelTrigger::tail_loss_probe, KernelTrigger::go_back_n};

[[nodiscard]] std::string_view to_string(KernelTrigger trigger);

struct TriggerScore {
  std::array<std::uint64_t, triggers.size()> said{};    // segments, by KernelTrigger
  std::array<std::uint64_t, triggers.size()> kernel{};  // likewise
  std::uint64_t retransmissions = 0;                    // frames, by the truth
  std::uint64_t unknown = 0;                            // `unknown_trigger` was said
  /// Retransmissions whose own trigger the counters show without doubt, and those of them told.
  std::uint64_t certain = 0;
  std::uint64_t certain_told = 0;

  TriggerScore& operator+=(const TriggerScore& other);

  /// Sum of the differences, of the kernel's sum. 0 where the kernel counted nothing.
  [[nodiscard]] double disagreement() const;
};

/// A host's counters: NAME, tab, NUMBER. Throws Failure(unreadable_input).
[[nodiscard]] std::map<std::string, std::uint64_t> read_counters(const std::string& path);

/// `truth` and `sightings` are of the sender's own capture; only what went `way` counts. Kernels
/// count segments, so a frame's words count once for each that it was cut into.
[[nodiscard]] TriggerScore score_triggers(const std::vector<ClassifiedFrame>& truth,
                                          const std::vector<Sighting>& sightings,
                                          const VerdictList* said, Way way,
                                          const std::map<std::string, std::uint64_t>& counters);

}  // namespace tapdeck
