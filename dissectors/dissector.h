// Walks a packet from its link type inwards, one header after the other, and opens fragments and
// tunnels on the way. No allocation for a packet that is no fragment.
#pragma once

#include <vector>

#include "captures/packet.h"
#include "dissectors/dissection.h"
#include "dissectors/field.h"
#include "dissectors/reassembly.h"

namespace tapdeck {

class Dissector {
 public:
  explicit Dissector(ReassemblyLimits limits = {}) : x_fragments(limits) {}

  /// Where each header lies. What the dissection borrows lives as long as the packet's bytes and,
  /// for a reassembled datagram, until `release_datagrams`.
  void dissect(const Packet& packet, Dissection& result);

  /// As dissect, for a packet of any shape: header after header, also where one look would do.
  void walk(const Packet& packet, Dissection& result);

  /// To be called when the dissections of a batch aren't needed any more.
  void release_datagrams() { x_fragments.release(); }

  /// Call after the last packet: what waits for fragments is counted as never completed.
  void finish() { x_fragments.finish(); }

  [[nodiscard]] const ReassemblyCounters& reassembly() const { return x_fragments.counters(); }

 private:
  FragmentReassembler x_fragments;
};

/// As `Dissector::walk`, of one frame by itself: all layers lie in the frame. A fragment stays one,
/// and what the first of a datagram begins with is walked as far as it goes.
void dissect_frame(const Packet& packet, Dissection& result);

struct LayerFields {
  std::string_view protocol;
  Layer layer;
  std::vector<Field> fields;
};

/// The field tree of a dissection, a node a layer.
[[nodiscard]] std::vector<LayerFields> describe(const Dissection& dissection);

}  // namespace tapdeck
