// From captured packets to scripts: dissects, tracks connections, and brings each segment's payload
// to the connection that the tracker found for it.
#pragma once

#include <cstdint>
#include <vector>

#include "analyzer/tracker.h"
#include "captures/packet.h"
#include "dissectors/dissector.h"
#include "tools/replay/stateful/script_builder.h"

namespace tapdeck {

class ScriptReader {
 public:
  explicit ScriptReader(const ScriptOptions& options)
      : x_tracker({.vlans_in_key = false, .limits = {}, .trace = TraceWish::segments}),
        x_builder(options) {}

  void add(const PacketBatch& batch);
  /// No more packets come. Call once, last.
  void finish();

  /// Requires: finish() was called.
  [[nodiscard]] ScriptBuilder& builder() { return x_builder; }

 private:
  /// Of a TCP segment among the packets at hand.
  struct Payload {
    std::uint64_t frame = 0;
    Region octets;
    ChecksumStatus checksum{};
  };

  void take_trace();
  void release_ended();

  Tracker x_tracker;
  ScriptBuilder x_builder;
  Dissector x_dissector;
  Dissection x_dissection;
  std::vector<Payload> x_payloads;
};

}  // namespace tapdeck
