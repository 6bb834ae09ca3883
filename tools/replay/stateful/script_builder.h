// Makes scripts of the segments of captured connections: what each side sent, in order, and how
// much of its peer it had acknowledged by then.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "analyzer/flow/trace.h"
#include "dissectors/checksum.h"
#include "tools/replay/stateful/script.h"
#include "tools/replay/stateful/script_memory.h"
#include "tools/replay/stateful/side_stream.h"

namespace tapdeck {

struct ScriptOptions {
  Side ours = Side::client;         // to be played: its octets must be kept, those of the other may
  bool midstream = false;           // play connections whose beginning wasn't captured
  std::vector<std::uint64_t> only;  // connections by id; empty: all
  std::uint64_t memory = std::uint64_t{1} << 30U;  // octets that all scripts may take
};

class ScriptBuilder {
 public:
  explicit ScriptBuilder(const ScriptOptions& options)
      : x_options(options), x_memory(options.memory), x_unmet(options.only) {}

  /// The next segment of its connection. `payload` is what follows the TCP header.
  void add(const TracedSegment& traced, Region payload, ChecksumStatus checksum);

  /// No more segments of this connection come. Does nothing for one that isn't known.
  void end(std::uint64_t connection);

  /// Those that ended, ordered by their start.
  [[nodiscard]] std::vector<Script> take();

  /// Connections, asked for or not.
  [[nodiscard]] std::uint64_t connections() const { return x_connections; }
  /// Ids that were asked for and that no connection has.
  [[nodiscard]] const std::vector<std::uint64_t>& unmet() const { return x_unmet; }
  /// Connections that never opened: there is nothing to play.
  [[nodiscard]] std::uint64_t never_opened() const { return x_never_opened; }
  /// Connections that began when the bound was reached: nothing is known of them.
  [[nodiscard]] std::uint64_t not_taken() const { return x_not_taken; }
  /// Octets of the peer that won't be compared, since they didn't fit into the bound.
  [[nodiscard]] std::uint64_t not_kept() const { return x_not_kept; }

 private:
  /// What is remembered of a side beside its stream and its script.
  struct Notes {
    std::uint64_t heard = 0;    // of the peer's stream; its FIN counts
    std::int64_t last_ns = 0;   // when its octets came last, or the handshake
    std::int64_t pause_ns = 0;  // the peer's longest silence since its last step
    bool pushed = true;         // what its program wrote last came as a whole
    bool had_good_checksum = false;
  };

  struct Building {
    explicit Building(ScriptMemory& memory) : streams{SideStream{memory}, SideStream{memory}} {}

    Script script;
    std::array<SideStream, 2> streams;
    std::array<Notes, 2> notes;
    bool opened = false;
    bool midstream = false;
    bool over = false;  // reset
    bool too_large = false;
  };

  [[nodiscard]] bool is_wanted(std::uint64_t connection) const;
  Building* find_or_begin(const TracedSegment& traced);
  static void begin_streams(Building& building, const TracedSegment& traced);
  static std::uint64_t hear(Building& building, const TracedSegment& traced);
  void on_reset(Building& building, const TracedSegment& traced, std::uint64_t heard);
  void on_delivery(Building& building, Side side, const InOrder& delivery);
  void join_or_add(Building& building, Side side, const ScriptStep& step);
  void add_step(Building& building, Side side, const ScriptStep& step);
  void keep(Building& building, Side side, const InOrder& delivery);
  [[nodiscard]] std::optional<Shortfall> shortfall_of(const Building& building) const;
  void trim(Script& script, bool is_played);

  ScriptOptions x_options;
  ScriptMemory x_memory;
  std::unordered_map<std::uint64_t, std::unique_ptr<Building>> x_building;
  std::vector<Script> x_scripts;
  std::vector<std::uint64_t> x_unmet;
  bool x_is_full = false;
  std::uint64_t x_connections = 0;
  std::uint64_t x_never_opened = 0;
  std::uint64_t x_not_taken = 0;
  std::uint64_t x_not_kept = 0;
};

}  // namespace tapdeck
