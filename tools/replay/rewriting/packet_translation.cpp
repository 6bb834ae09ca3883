#include "tools/replay/rewriting/packet_translation.h"

#include <algorithm>

#include "dissectors/dissector.h"
#include "dissectors/registry.h"

namespace tapdeck {
namespace {

using Fate = AddressTranslation::Result::Fate;

FlowSigns signs_of(const Packet& packet, const Dissection& dissection, bool ahead) {
  FlowSigns signs{.frame = packet.number, .time_ns = packet.time_ns, .ahead = ahead};
  if (dissection.transport == Dissection::no_layer) return signs;
  const Layer& layer = dissection.layers[dissection.transport];
  constexpr std::uint32_t with_flags = 14;  // a cut header may hold no more than its ports
  if (layer.protocol == protocol_of<Tcp> && layer.captured >= with_flags) {
    signs.tcp_flags = Tcp(dissection.region_of(layer)).flags();
  }
  return signs;
}

}  // namespace

std::optional<DropReason> PacketTranslation::apply(const Packet& packet,
                                                   std::span<const Packet> coming,
                                                   FrameEdit& edit) {
  if (x_translation.is_idle()) return std::nullopt;
  const Dissection& dissection = edit.dissection();
  name_hosts(edit);
  if (dissection.network == Dissection::no_layer) return std::nullopt;
  const auto fragment = fragment_of(dissection, dissection.layers[dissection.network]);
  if (fragment && !fragment->is_first()) {
    if (const auto fate = fate_of_first(fragment->key, packet, coming)) {
      if (fate->dropped) return fate->dropped;
      const PacketHeaders headers = innermost_headers(dissection);
      FlowEnds ends = read_ends(edit.frame(), headers);
      ends.source.address = fate->addresses.source;
      ends.destination.address = fate->addresses.destination;
      write_ends(edit, headers, ends);
      return std::nullopt;
    }
  }
  const Decision decision = decide(packet, dissection, false);
  if (decision.dropped) return decision.dropped;
  write_ends(edit, innermost_headers(dissection), decision.ends);
  if (decision.quoted) write_ends(edit, quoted_headers(dissection), *decision.quoted);
  return std::nullopt;
}

PacketTranslation::Decision PacketTranslation::decide(const Packet& packet,
                                                      const Dissection& dissection, bool ahead) {
  FlowEnds ends = read_ends(dissection.frame, innermost_headers(dissection));
  const auto fragment = fragment_of(dissection, dissection.layers[dissection.network]);
  if (fragment && !fragment->is_first()) ends.ports = FlowEnds::Ports::unknown;
  const FlowSigns signs = signs_of(packet, dissection, ahead);
  Decision decision;
  if (dissection.quoted_network != Dissection::no_layer) {
    const FlowEnds quoted = read_ends(dissection.frame, quoted_headers(dissection));
    decision = decide_error(ends, quoted, signs);
  } else {
    const auto result = x_translation.translate(ends, signs);
    if (result.fate == Fate::dropped) decision.dropped = result.reason;
    decision.ends = result.ends;
  }
  if (dissection.is_fragment) remember(packet, dissection, decision);
  return decision;
}

/// An error belongs to the conversation that it quotes: what becomes of that one's addresses in the
/// quote becomes of them outside too.
PacketTranslation::Decision PacketTranslation::decide_error(const FlowEnds& ends,
                                                            const FlowEnds& quoted,
                                                            const FlowSigns& signs) {
  const auto follow = [&](const IpAddress& address, const FlowEnds& before, const FlowEnds& after) {
    if (address == before.source.address) return after.source.address;
    if (address == before.destination.address) return after.destination.address;
    return x_translation.host(address);
  };
  const auto follow_both = [&](FlowEnds one, const FlowEnds& before, const FlowEnds& after) {
    one.source.address = follow(one.source.address, before, after);
    one.destination.address = follow(one.destination.address, before, after);
    return one;
  };
  if (const auto known = x_translation.spoken_of(quoted, signs.time_ns)) {
    return {.dropped = {}, .ends = follow_both(ends, quoted, *known), .quoted = *known};
  }
  const auto result = x_translation.translate(ends, signs);
  if (result.fate == Fate::dropped) return {.dropped = result.reason, .ends = ends, .quoted = {}};
  if (result.fate == Fate::untouched) return {.dropped = {}, .ends = ends, .quoted = {}};
  return {.dropped = {}, .ends = result.ends, .quoted = follow_both(quoted, ends, result.ends)};
}

std::optional<PacketTranslation::FragmentFate> PacketTranslation::fate_of_first(
    const FragmentKey& key, const Packet& packet, std::span<const Packet> coming) {
  if (const auto fate = x_fates.find(key, packet.time_ns)) return fate;
  constexpr std::size_t farthest = 256;  // packets that may have overtaken the first fragment
  for (const Packet& next : coming.first(std::min(coming.size(), farthest))) {
    dissect_frame(next, x_ahead);
    if (!x_ahead.is_fragment || x_ahead.network == Dissection::no_layer) continue;
    for (std::size_t i = 0; i < x_ahead.layer_count; ++i) {
      const Layer& layer = x_ahead.layers[i];
      if (role_of(layer.protocol) != Role::network || layer.quoted) continue;
      const auto fragment = fragment_of(x_ahead, layer);
      if (!fragment || !fragment->is_first() || fragment->key != key) continue;
      static_cast<void>(decide(next, x_ahead, true));
      return x_fates.find(key, packet.time_ns);
    }
  }
  return std::nullopt;
}

/// Every fragment whose datagram begins in this frame: the packet's, those of tunnels around it.
void PacketTranslation::remember(const Packet& packet, const Dissection& dissection,
                                 const Decision& decision) {
  for (std::size_t i = 0; i < dissection.layer_count; ++i) {
    const Layer& layer = dissection.layers[i];
    if (role_of(layer.protocol) != Role::network || layer.quoted) continue;
    const auto fragment = fragment_of(dissection, layer);
    if (!fragment || !fragment->is_first()) continue;
    FragmentFate fate{.dropped = decision.dropped, .addresses = addresses_of(dissection, layer)};
    if (i == dissection.network) {
      fate.addresses = {decision.ends.source.address, decision.ends.destination.address};
    }
    x_fates.remember(fragment->key, fate, packet.time_ns);
  }
}

void PacketTranslation::name_hosts(FrameEdit& edit) {
  find_address_places(edit.dissection(), x_places);
  for (const AddressPlace& place : x_places.known) {
    if (place.kind == AddressPlace::Kind::mac) continue;
    const std::uint8_t version = place.kind == AddressPlace::Kind::ipv4 ? 4 : 6;
    edit.write(place.at, x_translation.host(read_address(edit.frame(), place.at, version)));
  }
}

}  // namespace tapdeck
