// Rewrites packets by rules, one after the other, each from its own octets: address translation of
// the conversation first, on addresses as captured; then the maps on every header; then tags and
// check sequences.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "captures/capture_writer.h"
#include "captures/packet.h"
#include "tools/replay/rewriting/collision_watch.h"
#include "tools/replay/rewriting/header_rewriting.h"
#include "tools/replay/rewriting/packet_translation.h"
#include "tools/replay/rewriting/rewrite_rules.h"
#include "tools/replay/rewriting/split_checksum.h"

namespace tapdeck {

struct RewriteCounts {
  std::uint64_t packets = 0;
  std::uint64_t changed = 0;
  std::uint64_t cut = 0;                 ///< To be anonymised, and not readable to the end.
  std::uint64_t checksums_repaired = 0;  ///< Packets in which one was wrong.
  std::uint64_t no_tag = 0;              ///< Packets without the tag, or the place, of a VLAN rule.
  std::array<std::uint64_t, drop_reason_count> dropped{};  ///< By DropReason.

  [[nodiscard]] std::uint64_t all_dropped() const;
};

class Rewriter {
 public:
  /// Failure(usage) for rules that can't hold together.
  explicit Rewriter(RewriteRules rules);

  /// The packet as it is to be; what it borrows lives until the next call. Empty: it is dropped,
  /// and counted by reason. `coming` are packets behind it, if any are at hand: where fragments
  /// came out of order, the first of a datagram is looked for there.
  [[nodiscard]] std::optional<Packet> rewrite(const Packet& packet,
                                              std::span<const Packet> coming = {});

  /// False: packets stay what they are.
  [[nodiscard]] bool has_rules() const { return x_has_rules; }
  /// True: tags are put in.
  [[nodiscard]] bool may_lengthen() const;
  /// What may be written of the interfaces that its packets come from.
  [[nodiscard]] InterfaceTexts interface_texts() const {
    return x_rules.anonymize ? InterfaceTexts::left_out : InterfaceTexts::kept;
  }
  [[nodiscard]] const RewriteRules& rules() const { return x_rules; }
  [[nodiscard]] const RewriteCounts& counts() const { return x_counts; }
  [[nodiscard]] const CollisionWatch& collisions() const { return x_collisions; }
  [[nodiscard]] const AddressTranslation& translation() const {
    return x_translation.translation();
  }

 private:
  void watch(const Packet& packet, const FrameEdit& edit);
  [[nodiscard]] std::optional<DropReason> cut_unreadable();
  /// Octets by which the frame grew; negative if it shrank.
  [[nodiscard]] std::int64_t apply_vlan_rules(const Packet& packet);
  void repair(const Packet& packet);

  RewriteRules x_rules;
  bool x_has_rules;
  PacketTranslation x_translation;
  HeaderRewriting x_headers;
  SplitChecksum x_split_checksum;
  CollisionWatch x_collisions;
  RewriteCounts x_counts;
  Dissection x_dissection, x_edited;
  std::vector<std::byte> x_frame;
};

/// What was done, a line a kind, for people; empty if nothing is to be said.
[[nodiscard]] std::vector<std::string> rewrite_summary(const Rewriter& rewriter);

/// The table of address translation, a line a connection, in the order of their last packets.
[[nodiscard]] std::string table_text(const AddressTranslation& translation);

}  // namespace tapdeck
