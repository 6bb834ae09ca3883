#include "dissectors/gre.h"

#include <fmt/format.h>

#include "dissectors/numbers.h"

namespace tapdeck {

std::optional<std::uint64_t> Gre::tunnel_id(Region region) {
  const Gre header(region);
  if (!header.has_key()) return std::nullopt;
  if (header.is_eoip()) {
    return read_little_endian<std::uint16_t>(region.bytes, header.key_offset() + 2);
  }
  if (header.version() == 1) return header.call_id();
  return header.is_nvgre() ? header.key() >> 8U : header.key();
}

Selector Gre::selector() const {
  if (has_routing()) return {};  // a list of routes follows that nobody uses (RFC 2784 §2.3)
  // ERSPAN type I has no header of its own; its mark is the missing sequence number.
  if (protocol() == erspan && !has_sequence_number()) return by_ether_type(ethernet);
  // Aruba's controllers number their radios' frames so.
  if ((protocol() & 0xfe8fU) == 0x8200) return by(InnerHeader::ieee802_11);
  return by_ether_type(protocol());
}

Selector Gre::keyed_selector() const {
  if (is_eoip()) return by_ether_type(ethernet);
  return has_sequence_number() && payload_length() != 0 ? by(InnerHeader::ppp_frame) : Selector{};
}

bool Gre::is_plausible() const {
  constexpr std::uint16_t reserved_or_version = 0x4fff;
  return !has_flag(reserved_or_version) && protocol() >= smallest_ether_type;
}

Step Gre::parse(Region region, const ParseContext& context) {
  if (!region.holds(shortest_header)) return Step::too_short(region, shortest_header);
  const Gre header(region);
  if (context.selector.space() == SelectorSpace::udp_port && !header.is_plausible()) {
    return Step::not_mine();
  }
  if (header.version() > 1) return Step::fault(FaultKind::bad_version, 1);
  const std::size_t length = header.header_length();
  if (!region.holds(length)) return Step::too_short(region, length);
  const Region payload = region.after(length);
  if (header.version() == 0) {
    return {.header_length = static_cast<std::uint32_t>(length),
            .payload = payload,
            .next = header.selector()};
  }
  if (!header.has_key()) return Step::fault(FaultKind::bad_length, length + 4);
  return {.header_length = static_cast<std::uint32_t>(length),
          .payload = payload.limited_to(header.payload_length()),
          .next = header.keyed_selector()};
}

void Gre::describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
  const Gre header(dissection.region_of(layer));
  sink.add("flags_and_version", 0, 2,
           fmt::format("{:04x}", read_big_endian<std::uint16_t>(header.x_bytes, 0)));
  sink.add("protocol", 2, 2, std::uint64_t{header.protocol()}, ether_type_name(header.protocol()));
  if (header.has_checksum() || header.has_routing()) {
    sink.add(header.has_checksum() ? "checksum" : "reserved", 4, 2,
             std::uint64_t{read_big_endian<std::uint16_t>(header.x_bytes, 4)});
    sink.add(header.has_routing() ? "offset" : "reserved", 6, 2,
             std::uint64_t{read_big_endian<std::uint16_t>(header.x_bytes, 6)});
  }
  if (header.has_key() && header.version() == 1) {
    sink.add("payload_length", header.key_offset(), 2, std::uint64_t{header.payload_length()});
    sink.add("call_id", header.key_offset() + 2, 2, std::uint64_t{header.call_id()});
  } else if (header.has_key()) {
    sink.add("key", header.key_offset(), 4, std::uint64_t{header.key()},
             header.is_nvgre() ? fmt::format("virtual subnet {}", header.key() >> 8U) : "");
  }
  if (header.has_sequence_number()) {
    sink.add("sequence_number", header.sequence_offset(), 4,
             std::uint64_t{header.sequence_number()});
  }
  if (header.has_acknowledgment()) {
    sink.add("acknowledgment_number", header.acknowledgment_offset(), 4,
             std::uint64_t{header.acknowledgment_number()});
  }
}

}  // namespace tapdeck
