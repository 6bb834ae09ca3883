#include "dissectors/frame_relay.h"

#include "dissectors/field_cursor.h"
#include "dissectors/link_numbers.h"
#include "dissectors/numbers.h"

namespace tapdeck {

std::size_t FrameRelay::address_octets(Region region) {
  for (std::size_t at = 0; at < longest_address; ++at) {
    if (!region.holds(at + 1)) return at + 1;
    if ((read_octet(region.bytes, at) & 1U) != 0) return at + 1;
  }
  return 0;
}

FrameRelay::Shape FrameRelay::shape_of(Region region, std::size_t address_octets) {
  Shape shape{.address_octets = address_octets, .protocol_at = address_octets};
  if (!region.holds(address_octets + 1)) return shape;
  shape.cisco = read_octet(region.bytes, address_octets) != unnumbered_information;
  if (shape.cisco) return shape;
  const std::size_t behind_control = address_octets + 1;
  const bool padded =
      region.holds(behind_control + 1) && read_octet(region.bytes, behind_control) == 0;
  shape.protocol_at = behind_control + (padded ? 1 : 0);
  return shape;
}

Selector FrameRelay::selector_of(std::uint8_t nlpid) {
  switch (nlpid) {
    case 0xcc:
      return by_ether_type(0x0800);
    case 0x8e:
      return by_ether_type(0x86dd);
    case 0x80:
      return by_llc_sap(0xaa);
  }
  return by_nlpid(nlpid);
}

Step FrameRelay::parse(Region region, const ParseContext&) {
  const std::size_t address = address_octets(region);
  if (address < 2) {  // a one-octet address is as little an address as an endless one
    return region.holds(1) ? Step::fault(FaultKind::bad_length, longest_address)
                           : Step::too_short(region, 2);
  }
  const Shape shape = shape_of(region, address);
  const std::size_t length = shape.length();
  if (!region.holds(length)) return Step::too_short(region, length);
  const FrameRelay header(region, shape);
  Selector next;
  if (!shape.cisco) {
    next = selector_of(header.nlpid());
  } else if (header.dlci() != 0 && header.ether_type() >= smallest_ether_type) {
    next = by_ether_type(header.ether_type());  // connection 0 carries signalling
  }
  return {.header_length = static_cast<std::uint32_t>(length),
          .payload = region.after(length),
          .next = next};
}

void FrameRelay::describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
  const Region region = dissection.region_of(layer);
  const Shape shape = shape_of(region, address_octets(region));
  const FrameRelay header(region, shape);
  sink.add("dlci", 0, shape.address_octets, std::uint64_t{header.dlci()});
  sink.add("forward_congestion", 1, 1, std::uint64_t{header.forward_congestion()});
  sink.add("backward_congestion", 1, 1, std::uint64_t{header.backward_congestion()});
  sink.add("discard_eligible", 1, 1, std::uint64_t{header.discard_eligible()});
  if (shape.cisco) {
    sink.add("type", shape.protocol_at, 2, std::uint64_t{header.ether_type()},
             ether_type_name(header.ether_type()));
    return;
  }
  sink.add("control", shape.address_octets, 1, std::uint64_t{unnumbered_information},
           "unnumbered information");
  FieldCursor cursor(region.bytes.first(shape.protocol_at), sink, shape.address_octets + 1);
  cursor.octets("padding", cursor.left());
  sink.add("nlpid", shape.protocol_at, 1, std::uint64_t{header.nlpid()},
           nlpid_name(header.nlpid()));
}

}  // namespace tapdeck
