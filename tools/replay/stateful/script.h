// What both sides of a captured connection did, as a script that either side can be played from:
// octets in order, and for each step of a side what of the peer it had heard before.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "analyzer/flow/side.h"
#include "analyzer/flow/socket.h"

namespace tapdeck {

enum class StepAction : std::uint8_t {
  send,
  finish,  // a FIN: nothing more will be sent
  reset,
};

/// What a side did once it had heard so much of its peer.
struct ScriptStep {
  StepAction action{};
  /// A question: the peer had said all, and its octets from `needs` on came only behind this step.
  bool begins_turn = false;
  bool ends_write = false;    // of its program, by PSH
  bool needs_end = false;     // the peer's FIN was heard before, too
  std::uint64_t begin = 0;    // of the octets to send, in the side's stream
  std::uint64_t octets = 0;   // to send
  std::uint64_t needs = 0;    // octets of the peer that were heard before
  std::int64_t think_ns = 0;  // between what was heard, or the step before, and this step
  std::int64_t pause_ns = 0;  // the longest silence of the peer since the step before
};

struct SideScript {
  std::vector<std::byte> octets;  // the stream from its beginning, as far as it is kept
  std::uint64_t length = 0;       // of the stream
  std::vector<ScriptStep> steps;
  bool finishes = false;           // by a FIN
  bool resets = false;             // maybe behind its FIN
  std::uint64_t heard = 0;         // octets of the peer that it acknowledged at last
  std::int64_t last_pause_ns = 0;  // the peer's longest silence behind the last step
};

/// Why a connection can't be played as it was.
enum class ShortfallKind : std::uint8_t {
  gap,        // octets that the capture doesn't hold, as segments behind them or ACKs tell
  cut,        // octets that the capture cut off (snap length)
  beginning,  // its SYN isn't there
  memory,     // it didn't fit into the bound on scripts
};

struct Shortfall {
  ShortfallKind kind{};
  Side side{};               // whose octets are missing
  std::uint64_t offset = 0;  // of the first one in its stream
  std::uint64_t octets = 0;

  friend bool operator==(const Shortfall&, const Shortfall&) = default;
};

struct Script {
  std::uint64_t id = 0;          // number of the connection's first frame
  std::array<Socket, 2> ends{};  // by Side
  std::int64_t start_ns = 0;
  std::int64_t end_ns = 0;
  std::array<SideScript, 2> sides;  // by Side
  std::optional<Shortfall> shortfall;

  [[nodiscard]] const SideScript& of(Side side) const { return sides[index_of(side)]; }
};

}  // namespace tapdeck
