#include "dissectors/edit/link_conversion.h"

#include <algorithm>
#include <array>

#include "dissectors/edit/write_octets.h"
#include "dissectors/registry.h"

namespace tapdeck {
namespace {

constexpr MacAddress broadcast{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};

/// What a dissector that needs no other layer's help makes of the frame.
struct Opened {
  Step step;
  Region region;
};

template <class D>
std::optional<Opened> open_as(LinkType link_type, Region region) {
  const Step step = D::parse(region, {.selector = by(link_type)});
  if (step.outcome != Step::Outcome::header) return std::nullopt;
  return Opened{step, region};
}

/// The EtherType that stands for what a link's header names.
std::optional<std::uint16_t> ether_type_of(Selector next) {
  if (next.space() == SelectorSpace::ether_type) return next.value();
  if (next == by_ppp(0x0021)) return LinkPayload::ipv4;
  if (next == by_ppp(0x0057)) return LinkPayload::ipv6;
  return std::nullopt;
}

std::optional<LinkPayload> payload_of(const std::optional<Opened>& opened) {
  if (!opened) return std::nullopt;
  const std::optional<std::uint16_t> type = ether_type_of(opened->step.next);
  if (!type) return std::nullopt;
  return LinkPayload{.packet = opened->step.payload.bytes, .ether_type = *type};
}

/// `header` is a LinuxSll or a LinuxSll2.
template <class Header>
std::optional<LinkPayload> cooked_payload_of(LinkType link_type, Region region) {
  constexpr unsigned was_broadcast = 1, mac_octets = 6;
  const std::optional<Opened> opened = open_as<Header>(link_type, region);
  std::optional<LinkPayload> payload = payload_of(opened);
  if (!payload) return std::nullopt;
  const Header header(opened->region);
  payload->to_all = header.packet_type() == was_broadcast;
  const MacAddress source = MacAddress::read(header.address(), 0);
  // The loopback interface has an address of zeros.
  if (header.address_length() == mac_octets && source != MacAddress{}) payload->source = source;
  return payload;
}

/// Without a header: the first four bits tell.
std::optional<LinkPayload> bare_payload_of(Bytes bytes) {
  if (bytes.empty()) return std::nullopt;
  switch (read_octet(bytes, 0) >> 4U) {
    case 4:
      return LinkPayload{.packet = bytes, .ether_type = LinkPayload::ipv4};
    case 6:
      return LinkPayload{.packet = bytes, .ether_type = LinkPayload::ipv6};
    default:
      return std::nullopt;
  }
}

std::optional<MacAddress> group_of_ipv4(Bytes packet) {
  if (packet.size() < Ipv4::shortest_header) return std::nullopt;
  const IpAddress to = Ipv4({packet, packet.size()}).destination();
  if (read_big_endian<std::uint32_t>(packet, 16) == 0xffff'ffff) return broadcast;
  if (to.octets[0] >> 4U != 0xeU) return std::nullopt;
  const auto low = static_cast<std::uint8_t>(to.octets[1] & 0x7fU);
  return MacAddress{{0x01, 0x00, 0x5e, low, to.octets[2], to.octets[3]}};
}

std::optional<MacAddress> group_of_ipv6(Bytes packet) {
  if (packet.size() < Ipv6::header_octets) return std::nullopt;
  const IpAddress to = Ipv6({packet, packet.size()}).destination();
  if (to.octets[0] != 0xff) return std::nullopt;
  return MacAddress{{0x33, 0x33, to.octets[12], to.octets[13], to.octets[14], to.octets[15]}};
}

}  // namespace

bool can_be_converted(LinkType link_type) {
  constexpr std::array convertible{
      LinkType::ethernet,          LinkType::null, LinkType::loop,     LinkType::raw,
      LinkType::raw_bsd,           LinkType::ipv4, LinkType::ipv6,     LinkType::linux_sll,
      LinkType::raw_openbsd,       LinkType::ppp,  LinkType::ppp_hdlc, LinkType::linux_sll2,
      LinkType::ppp_with_direction};
  return std::ranges::find(convertible, link_type) != convertible.end();
}

std::optional<LinkPayload> link_payload_of(LinkType link_type, Bytes bytes) {
  const Region region{bytes, bytes.size()};
  switch (link_type) {
    case LinkType::linux_sll:
      return cooked_payload_of<LinuxSll>(link_type, region);
    case LinkType::linux_sll2:
      return cooked_payload_of<LinuxSll2>(link_type, region);
    case LinkType::ethernet:
      return payload_of(open_as<Ethernet>(link_type, region));
    case LinkType::null:
    case LinkType::loop:
      return payload_of(open_as<NullLoopback>(link_type, region));
    case LinkType::ppp:
    case LinkType::ppp_hdlc:
    case LinkType::ppp_with_direction:
      return payload_of(open_as<Ppp>(link_type, region));
    case LinkType::raw:
    case LinkType::raw_bsd:
    case LinkType::raw_openbsd:
    case LinkType::ipv4:
    case LinkType::ipv6:
      return bare_payload_of(bytes);
    default:
      return std::nullopt;
  }
}

std::optional<MacAddress> group_destination_of(const LinkPayload& payload) {
  if (payload.to_all) return broadcast;
  if (payload.ether_type == LinkPayload::ipv4) return group_of_ipv4(payload.packet);
  if (payload.ether_type == LinkPayload::ipv6) return group_of_ipv6(payload.packet);
  return std::nullopt;
}

void write_ethernet_frame(const LinkPayload& payload, const MacAddress& source,
                          const MacAddress& destination, std::vector<std::byte>& frame) {
  frame.resize(Ethernet::header_octets + payload.packet.size());
  std::memcpy(frame.data(), destination.octets.data(), destination.octets.size());
  std::memcpy(frame.data() + 6, source.octets.data(), source.octets.size());
  write_big_endian(frame, 12, payload.ether_type);
  std::ranges::copy(payload.packet, frame.begin() + Ethernet::header_octets);
}

}  // namespace tapdeck
