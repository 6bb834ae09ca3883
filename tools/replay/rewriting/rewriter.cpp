#include "tools/replay/rewriting/rewriter.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "dissectors/dissector.h"
#include "dissectors/edit/check_sequence.h"
#include "dissectors/edit/checksum_repair.h"
#include "dissectors/edit/vlan_tags.h"
#include "tools/replay/rewriting/rule_words.h"

namespace tapdeck {
namespace {

RewriteRules checked(RewriteRules rules) {
  check_rules(rules);
  if (rules.anonymize && !rules.key) rules.key = random_anonymization_key();
  return rules;
}

bool is_empty(const RewriteRules& rules) {
  return rules.nat.empty() && rules.forwards.empty() && rules.addresses.empty() &&
         rules.ports.empty() && rules.macs.empty() && rules.source_macs.empty() &&
         rules.destination_macs.empty() && rules.vlans.empty() && !rules.hop_limit &&
         !rules.anonymize && !rules.fix_checksums;
}

}  // namespace

std::uint64_t RewriteCounts::all_dropped() const {
  return std::accumulate(dropped.begin(), dropped.end(), std::uint64_t{0});
}

Rewriter::Rewriter(RewriteRules rules)
    : x_rules(checked(std::move(rules))),
      x_has_rules(!is_empty(x_rules)),
      x_translation(x_rules),
      x_headers(x_rules) {}

bool Rewriter::may_lengthen() const {
  return std::ranges::any_of(
      x_rules.vlans, [](const VlanRule& rule) { return rule.action == VlanRule::Action::push; });
}

std::optional<Packet> Rewriter::rewrite(const Packet& packet, std::span<const Packet> coming) {
  ++x_counts.packets;
  if (!x_has_rules) return packet;
  dissect_frame(packet, x_dissection);
  x_frame.assign(packet.bytes.begin(), packet.bytes.end());
  FrameEdit edit(x_dissection, x_frame);
  auto dropped = x_translation.apply(packet, coming, edit);
  if (!dropped) {
    x_headers.apply(edit);
    x_split_checksum.apply(packet, edit);
    watch(packet, edit);
    dropped = cut_unreadable();
  }
  if (dropped) {
    ++x_counts.dropped[static_cast<std::size_t>(*dropped)];
    return std::nullopt;
  }
  const bool is_whole = x_frame.size() == packet.bytes.size();
  Packet result = packet;
  result.bytes = x_frame;
  if (x_rules.fix_checksums) repair(result);
  const std::int64_t grown = apply_vlan_rules(packet);
  const auto longer = static_cast<std::int64_t>(packet.wire_length) + grown;
  result.wire_length = static_cast<std::uint32_t>(std::max<std::int64_t>(longer, 0));
  result.bytes = x_frame;
  const bool changed = !std::ranges::equal(x_frame, packet.bytes);
  x_counts.changed += changed ? 1 : 0;
  if (changed && is_whole && has_right_check_sequence(packet, x_dissection)) {
    renew_check_sequence(x_frame);
  }
  return result;
}

/// Why the packet is dropped, where nothing of it can be read.
std::optional<DropReason> Rewriter::cut_unreadable() {
  if (!x_rules.anonymize || x_headers.readable_octets() >= x_frame.size()) return std::nullopt;
  if (x_headers.readable_octets() == 0) return DropReason::unreadable;
  x_frame.resize(x_headers.readable_octets());
  ++x_counts.cut;
  return std::nullopt;
}

void Rewriter::watch(const Packet& packet, const FrameEdit& edit) {
  if (x_dissection.network == Dissection::no_layer ||
      x_dissection.quoted_network != Dissection::no_layer) {
    return;
  }
  const PacketHeaders headers = innermost_headers(x_dissection);
  const FlowEnds before = read_ends(packet.bytes, headers);
  if (before.ports == FlowEnds::Ports::unknown) return;
  x_collisions.add(before, read_ends(edit.frame(), headers), packet.number);
}

void Rewriter::repair(const Packet& packet) {
  dissect_frame(packet, x_edited);
  x_counts.checksums_repaired += repair_checksums(x_edited, x_frame) ? 1 : 0;
}

std::int64_t Rewriter::apply_vlan_rules(const Packet& packet) {
  if (x_rules.vlans.empty()) return 0;
  const auto before = static_cast<std::int64_t>(x_frame.size());
  bool all = packet.link_type == LinkType::ethernet;
  for (const VlanRule& rule : all ? std::span(x_rules.vlans) : std::span<const VlanRule>{}) {
    switch (rule.action) {
      case VlanRule::Action::push:
        all &= push_vlan_tag(x_frame, rule.depth, rule.fields);
        break;
      case VlanRule::Action::pop:
        all &= pop_vlan_tag(x_frame, rule.depth) || rule.all;
        while (rule.all && pop_vlan_tag(x_frame, rule.depth)) {
        }
        break;
      case VlanRule::Action::set:
        all &= set_vlan_tag(x_frame, rule.depth, rule.fields);
        break;
    }
  }
  x_counts.no_tag += all ? 0 : 1;
  return static_cast<std::int64_t>(x_frame.size()) - before;
}

}  // namespace tapdeck
