// One side's part in a script, played against a live peer: what to do next, given what the peer
// sent and what time it is. Knows no socket and reads no clock.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "captures/bytes.h"
#include "tools/replay/stateful/play_result.h"
#include "tools/replay/stateful/script.h"

namespace tapdeck {

/// A captured duration times `factor`, a century at most.
[[nodiscard]] std::int64_t scaled_ns(std::int64_t duration_ns, double factor);

struct PartOptions {
  double think_factor = 1;  // of the captured think times; 0: none
  /// A peer that has sent at least one octet of its answer and is silent for so long, beyond its
  /// longest silence as captured, is taken to be through.
  std::int64_t response_idle_ns = 1'000'000'000;
  /// A peer that owes octets or its end is given up after so long a silence, beyond likewise.
  std::int64_t response_timeout_ns = 5'000'000'000;
  bool strict = false;  // differences aren't ok
};

class Part {
 public:
  struct Todo {
    enum class Kind : std::uint8_t {
      send,    // `octets`, as many as the socket takes by `until_ns`; then tell by sent()
      finish,  // send a FIN; then tell by finished()
      wait,    // for the peer, at most until `until_ns`
      reset,   // end the connection by a reset; then tell by was_reset()
      close,   // end the connection: all is done, or it can't be
    };
    Kind kind{};
    Bytes octets = {};
    std::int64_t until_ns = 0;
  };

  /// The connection is open since `now_ns`. The script outlives the part.
  Part(const Script& script, Side ours, const PartOptions& options, std::int64_t now_ns);

  /// What to do now. Once it says close, or behind was_reset(), result() is final.
  [[nodiscard]] Todo next(std::int64_t now_ns);

  void sent(std::size_t octets, std::int64_t now_ns);
  void finished(std::int64_t now_ns);
  void was_reset();
  void received(Bytes octets, std::int64_t now_ns);
  void peer_finished(std::int64_t now_ns);
  void peer_reset() { x_peer_reset = true; }
  /// It ends here for a reason that isn't in the script.
  void give_up(PlayOutcome outcome, std::string detail) { conclude(outcome, std::move(detail)); }

  [[nodiscard]] const PlayResult& result() const { return x_result; }
  /// What it is about: "in step 2 of 3".
  [[nodiscard]] std::string step_text() const;

 private:
  [[nodiscard]] Todo act(const ScriptStep& step, std::int64_t now_ns);
  [[nodiscard]] std::optional<Todo> wait_for(const ScriptStep& step, std::int64_t now_ns);
  [[nodiscard]] Todo wait_for_end(std::int64_t now_ns);
  [[nodiscard]] std::optional<Todo> wait_for_peer(bool may_be_through, std::int64_t pause_ns,
                                                  std::int64_t now_ns);
  void begin(const ScriptStep& step, std::int64_t now_ns);
  void step_done(std::int64_t now_ns);
  void compare(Bytes octets);
  void compare_inside(Bytes octets, std::uint64_t at);
  void note_difference(std::uint64_t at);
  void note_missing(std::uint64_t until);
  [[nodiscard]] std::size_t next_turn() const;
  Todo conclude(PlayOutcome outcome, std::string detail = {});
  [[nodiscard]] Todo conclude_reset();

  const SideScript& x_own;
  const SideScript& x_peer;
  PartOptions x_options;
  PlayResult x_result;
  std::size_t x_step = 0;
  bool x_step_begun = false;
  std::uint64_t x_sent_of_step = 0;
  std::uint64_t x_expected = 0;  // how far the peer is in its captured stream
  std::size_t x_crossed = 0;     // steps before this one end no turn
  bool x_turn_has_surplus = false;
  bool x_heard_since_step = false;
  std::int64_t x_last_step_ns;
  std::int64_t x_last_heard_ns;            // or when our last step was done
  std::int64_t x_last_sent_ns;             // likewise
  std::optional<std::int64_t> x_ready_ns;  // since when the step at hand has what it needs
  bool x_has_finished = false;
  bool x_peer_finished = false;
  bool x_peer_reset = false;
  bool x_concluded = false;
};

}  // namespace tapdeck
