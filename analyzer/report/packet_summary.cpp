#include "analyzer/report/packet_summary.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "analyzer/report/packet_info.h"
#include "analyzer/report/packet_words.h"
#include "analyzer/report/printable.h"
#include "dissectors/network.h"
#include "dissectors/ports.h"
#include "dissectors/registry.h"

namespace tapdeck {
namespace {

const Field* first_field(const LayerFields& layer, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (const Field* const field = find_field(layer, name)) return field;
  }
  return nullptr;
}

/// From the innermost layer that has addresses as fields: of the link, where there is no IP.
void read_link_ends(const Dissection& dissection, PacketEnds& ends) {
  const std::vector<LayerFields> tree = describe(dissection);
  for (auto layer = tree.rbegin(); layer != tree.rend(); ++layer) {
    const Field* const source = first_field(*layer, {"source", "address_2"});
    const Field* const destination = first_field(*layer, {"destination", "address_1"});
    if (source == nullptr && destination == nullptr) continue;
    if (source != nullptr) ends.source = value_text(*source);
    if (destination != nullptr) ends.destination = value_text(*destination);
    return;
  }
}

template <DissectorType... D>
std::optional<std::uint64_t> tunnel_id(ProtocolId protocol, Region region, DissectorList<D...>) {
  std::optional<std::uint64_t> id;
  const auto ask = [&]<class Asked>() {
    if constexpr (requires { Asked::tunnel_id(region); }) {
      if (protocol == protocol_of<Asked>) id = Asked::tunnel_id(region);
    }
  };
  (ask.template operator()<D>(), ...);
  return id;
}

std::string tag_words(const Dissection& dissection, const Layer& layer) {
  const Region region = dissection.region_of(layer);
  const std::string_view name = name_of(layer.protocol);
  if (role_of(layer.protocol) == Role::tag) {
    constexpr std::uint16_t id_bits = 0x0fff;
    return fmt::format("{} {}", name, read_big_endian<std::uint16_t>(region.bytes, 0) & id_bits);
  }
  const std::optional<std::uint64_t> id = tunnel_id(layer.protocol, region, Dissectors{});
  return id ? fmt::format("{} {}", name, *id) : std::string(name);
}

/// IP directly in IP: "ipv4 in ipv6".
std::string nested_words(const Layer& outer, const Layer& inner) {
  return fmt::format("{} in {}", name_of(inner.protocol), name_of(outer.protocol));
}

std::string path_of(const Dissection& dissection, const Layer* top) {
  std::string path;
  const auto add = [&](const std::string& words) { path += (path.empty() ? "" : ", ") + words; };
  const Layer* network_before = nullptr;
  for (const Layer& layer : dissection.all_layers()) {
    if (layer.quoted || &layer == top) break;
    switch (role_of(layer.protocol)) {
      case Role::tag:
      case Role::tunnel:
        add(tag_words(dissection, layer));
        network_before = nullptr;
        break;
      case Role::network:
        if (network_before != nullptr) add(nested_words(*network_before, layer));
        network_before = &layer;
        break;
      case Role::transport:
      case Role::link:
      case Role::other:
        network_before = nullptr;
        break;
      case Role::extension:
        break;
    }
  }
  return path;
}

/// ARP's info says who asks and who answers; the hardware addresses beside it only take room.
bool names_its_ends(const Layer* top) {
  return top != nullptr && (name_of(top->protocol) == "arp" || name_of(top->protocol) == "rarp");
}

}  // namespace

PacketEnds ends_of(const Dissection& dissection) {
  PacketEnds ends;
  if (dissection.network == Dissection::no_layer) {
    read_link_ends(dissection, ends);
    return ends;
  }
  const auto [source, destination] =
      addresses_of(dissection, dissection.layers[dissection.network]);
  ends.source = to_string(source);
  ends.destination = to_string(destination);
  if (dissection.transport == Dissection::no_layer) return ends;
  if (const auto ports = ports_of(dissection, dissection.layers[dissection.transport])) {
    ends.source_port = ports->source;
    ends.destination_port = ports->destination;
  }
  return ends;
}

std::string with_port(const std::string& address, std::optional<std::uint16_t> port) {
  if (!port) return address;
  const bool brackets = address.find(':') != std::string::npos;  // RFC 5952 §6
  return brackets ? fmt::format("[{}]:{}", address, *port) : fmt::format("{}:{}", address, *port);
}

PacketSummary summarize(const PacketView& view) {
  const Dissection& dissection = view.dissection;
  const PacketEnds ends = ends_of(dissection);
  const Layer* const top = top_layer(dissection);
  PacketSummary summary{.source = with_port(ends.source, ends.source_port),
                        .destination = with_port(ends.destination, ends.destination_port),
                        .path = path_of(dissection, top),
                        .protocol = top == nullptr ? "" : protocol_label(name_of(top->protocol)),
                        .info = packet_info(view),
                        .fault = dissection.has_fault ? fault_words(dissection) : ""};
  if (names_its_ends(top)) summary.source = summary.destination = "";
  return summary;
}

}  // namespace tapdeck
