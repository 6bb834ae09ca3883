// Address translation of whole packets: the innermost conversation, the packet that an ICMP error
// quotes, fragments that don't say whose they are, and addresses that other headers name.
#pragma once

#include <optional>
#include <span>

#include "captures/packet.h"
#include "dissectors/edit/address_places.h"
#include "dissectors/edit/frame_edit.h"
#include "dissectors/network.h"
#include "tools/replay/rewriting/address_translation.h"
#include "tools/replay/rewriting/fragment_memory.h"
#include "tools/replay/rewriting/packet_flow.h"

namespace tapdeck {

class PacketTranslation {
 public:
  explicit PacketTranslation(const RewriteRules& rules) : x_translation(rules) {}

  /// Edits the packet, or says why it doesn't come through. `coming` are packets behind it, where a
  /// first fragment may be that was overtaken by another.
  [[nodiscard]] std::optional<DropReason> apply(const Packet& packet,
                                                std::span<const Packet> coming, FrameEdit& edit);

  [[nodiscard]] const AddressTranslation& translation() const { return x_translation; }

 private:
  struct Decision {
    std::optional<DropReason> dropped;
    FlowEnds ends;
    std::optional<FlowEnds> quoted;
  };

  /// What became of a datagram's first fragment.
  struct FragmentFate {
    std::optional<DropReason> dropped;
    AddressPair addresses;  ///< As the header got them.
  };

  [[nodiscard]] Decision decide(const Packet& packet, const Dissection& dissection, bool ahead);
  [[nodiscard]] Decision decide_error(const FlowEnds& ends, const FlowEnds& quoted,
                                      const FlowSigns& signs);
  [[nodiscard]] std::optional<FragmentFate> fate_of_first(const FragmentKey& key,
                                                          const Packet& packet,
                                                          std::span<const Packet> coming);
  void remember(const Packet& packet, const Dissection& dissection, const Decision& decision);
  void name_hosts(FrameEdit& edit);

  AddressTranslation x_translation;
  FragmentMemory<FragmentFate> x_fates;
  Dissection x_ahead;
  AddressPlaces x_places;
};

}  // namespace tapdeck
