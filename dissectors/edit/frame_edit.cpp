#include "dissectors/edit/frame_edit.h"

#include <algorithm>
#include <cstring>

#include "dissectors/checksum.h"
#include "dissectors/edit/address_places.h"
#include "dissectors/edit/incremental_checksum.h"
#include "dissectors/ip_protocol.h"
#include "dissectors/network.h"
#include "dissectors/pseudo_header.h"
#include "dissectors/registry.h"

namespace tapdeck {
namespace {

constexpr std::uint16_t swapped(std::uint16_t word) {
  return static_cast<std::uint16_t>(word << 8U | word >> 8U);
}

/// Of octets that begin so far behind the start of what is summed up.
std::uint16_t sum_at(Bytes octets, std::size_t distance) {
  const std::uint16_t sum = internet_sum(octets);
  return distance % 2 == 0 ? sum : swapped(sum);
}

constexpr auto crc32c_table = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t octet = 0; octet < table.size(); ++octet) {
    std::uint32_t crc = octet;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1U ^ ((crc & 1U) != 0 ? 0x82f63b78U : 0U);
    table[octet] = crc;
  }
  return table;
}();

constexpr std::uint32_t with_octet(std::uint32_t crc, std::uint8_t octet) {
  return crc32c_table[(crc ^ octet) & 0xffU] ^ crc >> 8U;
}

/// Octets of a UDP datagram that its checksum is over.
std::uint32_t udp_octets(const Dissection& dissection, const Layer& layer) {
  const std::uint16_t length = Udp(dissection.region_of(layer)).length();
  return length == 0 ? layer.declared : std::min<std::uint32_t>(length, layer.declared);
}

std::uint32_t udp_lite_octets(const Dissection& dissection, const Layer& layer) {
  const std::uint16_t coverage = UdpLite(dissection.region_of(layer)).checksum_coverage();
  return coverage == 0 ? layer.declared : coverage;
}

bool is_good(const Dissection& dissection, const Layer& layer) {
  return verify_checksum(dissection, layer).status == ChecksumStatus::good;
}

/// What the header declares lies in other frames too.
bool is_in_fragment(const Dissection& dissection, const Layer& transport) {
  const Layer* const network = network_above(dissection, transport);
  return network != nullptr && is_fragment(dissection, *network);
}

/// Only the pseudo-header is summed up in the field, with the length or without.
bool is_partial(const Dissection& dissection, const Layer& layer, std::uint16_t field,
                std::uint8_t ip_protocol, std::size_t octets) {
  const bool may_be_offloaded = ip_protocol == IpProtocol::tcp || ip_protocol == IpProtocol::udp;
  if (!may_be_offloaded || is_in_fragment(dissection, layer)) return false;
  const PseudoHeader pseudo_header = pseudo_header_of(dissection, layer);
  const bool looks_so =
      field == pseudo_header.sum(ip_protocol, octets) || field == pseudo_header.sum(ip_protocol, 0);
  return looks_so && !is_good(dissection, layer);
}

/// Of an address that the headers from the first one to the transport hold; 0 without one.
std::uint32_t place_of(const Dissection& dissection, const Layer& first, const Layer& transport,
                       const IpAddress& address) {
  AddressPlaces places;
  find_address_places(dissection, places);
  const auto kind = address.version == 4 ? AddressPlace::Kind::ipv4 : AddressPlace::Kind::ipv6;
  const auto found = std::ranges::find_if(places.known, [&](const AddressPlace& place) {
    if (place.kind != kind || place.at < first.offset || place.at > transport.offset) return false;
    return address == (address.version == 4 ? IpAddress::read_v4(dissection.frame, place.at)
                                            : IpAddress::read_v6(dissection.frame, place.at));
  });
  return found == places.known.end() ? 0 : found->at;
}

}  // namespace

FrameEdit::FrameEdit(const Dissection& dissection, std::span<std::byte> frame)
    : x_dissection(dissection), x_frame(frame) {
  for (const Layer& layer : dissection.all_layers()) add_covers(layer);
}

void FrameEdit::add_covers(const Layer& layer) {
  const ProtocolId protocol = layer.protocol;
  if (protocol == protocol_of<Ipv4>) {
    add_ipv4(layer);
  } else if (protocol == protocol_of<Tcp>) {
    add_transport(layer, 16, layer.declared, IpProtocol::tcp);
  } else if (protocol == protocol_of<Udp>) {
    add_transport(layer, 6, udp_octets(x_dissection, layer), IpProtocol::udp);
  } else if (protocol == protocol_of<UdpLite>) {
    add_transport(layer, 6, udp_lite_octets(x_dissection, layer), IpProtocol::udp_lite);
  } else if (protocol == protocol_of<Dccp>) {
    // Of data a part may be left out (RFC 4340 §9.2), of the header none.
    add_transport(layer, 6, layer.header_length, IpProtocol::dccp);
  } else if (protocol == protocol_of<Icmpv6>) {
    add_transport(layer, 2, layer.declared, IpProtocol::icmp_v6);
  } else if (protocol == protocol_of<Icmp> || protocol == protocol_of<Igmp>) {
    add(layer, {.field = 2, .end = layer.declared});
  } else if (protocol == protocol_of<Gre> && Gre(x_dissection.region_of(layer)).has_checksum()) {
    add(layer, {.field = 4, .end = layer.declared});
  } else if (protocol == protocol_of<Sctp> && !is_in_fragment(x_dissection, layer)) {
    add(layer, {.kind = Cover::Kind::crc32c, .field = 8, .end = layer.declared});
  }
}

void FrameEdit::add_ipv4(const Layer& layer) {
  const Ipv4 header(x_dissection.region_of(layer));
  // A zero that is wrong was left to the interface, and stays a zero.
  if (header.header_checksum() == 0 && !is_good(x_dissection, layer)) return;
  add(layer, {.field = 10, .end = layer.header_length});
}

void FrameEdit::add_transport(const Layer& layer, std::uint32_t field, std::uint32_t octets,
                              std::uint8_t ip_protocol) {
  if (layer.captured < field + 2) return;
  const bool is_udp = ip_protocol == IpProtocol::udp;
  const auto value =
      read_big_endian<std::uint16_t>(x_dissection.region_of(layer).bytes, std::size_t{field});
  const bool left_out =
      value == 0 &&
      (is_udp || (!is_in_fragment(x_dissection, layer) && !is_good(x_dissection, layer)));
  if (left_out) return;
  Cover cover{.kind = is_udp ? Cover::Kind::udp_checksum : Cover::Kind::checksum,
              .field = field,
              .end = octets};
  if (is_partial(x_dissection, layer, value, ip_protocol, octets)) {
    cover.kind = Cover::Kind::partial_sum;
  }
  place_pseudo_header(layer, cover);
  add(layer, cover);
}

void FrameEdit::place_pseudo_header(const Layer& transport, Cover& cover) const {
  const Layer* const network = network_above(x_dissection, transport);
  if (network == nullptr) return;
  const AddressPair travelling = addresses_of(x_dissection, *network);
  const AddressPair summed = pseudo_header_of(x_dissection, transport).addresses;
  const bool is_v4 = network->protocol == protocol_of<Ipv4>;
  cover.address_octets = is_v4 ? 4 : 16;
  const std::uint32_t at = network->offset + (is_v4 ? 12 : 8);
  // An end may stand in a routing header or an option, and is summed up from there.
  cover.source = summed.source == travelling.source
                     ? at
                     : place_of(x_dissection, *network, transport, summed.source);
  cover.destination = summed.destination == travelling.destination
                          ? at + cover.address_octets
                          : place_of(x_dissection, *network, transport, summed.destination);
}

/// `cover` counts from the layer's start; a field that isn't captured needs no care.
void FrameEdit::add(const Layer& layer, Cover cover) {
  const std::uint32_t field_octets = cover.kind == Cover::Kind::crc32c ? 4 : 2;
  if (layer.captured < cover.field + field_octets) return;
  cover.field += layer.offset;
  cover.begin = layer.offset;
  cover.declared_end = layer.offset + cover.end;
  cover.end = layer.offset + std::min(cover.end, layer.captured);
  x_covers[x_cover_count++] = cover;
}

void FrameEdit::write(std::size_t at, Bytes octets) {
  if (std::ranges::equal(octets, x_frame.subspan(at, octets.size()))) return;
  x_changed = true;
  for (std::size_t i = 0; i < x_cover_count; ++i) update(x_covers[i], at, octets);
  std::memcpy(&x_frame[at], octets.data(), octets.size());
}

void FrameEdit::write(std::size_t at, const IpAddress& address) {
  write(at, std::as_bytes(std::span(address.octets)).first(address.version == 4 ? 4 : 16));
}

void FrameEdit::write(std::size_t at, const MacAddress& address) {
  write(at, std::as_bytes(std::span(address.octets)));
}

void FrameEdit::write(std::size_t at, std::uint8_t value) {
  write(at, std::as_bytes(std::span(&value, 1)));
}

void FrameEdit::write(std::size_t at, std::uint16_t value) {
  const std::array octets{static_cast<std::byte>(value >> 8U), static_cast<std::byte>(value)};
  write(at, Bytes(octets));
}

void FrameEdit::update(const Cover& cover, std::size_t at, Bytes octets) {
  const std::size_t field_octets = cover.kind == Cover::Kind::crc32c ? 4 : 2;
  if (at < cover.field + field_octets && cover.field < at + octets.size()) return;
  if (cover.kind == Cover::Kind::crc32c) return update_crc(cover, at, octets);
  const auto update_piece = [&](std::size_t piece, std::size_t piece_end) {
    const std::size_t begin = std::max(at, piece);
    const std::size_t end = std::min(at + octets.size(), piece_end);
    if (begin >= end) return;
    update_sum(cover, sum_at(frame().subspan(begin, end - begin), begin - piece),
               sum_at(octets.subspan(begin - at, end - begin), begin - piece));
  };
  if (cover.kind != Cover::Kind::partial_sum) update_piece(cover.begin, cover.end);
  if (cover.source != 0) update_piece(cover.source, cover.source + cover.address_octets);
  if (cover.destination != 0) {
    update_piece(cover.destination, cover.destination + cover.address_octets);
  }
}

void FrameEdit::update_sum(const Cover& cover, std::uint16_t before, std::uint16_t after) {
  const auto value = read_big_endian<std::uint16_t>(x_frame, cover.field);
  switch (cover.kind) {
    case Cover::Kind::checksum:
      return write(cover.field, updated_checksum(value, before, after));
    case Cover::Kind::udp_checksum:
      return write(cover.field, as_udp_checksum(updated_checksum(value, before, after)));
    case Cover::Kind::partial_sum:
      return write(cover.field, updated_sum(value, before, after));
    case Cover::Kind::crc32c:
      return;
  }
}

/// The check sequence is linear: what changes it is that of the difference alone.
void FrameEdit::update_crc(const Cover& cover, std::size_t at, Bytes octets) {
  const std::size_t begin = std::max<std::size_t>(at, cover.begin);
  const std::size_t end = std::min<std::size_t>(at + octets.size(), cover.end);
  if (begin >= end) return;
  std::uint32_t crc = 0;
  for (std::size_t i = begin; i < end; ++i) {
    crc = with_octet(crc, std::to_integer<std::uint8_t>(x_frame[i] ^ octets[i - at]));
  }
  for (std::size_t i = end; i < cover.declared_end; ++i) crc = with_octet(crc, 0);
  std::array<std::byte, 4> field{};
  for (std::size_t i = 0; i < field.size(); ++i) {
    field[i] = x_frame[cover.field + i] ^ static_cast<std::byte>(crc >> 8 * i);
  }
  write(cover.field, Bytes(field));
}

}  // namespace tapdeck
