#include "dissectors/dissector.h"

#include <algorithm>

#include "dissectors/dispatch.h"
#include "dissectors/network.h"
#include "dissectors/plain_frame.h"
#include "dissectors/registry.h"
#include "dissectors/tunnels.h"

namespace tapdeck {
namespace {

using ParseFunction = Step (*)(Region, const ParseContext&);
using DescribeFunction = void (*)(const Dissection&, const Layer&, FieldSink&);

template <DissectorType... D>
consteval auto parse_functions(DissectorList<D...>) {
  return std::array<ParseFunction, sizeof...(D)>{&D::parse...};
}

template <DissectorType... D>
consteval auto describe_functions(DissectorList<D...>) {
  return std::array<DescribeFunction, sizeof...(D)>{&D::describe...};
}

constexpr auto parsers = parse_functions(Dissectors{});
constexpr auto describers = describe_functions(Dissectors{});

void note_role(Dissection& dissection, std::uint8_t index) {
  const Layer& layer = dissection.layers[index];
  switch (role_of(layer.protocol)) {
    case Role::network:
      if (layer.quoted) {
        dissection.quoted_network = index;
      } else {
        ++dissection.network_layers;
        dissection.network = index;
        dissection.transport = Dissection::no_layer;
      }
      break;
    case Role::transport:
      (layer.quoted ? dissection.quoted_transport : dissection.transport) = index;
      break;
    case Role::tag:
      dissection.has_vlan = true;
      break;
    case Role::tunnel:
      ++dissection.tunnel_layers;
      break;
    case Role::link:
    case Role::extension:
    case Role::other:
      break;
  }
}

/// One walk: where it stands, and what is ahead of it.
class Walk {
 public:
  /// Without `fragments` nothing is put together.
  Walk(const Packet& packet, Dissection& dissection, FragmentReassembler* fragments)
      : x_packet(packet), x_dissection(dissection), x_fragments(fragments) {
    x_context.fcs_length = packet.fcs_length;
    x_region = {packet.bytes, std::max<std::size_t>(packet.wire_length, packet.bytes.size())};
    x_next = by(packet.link_type);
  }

  void run() {
    while (x_next.space() != SelectorSpace::none && step()) {
    }
    x_dissection.payload = x_region;
  }

 private:
  /// False: the walk ends here.
  bool step() {
    ProtocolId protocol = dispatch_table.find(x_next);
    Step step = parse(protocol, x_next);
    if (step.outcome == Step::Outcome::not_mine && x_alternative.space() != SelectorSpace::none) {
      protocol = dispatch_table.find(x_alternative);
      step = parse(protocol, x_alternative);
    }
    switch (step.outcome) {
      case Step::Outcome::header:
        return enter(protocol, step);
      case Step::Outcome::fragment:
        return enter(protocol, step) && reassemble(step);
      case Step::Outcome::redirect:
        x_next = step.next;
        x_alternative = {};
        return true;
      case Step::Outcome::not_mine:
        if (protocol == registry::nobody) x_dissection.unknown = x_next;
        return false;
      case Step::Outcome::fault:
        fail(protocol, step.fault_kind, step.fault_needed);
        return false;
    }
    return false;
  }

  [[nodiscard]] Step parse(ProtocolId protocol, Selector selector) {
    if (protocol == registry::nobody) return Step::not_mine();
    x_context.selector = selector;
    return parsers[protocol](x_region, x_context);
  }

  bool enter(ProtocolId protocol, const Step& step) {
    if (x_dissection.layer_count == Dissection::max_layers) {
      fail(protocol, FaultKind::too_many_layers, 0);
      return false;
    }
    const std::uint8_t index = x_dissection.layer_count++;
    x_dissection.layers[index] = {.protocol = protocol,
                                  .reassembled = x_reassembled,
                                  .quoted = x_context.quoted,
                                  .offset = x_offset,
                                  .header_length = step.header_length,
                                  .captured = static_cast<std::uint32_t>(x_region.bytes.size()),
                                  .declared = static_cast<std::uint32_t>(x_region.length)};
    note_role(x_dissection, index);
    if (step.next.space() == SelectorSpace::ip_protocol) {
      const auto ip_protocol = static_cast<std::uint8_t>(step.next.value());
      (x_context.quoted ? x_dissection.quoted_ip_protocol : x_dissection.ip_protocol) = ip_protocol;
    }
    x_context.fcs_length = 0;
    x_context.quoted = x_context.quoted || step.quotes;
    x_context.may_be_cut = x_context.may_be_cut || step.quotes;
    x_offset += step.header_length;
    x_region = step.payload;
    x_next = step.next;
    x_alternative = step.alternative;
    return true;
  }

  /// Goes on in the datagram if this fragment completes one.
  bool reassemble(const Step& step) {
    if (x_fragments == nullptr) return enter_fragment(step);
    const auto whole = x_reassembled == Dissection::max_datagrams
                           ? std::nullopt
                           : x_fragments->add(place_of(step));
    if (!whole) {
      x_dissection.is_fragment = true;
      return false;
    }
    x_dissection.datagrams[x_reassembled++] = whole->bytes;
    x_dissection.reassembly = whole->reassembly;
    x_region = {whole->bytes, whole->bytes.size()};
    x_offset = 0;
    x_next = by_ip_protocol(whole->protocol);
    x_dissection.ip_protocol = whole->protocol;
    return true;
  }

  /// Goes on in what this fragment holds if the datagram begins there.
  bool enter_fragment(const Step& step) {
    x_dissection.is_fragment = true;
    x_context.may_be_cut = true;
    return step.fragment.offset == 0;
  }

  /// The fragment at which the walk stands.
  [[nodiscard]] Fragment place_of(const Step& step) const {
    const auto [source, destination] =
        addresses_of(x_dissection, x_dissection.layers[x_dissection.network]);
    const bool nested = x_reassembled != 0;
    return {.key = {.source = source,
                    .destination = destination,
                    .identification = step.fragment.identification,
                    .protocol = source.version == 4 ? step.fragment.protocol : std::uint8_t{0},
                    .tunnels = fingerprint_of_tunnels(x_dissection)},
            .offset = step.fragment.offset,
            .more = step.fragment.more,
            .protocol = step.fragment.protocol,
            .payload = x_region,
            .time_ns = x_packet.time_ns,
            .frames = nested ? x_dissection.reassembly.frames : 1,
            .frame_octets = nested ? x_dissection.reassembly.frame_octets : x_packet.wire_length};
  }

  void fail(ProtocolId protocol, FaultKind kind, std::uint32_t needed) {
    x_dissection.has_fault = true;
    x_dissection.fault = {.protocol = protocol,
                          .kind = kind,
                          .offset = x_offset,
                          .needed = needed,
                          .available = static_cast<std::uint32_t>(x_region.bytes.size())};
  }

  const Packet& x_packet;
  Dissection& x_dissection;
  FragmentReassembler* x_fragments;
  ParseContext x_context;
  Region x_region;
  Selector x_next;
  Selector x_alternative;
  std::uint32_t x_offset = 0;
  std::uint8_t x_reassembled = 0;  // datagrams put together so far
};

}  // namespace

void Dissector::dissect(const Packet& packet, Dissection& result) {
  if (!dissect_plain(packet, result)) walk(packet, result);
}

void Dissector::walk(const Packet& packet, Dissection& result) {
  result.reset(packet);
  Walk(packet, result, &x_fragments).run();
}

void dissect_frame(const Packet& packet, Dissection& result) {
  if (dissect_plain(packet, result)) return;
  result.reset(packet);
  Walk(packet, result, nullptr).run();
}

std::vector<LayerFields> describe(const Dissection& dissection) {
  std::vector<LayerFields> result;
  for (const Layer& layer : dissection.all_layers()) {
    FieldSink sink(layer.offset);
    describers[layer.protocol](dissection, layer, sink);
    result.push_back({name_of(layer.protocol), layer, sink.take()});
  }
  return result;
}

}  // namespace tapdeck
