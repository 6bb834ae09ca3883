#include "dissectors/trailer.h"

#include <array>

#include <fmt/format.h>

#include "dissectors/octets.h"
#include "dissectors/registry.h"

namespace tapdeck {
namespace {

constexpr std::size_t fcs_octets = 4;

constexpr auto crc_table = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t octet = 0; octet < table.size(); ++octet) {
    std::uint32_t crc = octet;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1U ^ ((crc & 1U) != 0 ? 0xedb88320U : 0U);
    table[octet] = crc;
  }
  return table;
}();

/// Octets from the layer's start to the end that its network header declares.
std::size_t network_end(const Dissection& dissection, const Layer& layer) {
  const Region region = dissection.region_of(layer);
  if (layer.protocol == protocol_of<Ipv4>) return layer.offset + Ipv4(region).datagram_length();
  const std::size_t payload = Ipv6(region).payload_length();
  return layer.offset + (payload == 0 ? region.length : Ipv6::header_octets + payload);
}

/// Octets from the buffer's start to where the packet in the frame ends.
std::size_t content_end(const Dissection& dissection, const Layer& frame) {
  std::size_t end = std::size_t{frame.offset} + frame.declared;
  const auto index = static_cast<std::size_t>(&frame - dissection.layers.data());
  for (const Layer& layer : dissection.all_layers().subspan(index + 1)) {
    if (layer.reassembled != frame.reassembled) return end;
    end = std::min<std::size_t>(end, std::size_t{layer.offset} + layer.declared);
    if (role_of(layer.protocol) == Role::network) {
      return std::min(end, network_end(dissection, layer));
    }
  }
  const Layer& last = dissection.all_layers().back();
  return std::min(end, std::size_t{last.offset} + last.header_length + dissection.payload.length);
}

/// Octets of check sequence at the frame's end: what the file says, else 4 where they are right.
std::size_t fcs_length(const Dissection& dissection, const Layer& layer, std::size_t begin) {
  const Bytes frame = dissection.region_of(layer).bytes;
  const bool outermost = layer.offset == 0 && layer.reassembled == 0;
  if (outermost && dissection.fcs_length != 0) {
    return std::min<std::size_t>(dissection.fcs_length, layer.declared - begin);
  }
  if (frame.size() < layer.declared || frame.size() < begin + fcs_octets) return 0;
  const std::size_t at = frame.size() - fcs_octets;
  const bool right =
      read_little_endian<std::uint32_t>(frame, at) == frame_check_sequence(frame.first(at));
  return right ? fcs_octets : 0;
}

void describe_octets(std::string_view name, Bytes frame, std::size_t begin, std::size_t end,
                     FieldSink& sink) {
  const std::size_t captured_end = std::min(end, frame.size());
  if (begin >= captured_end) return;
  const std::size_t length = captured_end - begin;
  sink.add(name, begin, length, octets_as_hex(frame.subspan(begin, length)),
           captured_end < end ? "cut" : "");
}

void describe_fcs(Bytes frame, std::size_t begin, std::size_t length, FieldSink& sink) {
  if (length != fcs_octets || frame.size() < begin + length) {
    return describe_octets("frame_check_sequence", frame, begin, begin + length, sink);
  }
  const auto found = read_little_endian<std::uint32_t>(frame, begin);
  const std::uint32_t right = frame_check_sequence(frame.first(begin));
  sink.add("frame_check_sequence", begin, length, fmt::format("{:08x}", found),
           found == right ? "correct" : fmt::format("wrong, should be {:08x}", right));
}

}  // namespace

std::uint32_t frame_check_sequence(Bytes frame) {
  std::uint32_t crc = 0xffffffffU;
  for (const std::byte octet : frame) {
    crc = crc >> 8U ^ crc_table[(crc ^ std::to_integer<std::uint32_t>(octet)) & 0xffU];
  }
  return ~crc;
}

void describe_trailer(const Dissection& dissection, const Layer& layer, std::size_t shortest_frame,
                      FieldSink& sink) {
  const Bytes frame = dissection.region_of(layer).bytes;
  const std::size_t begin =
      std::max<std::size_t>(content_end(dissection, layer), layer.offset) - layer.offset;
  if (begin >= layer.declared) return;
  const std::size_t fcs = fcs_length(dissection, layer, begin);
  const std::size_t end = layer.declared - fcs;
  const std::size_t padding_end = std::clamp(shortest_frame, begin, end);
  describe_octets("padding", frame, begin, padding_end, sink);
  describe_octets("trailer", frame, padding_end, end, sink);
  if (fcs != 0) describe_fcs(frame, end, fcs, sink);
}

}  // namespace tapdeck
