// What became of one connection that was played.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "analyzer/flow/side.h"
#include "tools/replay/stateful/script.h"

namespace tapdeck {

enum class PlayOutcome : std::uint8_t {
  ok,                // every step was done and both ends closed as captured
  differs,           // so it was, but the peer's octets weren't the captured ones (strict)
  refused,           // the peer answered the SYN with a reset
  unreachable,       // the network did
  reset,             // the peer reset the connection where it had not done so
  timed_out,         // the peer didn't answer, or not enough, in time
  closed_otherwise,  // the peer ended the connection by a FIN where it had reset it
  incomplete,        // the capture doesn't hold all of it: not played
  unsupported,       // it can't be played here: too large
  failed,            // this host couldn't: no port, no descriptor
  interrupted,       // it was under way, or still to come, when the user ended the replay
};

/// For programs ("timed_out") and for people ("timed out").
[[nodiscard]] std::string_view word_for(PlayOutcome outcome);
[[nodiscard]] std::string_view phrase_for(PlayOutcome outcome);

/// What the peer's octets were beside what the capture holds. Compared is each answer with its own,
/// so that one that is longer or shorter doesn't shift the next.
struct Differences {
  std::uint64_t octets = 0;  // differ
  std::uint64_t missing = 0;
  std::uint64_t surplus = 0;
  std::optional<std::uint64_t>
      first{};  // offset in the live peer's stream of the first of any kind

  [[nodiscard]] bool any() const { return octets + missing + surplus != 0; }
};

struct PlayResult {
  PlayOutcome outcome = PlayOutcome::interrupted;
  std::string detail{};  // in which step, or why not; may be empty
  std::size_t steps_done = 0;
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  Differences differences{};
};

/// "ok; 12 octets differ, the first at 107", "reset at byte 300: ...".
[[nodiscard]] std::string sentence(const PlayResult& result);

/// Why a script can't be played.
[[nodiscard]] PlayResult result_of(const Shortfall& shortfall);

}  // namespace tapdeck
