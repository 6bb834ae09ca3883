// A layer's fields as text to compare with, and the rules that every dissection and every field
// tree keeps, whatever the packet.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dissectors/checksum.h"
#include "dissectors/dissector.h"
#include "dissectors/registry.h"
#include "tests/support/dissect.h"

namespace tapdeck::test {

/// A line a field: "offset+length name: value (meaning)", offsets from the layer's start, two
/// spaces before each line for each level.
inline std::string layer_text(const Dissection& dissection, std::size_t index) {
  const LayerFields layer = describe(dissection).at(index);
  std::string text;
  for (const Field& field : layer.fields) {
    const auto* number = std::get_if<std::uint64_t>(&field.value);
    text += std::string(std::size_t{field.depth} * 2, ' ') +
            std::to_string(field.offset - layer.layer.offset) + '+' + std::to_string(field.length) +
            ' ' + std::string(field.name) + ": " +
            (number != nullptr ? std::to_string(*number) : std::get<std::string>(field.value)) +
            (field.meaning.empty() ? "" : " (" + field.meaning + ")") + '\n';
  }
  return text;
}

/// Every field lies in what is captured of its layer, and every part in the field that it is of.
inline void expect_fields_inside(const Dissection& dissection) {
  for (const LayerFields& layer : describe(dissection)) {
    const std::uint64_t layer_end = std::uint64_t{layer.layer.offset} + layer.layer.captured;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> around;  // the fields that hold this one
    for (const Field& field : layer.fields) {
      const std::uint64_t end = std::uint64_t{field.offset} + field.length;
      EXPECT_LE(end, layer_end) << layer.protocol << ' ' << field.name;
      ASSERT_LE(field.depth, around.size()) << layer.protocol << ' ' << field.name;
      around.resize(field.depth);
      if (!around.empty()) {
        EXPECT_GE(field.offset, around.back().first) << layer.protocol << ' ' << field.name;
        EXPECT_LE(end, around.back().second) << layer.protocol << ' ' << field.name;
      }
      around.emplace_back(field.offset, end);
    }
  }
}

/// Every octet captured of the layer's header belongs to a field.
inline void expect_fields_cover_header(const Dissection& dissection, std::size_t index) {
  const LayerFields layer = describe(dissection).at(index);
  const std::size_t header = std::min(layer.layer.header_length, layer.layer.captured);
  std::vector<bool> covered(header, false);
  for (const Field& field : layer.fields) {
    for (std::size_t at = field.offset - layer.layer.offset, end = at + field.length;
         at < std::min(end, header); ++at) {
      covered[at] = true;
    }
  }
  const auto hole = std::ranges::find(covered, false);
  EXPECT_EQ(hole, covered.end()) << layer.protocol << ": nothing said of octet "
                                 << hole - covered.begin();
}

/// The layers of a cut packet are the first ones of the whole. What an ICMP error quotes may end
/// with a transport header of which the first octets alone are read.
inline void expect_prefix(const Dissection& cut, const Dissection& whole, std::size_t length) {
  ASSERT_LE(cut.layer_count, whole.layer_count) << "cut at " << length;
  for (std::size_t index = 0; index < cut.layer_count; ++index) {
    const Layer& layer = cut.layers[index];
    const Layer& expected = whole.layers[index];
    EXPECT_EQ(layer.protocol, expected.protocol) << "cut at " << length << ", layer " << index;
    EXPECT_EQ(layer.offset, expected.offset) << "cut at " << length << ", layer " << index;
    const bool quoted_in_part = layer.quoted && index + 1U == cut.layer_count;
    if (quoted_in_part) {
      EXPECT_LE(layer.header_length, expected.header_length) << "cut at " << length;
    } else {
      EXPECT_EQ(layer.header_length, expected.header_length)
          << "cut at " << length << ", layer " << index;
    }
  }
}

/// The packet as a snap length leaves it at every length keeps the rules above. Every cut lies in a
/// block of its size, so that a sanitizer sees a read past it.
inline void expect_every_cut_keeps_the_rules(const DissectedPacket& whole) {
  for (std::size_t length = 0; length < whole.bytes.size(); ++length) {
    const auto end = whole.bytes.begin() + static_cast<std::ptrdiff_t>(length);
    const DissectedPacket cut =
        dissect({whole.bytes.begin(), end}, whole.packet.link_type,
                {.wire_length = whole.packet.wire_length, .fcs_length = whole.packet.fcs_length});
    expect_prefix(cut.dissection, whole.dissection, length);
    expect_fields_inside(cut.dissection);
    (void)verify_checksums(cut.dissection);
  }
}

/// Dissects a good packet of which every header is to be shown whole, and checks every rule on it.
inline DissectedPacket dissect_by_the_rules(std::vector<std::byte> bytes, LinkType link_type) {
  DissectedPacket packet = dissect(std::move(bytes), link_type);
  expect_fields_inside(packet.dissection);
  for (std::size_t index = 0; index < packet.dissection.layer_count; ++index) {
    expect_fields_cover_header(packet.dissection, index);
  }
  expect_every_cut_keeps_the_rules(packet);
  expect_hostile_octets_are_harmless(packet.bytes, link_type);
  return packet;
}

}  // namespace tapdeck::test
