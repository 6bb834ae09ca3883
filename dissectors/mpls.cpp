#include "dissectors/mpls.h"

#include <algorithm>

#include "dissectors/ethernet.h"
#include "dissectors/ipv4.h"
#include "dissectors/ipv6.h"

namespace tapdeck {
namespace {

/// What an Ethernet frame in a pseudowire may carry, where it is to be told from other octets.
constexpr std::array<std::uint16_t, 12> common_ether_types{
    0x0800, 0x0806, 0x8100, 0x86dd, 0x8809, 0x8847, 0x8848, 0x8863, 0x8864, 0x88a8, 0x88cc, 0x9000};

/// Requires: region.holds(at + Ethernet::header_octets).
bool looks_like_ethernet(Region region, std::size_t at) {
  const std::uint16_t type = Ethernet(region.after(at)).type_or_length();
  if (type > Ethernet::longest_payload) {
    return std::ranges::find(common_ether_types, type) != common_ether_types.end();
  }
  const std::size_t room = region.length - at - Ethernet::header_octets;
  return type >= 3 && type <= room;  // an LLC header has three octets
}

/// With or without control word; not_mine where neither makes sense.
Step pseudowire(Region region) {
  constexpr std::size_t with_control = PseudowireControl::header_octets + Ethernet::header_octets;
  if (region.length < with_control) return Step::not_mine();
  if (!region.holds(with_control)) return Step::too_short(region, with_control);
  const bool may_be_control = read_octet(region.bytes, 0) >> 4U == 0;
  if (may_be_control && looks_like_ethernet(region, PseudowireControl::header_octets)) {
    return Step::redirect(by(InnerHeader::pseudowire_control));
  }
  return looks_like_ethernet(region, 0) ? Step::redirect(by_ether_type(0x6558)) : Step::not_mine();
}

/// An address that begins with 4 or 6 looks like IP at first sight; the lengths then don't fit.
Step ip_or_pseudowire(Region region, Selector ip, bool fits) {
  if (fits) return Step::redirect(ip);
  const Step ethernet = pseudowire(region);
  return ethernet.outcome == Step::Outcome::redirect ? ethernet : Step::redirect(ip);
}

}  // namespace

void Mpls::describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
  constexpr std::array<std::string_view, 4> reserved{"IPv4 explicit null", "router alert",
                                                     "IPv6 explicit null", "implicit null"};
  const Mpls header(dissection.region_of(layer));
  sink.add("label", 0, 3, std::uint64_t{header.label()},
           header.label() < reserved.size() ? std::string(reserved[header.label()]) : "");
  sink.add("traffic_class", 2, 1, std::uint64_t{header.traffic_class()});
  sink.add("bottom_of_stack", 2, 1, std::uint64_t{header.bottom_of_stack()});
  sink.add("time_to_live", 3, 1, std::uint64_t{header.time_to_live()});
}

Step MplsPayload::parse(Region region, const ParseContext&) {
  if (!region.holds(1)) return Step::too_short(region, 1);
  const std::uint8_t version = read_octet(region.bytes, 0) >> 4U;
  if (version == 4) {
    if (!region.holds(Ipv4::shortest_header)) return Step::redirect(by_ether_type(0x0800));
    const Ipv4 header(region);
    const bool fits = header.header_length() >= Ipv4::shortest_header &&
                      header.datagram_length() >= header.header_length() &&
                      header.datagram_length() <= region.length;
    return ip_or_pseudowire(region, by_ether_type(0x0800), fits);
  }
  if (version == 6) {
    if (!region.holds(Ipv6::header_octets)) return Step::redirect(by_ether_type(0x86dd));
    const bool fits = Ipv6(region).payload_length() <= region.length - Ipv6::header_octets;
    return ip_or_pseudowire(region, by_ether_type(0x86dd), fits);
  }
  constexpr std::uint8_t associated_channel = 1;  // RFC 4385 §5: no packet of a user
  return version == associated_channel ? Step::not_mine() : pseudowire(region);
}

}  // namespace tapdeck
