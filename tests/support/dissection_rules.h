// A layer's fields as text to compare with, and the rules that every dissection and every field
// tree keeps, whatever the packet.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
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

/// How a layer's fields break their rules; empty if they don't: every field lies in what is
/// captured of the layer, every part in the field that it is of, and every octet captured of the
/// header belongs to a field.
inline std::string broken_rule(const LayerFields& layer) {
  const std::uint64_t begin = layer.layer.offset;
  const std::uint64_t layer_end = begin + layer.layer.captured;
  std::vector<bool> covered(std::min(layer.layer.header_length, layer.layer.captured), false);
  std::vector<std::pair<std::uint64_t, std::uint64_t>> around;  // the fields that hold this one
  for (const Field& field : layer.fields) {
    const std::uint64_t end = std::uint64_t{field.offset} + field.length;
    const std::string name = std::string(layer.protocol) + ' ' + std::string(field.name);
    if (field.offset < begin || end > layer_end) return name + " lies outside its layer";
    if (field.depth > around.size()) return name + " is a part of nothing";
    around.resize(field.depth);
    const bool inside =
        around.empty() || (field.offset >= around.back().first && end <= around.back().second);
    if (!inside) return name + " lies outside the field that it is a part of";
    around.emplace_back(field.offset, end);
    for (std::uint64_t at = field.offset - begin; at < std::min(end - begin, covered.size());
         ++at) {
      covered[at] = true;
    }
  }
  const auto hole = std::ranges::find(covered, false);
  if (hole == covered.end()) return {};
  return std::string(layer.protocol) + ": nothing said of octet " +
         std::to_string(hole - covered.begin());
}

inline void expect_fields_keep_the_rules(const Dissection& dissection) {
  for (const LayerFields& layer : describe(dissection)) EXPECT_EQ(broken_rule(layer), "");
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

/// Octets of the frame before the payload of the last header that it shows.
inline std::size_t headers_end(const Dissection& dissection) {
  std::size_t end = 0;
  for (const Layer& layer : dissection.all_layers()) {
    if (layer.reassembled == 0) end = std::size_t{layer.offset} + layer.header_length;
  }
  return end;
}

/// The packet keeps the rules above as a snap length leaves it, and where it really ends there: at
/// every length up to eight octets behind its headers, then at every `stride`th. Every cut lies in
/// a block of its size, so that a sanitizer sees a read past it.
inline void expect_every_cut_keeps_the_rules(const DissectedPacket& whole, std::size_t stride = 1) {
  const std::size_t every_length_until = headers_end(whole.dissection) + 8;
  for (std::size_t length = 0; length < whole.bytes.size();
       length += length < every_length_until ? 1 : stride) {
    const auto end = whole.bytes.begin() + static_cast<std::ptrdiff_t>(length);
    const DissectedPacket cut =
        dissect({whole.bytes.begin(), end}, whole.packet.link_type,
                {.wire_length = whole.packet.wire_length, .fcs_length = whole.packet.fcs_length});
    expect_prefix(cut.dissection, whole.dissection, length);
    expect_fields_keep_the_rules(cut.dissection);
    (void)verify_checksums(cut.dissection);
    const DissectedPacket ended = dissect({whole.bytes.begin(), end}, whole.packet.link_type);
    expect_fields_keep_the_rules(ended.dissection);
  }
}

/// Sets every octet to extreme values in turn: whatever they mean, every layer lies in the captured
/// octets and its fields keep the rules.
inline void expect_every_change_keeps_the_rules(const std::vector<std::byte>& bytes,
                                                LinkType link_type) {
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const unsigned value : {0x00U, 0x01U, 0x7fU, 0x80U, 0xffU}) {
      std::vector<std::byte> changed = bytes;
      changed[at] = static_cast<std::byte>(value);
      const DissectedPacket packet = dissect(std::move(changed), link_type);
      for (const Layer& layer : packet.dissection.all_layers()) {
        const std::size_t buffer = layer.reassembled == 0
                                       ? bytes.size()
                                       : packet.dissection.datagrams[layer.reassembled - 1U].size();
        EXPECT_LE(std::size_t{layer.offset} + layer.captured, buffer) << at << '=' << value;
      }
      expect_fields_keep_the_rules(packet.dissection);
    }
  }
}

/// Dissects a good packet and checks every rule on it, on what is left of it at every length, and
/// on what extreme values make of it.
inline DissectedPacket dissect_by_the_rules(std::vector<std::byte> bytes,
                                            LinkType link_type = LinkType::ethernet) {
  DissectedPacket packet = dissect(std::move(bytes), link_type);
  expect_fields_keep_the_rules(packet.dissection);
  expect_every_cut_keeps_the_rules(packet);
  expect_every_change_keeps_the_rules(packet.bytes, link_type);
  return packet;
}

}  // namespace tapdeck::test
