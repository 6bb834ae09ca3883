// A packet with its dissection, owned together, and the checks that every dissector's test makes.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "dissectors/dissector.h"
#include "dissectors/registry.h"
#include "tests/support/hex.h"

namespace tapdeck::test {

/// Owns what a dissection borrows. Movable: what is borrowed lies on the heap.
struct DissectedPacket {
  std::vector<std::byte> bytes;
  Packet packet;
  std::unique_ptr<Dissector> dissector = std::make_unique<Dissector>();
  Dissection dissection;

  /// "ethernet ipv4 udp vxlan ethernet ipv4 tcp".
  [[nodiscard]] std::string layer_names() const {
    std::string names;
    for (const Layer& layer : dissection.all_layers()) {
      if (!names.empty()) names += ' ';
      names += name_of(layer.protocol);
    }
    return names;
  }

  [[nodiscard]] const Layer& layer(std::size_t index) const {
    if (index >= dissection.layer_count) throw std::out_of_range("no such layer");
    return dissection.layers[index];
  }

  [[nodiscard]] Region region(std::size_t index) const {
    return dissection.region_of(layer(index));
  }

  /// "none", or as in "cut_short of ipv4 at 14, needs 20 has 6".
  [[nodiscard]] std::string fault() const {
    if (!dissection.has_fault) return "none";
    const Fault& fault = dissection.fault;
    static constexpr const char* kinds[] = {"cut_short", "too_short", "bad_length", "bad_version",
                                            "too_many_layers"};
    return std::string(kinds[static_cast<std::size_t>(fault.kind)]) + " of " +
           std::string(name_of(fault.protocol)) + " at " + std::to_string(fault.offset) +
           ", needs " + std::to_string(fault.needed) + " has " + std::to_string(fault.available);
  }

  /// Value and meaning of the first field of that name: "2048 (IPv4)"; "absent" without one.
  [[nodiscard]] std::string field(std::size_t index, std::string_view name) const {
    const auto tree = describe(dissection);
    for (const Field& field : tree.at(index).fields) {
      if (field.name != name) continue;
      const auto* number = std::get_if<std::uint64_t>(&field.value);
      std::string text = number ? std::to_string(*number) : std::get<std::string>(field.value);
      return field.meaning.empty() ? text : text + " (" + field.meaning + ")";
    }
    return "absent";
  }
};

struct FrameOptions {
  std::uint32_t wire_length = 0;  ///< 0: as long as what is captured.
  std::uint8_t fcs_length = 0;
};

inline DissectedPacket dissect(std::vector<std::byte> bytes,
                               LinkType link_type = LinkType::ethernet, FrameOptions options = {}) {
  DissectedPacket result;
  result.bytes = std::move(bytes);
  result.packet.number = 1;
  result.packet.link_type = link_type;
  result.packet.wire_length = options.wire_length != 0
                                  ? options.wire_length
                                  : static_cast<std::uint32_t>(result.bytes.size());
  result.packet.fcs_length = options.fcs_length;
  result.packet.bytes = result.bytes;
  result.dissector->dissect(result.packet, result.dissection);
  return result;
}

}  // namespace tapdeck::test
