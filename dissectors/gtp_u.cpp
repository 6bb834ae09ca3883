#include "dissectors/gtp_u.h"

namespace tapdeck {
namespace {

std::string message_name(std::uint8_t message_type) {
  switch (message_type) {
    case 1:
      return "echo request";
    case 2:
      return "echo response";
    case 26:
      return "error indication";
    case 31:
      return "supported extension headers";
    case 254:
      return "end marker";
    case GtpU::user_packet:
      return "user packet (G-PDU)";
  }
  return {};
}

std::string extension_name(std::uint8_t type) {
  switch (type) {
    case 0x20:
      return "service class indicator";
    case 0x40:
      return "UDP port";
    case 0x81:
      return "RAN container";
    case 0x82:
      return "long PDCP PDU number";
    case 0x84:
      return "NR RAN container";
    case 0x85:
      return "PDU session container";
    case 0xc0:
      return "PDCP PDU number";
  }
  return {};
}

}  // namespace

GtpU::Extent GtpU::extent_of(Region region) {
  const GtpU header(region);
  std::size_t end = shortest_header + (header.has_optional_fields() ? optional_octets : 0);
  if (!header.has_extensions()) return {region.holds(end), end};
  while (region.holds(end) && read_octet(region.bytes, end - 1) != 0) {
    if (!region.holds(end + 1)) return {false, end + 1};
    const std::size_t extension = read_octet(region.bytes, end) * 4U;
    if (extension == 0) return {false, region.length + 1};  // never ends
    end += extension;
  }
  return {region.holds(end), end};
}

Step GtpU::parse(Region region, const ParseContext& context) {
  if (region.length < shortest_header) return Step::not_mine();
  if (!region.holds(shortest_header)) return Step::too_short(region, shortest_header);
  const GtpU header(region);
  constexpr std::uint8_t version_1_of_gtp = 0x30;
  if ((header.flags() & 0xf0U) != version_1_of_gtp) return Step::not_mine();
  if (region.length < shortest_header + header.length() && !context.in_first_fragment()) {
    return Step::not_mine();
  }
  const Region message = region.limited_to(shortest_header + header.length());
  const Extent extent = extent_of(message);
  if (message.length < extent.length) return Step::not_mine();
  if (!extent.complete) return Step::too_short(message, extent.length);
  const bool carries_packet = header.message_type() == user_packet;
  return {.header_length = static_cast<std::uint32_t>(extent.length),
          .payload = message.after(extent.length),
          .next = carries_packet ? by(InnerHeader::ip) : Selector{}};
}

void GtpU::describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
  const GtpU header(dissection.region_of(layer));
  sink.add("flags", 0, 1, std::uint64_t{header.flags()});
  sink.add("message_type", 1, 1, std::uint64_t{header.message_type()},
           message_name(header.message_type()));
  sink.add("length", 2, 2, std::uint64_t{header.length()});
  sink.add("teid", 4, 4, std::uint64_t{header.teid()});
  if (!header.has_optional_fields()) return;
  sink.add("sequence_number", 8, 2,
           std::uint64_t{read_big_endian<std::uint16_t>(header.x_bytes, 8)});
  sink.add("npdu_number", 10, 1, std::uint64_t{read_octet(header.x_bytes, 10)});
  const std::uint8_t next_extension = read_octet(header.x_bytes, 11);
  sink.add("next_extension", 11, 1, std::uint64_t{next_extension}, extension_name(next_extension));
  if (!header.has_extensions()) return;
  for (std::size_t at = shortest_header + optional_octets; at < layer.header_length;) {
    const std::uint8_t type = read_octet(header.x_bytes, at - 1);
    const std::size_t length = read_octet(header.x_bytes, at) * 4U;
    sink.add("extension", at, length, std::uint64_t{type}, extension_name(type));
    at += length;
  }
}

}  // namespace tapdeck
