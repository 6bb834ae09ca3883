// The options of `replay`: what is sent, when, where to.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "tools/replay/frame_preparer.h"
#include "tools/replay/player.h"
#include "tools/tapdeck/options.h"

namespace tapdeck {

struct ReplayOptions {
  InputOptions from;
  /// Link type and MTU are still the interface's to say, where it goes to one.
  PreparationOptions preparation;
  ScheduleOptions schedule;
  PlayerOptions play;
  std::optional<std::int64_t> start_at_ns;  ///< Since the epoch.
  std::vector<std::string> interfaces;      ///< One or two, or none: see below.
  std::string method = "packet";            ///< A TransmitMethod's name, or "null".
  std::string output;                       ///< A file instead of an interface.
  /// Where all must arrive that leaves by the interface of the same place; empty: nobody looks.
  struct FarEnd {
    std::string interface;
    std::string network_namespace;
  };
  std::vector<FarEnd> far_ends;
  /// Skipping these was asked for, so that it leaves nothing undone.
  bool may_skip_truncated = false, may_skip_oversize = false;
  bool is_trial = false;     ///< Nothing is sent.
  bool may_be_live = false;  ///< By an interface that leads to the world.
  bool never_sleeps = false;
  std::size_t memory_octets = 0;  ///< For frames that are prepared.
  bool json = false;
  bool quiet = false;
};

void declare_replay_options(CommandOptions& options);

/// Failure(usage) for what can't be understood or doesn't go together.
[[nodiscard]] ReplayOptions replay_options(const CommandOptions& options);

}  // namespace tapdeck
