// Where each header of a packet lies. One dissection serves the hot path, which reads a few fields
// through typed views, and the full field tree.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "captures/packet.h"
#include "dissectors/fault.h"
#include "dissectors/region.h"
#include "dissectors/selector.h"

namespace tapdeck {

struct Layer {
  ProtocolId protocol = 0;
  std::uint8_t reassembled = 0;     ///< n: offsets count from the nth reassembled datagram's start.
  bool quoted = false;              ///< Part of the packet that an ICMP error quotes.
  std::uint32_t offset = 0;         ///< Octets from the start of the frame to the header.
  std::uint32_t header_length = 0;  ///< As declared by the header.
  std::uint32_t captured = 0;       ///< Octets captured of header and payload.
  std::uint32_t declared = 0;       ///< Octets declared of header and payload.
};

/// The fragments that a datagram was put together from; all zero for a packet of one frame.
struct Reassembly {
  std::uint32_t frames = 0;        ///< Frames of the whole datagram, this one included.
  std::uint64_t frame_octets = 0;  ///< Their lengths on the wire together.
  bool overlaps = false;           ///< Fragments overlapped.
  bool conflicts = false;          ///< They overlapped with different bytes.
};

struct Dissection {
  static constexpr std::size_t max_layers = 24;
  static constexpr std::uint8_t no_layer = 0xff;
  /// Two: a fragmented tunnel that carries fragments.
  static constexpr std::size_t max_datagrams = 2;

  Bytes frame;
  /// The reassembled ones, outer first, borrowed from the Dissector until `release_datagrams`.
  std::array<Bytes, max_datagrams> datagrams;
  std::uint8_t layer_count = 0;
  /// Index of the innermost network and transport layer that isn't quoted, and of those that an
  /// ICMP error quotes; no_layer where there is none.
  std::uint8_t network = no_layer;
  std::uint8_t transport = no_layer;
  std::uint8_t quoted_network = no_layer;
  std::uint8_t quoted_transport = no_layer;
  /// What the innermost network header, or its last extension header, says it holds; valid where
  /// there is one.
  std::uint8_t ip_protocol = 0;
  std::uint8_t quoted_ip_protocol = 0;
  std::uint8_t network_layers = 0;  ///< IPv4 and IPv6 headers that aren't quoted.
  std::uint8_t tunnel_layers = 0;   ///< How many layers carry a tunnel id or are a tunnel.
  std::uint8_t fcs_length = 0;      ///< Octets of frame check sequence that the file declares.
  /// Ethernet, IPv4 without options or IPv6, TCP whose header is captured as a whole, and nothing
  /// else: each header lies where a PlainFrame looks for it.
  bool is_plain = false;
  bool has_vlan = false;
  bool is_fragment = false;  ///< A fragment whose datagram isn't complete with this frame.
  bool has_fault = false;
  Fault fault;       ///< Valid if has_fault.
  Selector unknown;  ///< What the last header named and no dissector knows; none if all is known.
  Region payload;    ///< What follows the last header.
  Reassembly reassembly;
  std::array<Layer, max_layers> layers;

  /// Of a packet of which nothing is known yet.
  void reset(const Packet& packet) {
    frame = packet.bytes;
    datagrams = {};
    layer_count = 0;
    network = transport = quoted_network = quoted_transport = no_layer;
    network_layers = tunnel_layers = 0;
    fcs_length = packet.fcs_length;
    is_plain = has_vlan = is_fragment = has_fault = false;
    unknown = {};
    reassembly = {};
  }

  [[nodiscard]] std::span<const Layer> all_layers() const {
    return std::span(layers).first(layer_count);
  }

  /// Header and payload of a layer. Requires: layer is one of this dissection's.
  [[nodiscard]] Region region_of(const Layer& layer) const {
    const Bytes buffer = layer.reassembled == 0 ? frame : datagrams[layer.reassembled - 1U];
    // A header without octets may begin behind what was captured.
    const std::size_t begin = std::min<std::size_t>(layer.offset, buffer.size());
    return {buffer.subspan(begin, layer.captured), layer.declared};
  }

  /// The header alone, as far as captured.
  [[nodiscard]] Region header_of(const Layer& layer) const {
    return region_of(layer).limited_to(layer.header_length);
  }
};

}  // namespace tapdeck
