#include "dissectors/routing_header.h"

#include <algorithm>
#include <string>

#include "dissectors/field_cursor.h"
#include "dissectors/numbers.h"

namespace tapdeck {
namespace {

constexpr std::size_t fixed_octets = 8;
constexpr std::size_t address_octets = 16;

std::string type_name(std::uint8_t type) {
  switch (type) {
    case RoutingType::source_route:
      return "source route (deprecated, RFC 5095)";
    case RoutingType::nimrod:
      return "Nimrod (deprecated)";
    case RoutingType::mobility:
      return "mobility (RFC 6275)";
    case RoutingType::rpl:
      return "RPL source route (RFC 6554)";
    case RoutingType::segment_routing:
      return "segment routing (RFC 8754)";
    case RoutingType::compact_16:
      return "CRH-16 (RFC 9631)";
    case RoutingType::compact_32:
      return "CRH-32 (RFC 9631)";
    case 253:
    case 254:
      return "experiment (RFC 3692)";
    default:
      return "";
  }
}

/// RFC 6554 §3: addresses without the octets that they share with the current destination.
struct CompressedRoute {
  std::size_t elided = 0;       // of each address but the last
  std::size_t elided_last = 0;  // of the last
  std::size_t padding = 0;      // octets after it

  explicit CompressedRoute(Bytes header)
      : elided(read_octet(header, 4) >> 4U),
        elided_last(read_octet(header, 4) & 0x0fU),
        padding(read_octet(header, 5) >> 4U) {}
};

std::optional<IpAddress> last_compressed(Bytes header, const IpAddress& current) {
  const CompressedRoute route(header);
  const std::size_t octets = address_octets - route.elided_last;
  if (header.size() < fixed_octets + octets + route.padding) return std::nullopt;
  IpAddress address = current;
  const std::size_t begin = header.size() - route.padding - octets;
  std::memcpy(&address.octets[route.elided_last], &header[begin], octets);
  return address;
}

void describe_addresses(FieldCursor& cursor, std::string_view name) {
  for (std::size_t index = 0; cursor.left() >= address_octets; ++index) {
    cursor.ipv6(name, "[" + std::to_string(index) + "]");
  }
}

void describe_compressed(FieldCursor& cursor, Bytes header) {
  const std::size_t at = cursor.at();
  cursor.code<std::uint32_t>("compression_and_padding");
  if (header.size() < fixed_octets) return;
  const CompressedRoute route(header);
  FieldSink& sink = cursor.sink();
  sink.enter();
  sink.add("elided", at, 1, std::uint64_t{route.elided}, "octets of each address");
  sink.add("elided_last", at, 1, std::uint64_t{route.elided_last}, "octets of the last address");
  sink.add("padding", at + 1, 1, std::uint64_t{route.padding}, "octets");
  sink.leave();
  const std::size_t octets = address_octets - route.elided;
  const std::size_t last = address_octets - route.elided_last + route.padding;
  while (cursor.left() > last && cursor.left() - last >= octets) cursor.octets("address", octets);
  cursor.octets("last_address", address_octets - route.elided_last);
  cursor.octets("padding", cursor.left());
}

void describe_segment_routing(FieldCursor& cursor) {
  const auto last_entry = cursor.number<std::uint8_t>("last_entry");
  cursor.code<std::uint8_t>("flags");
  cursor.code<std::uint16_t>("tag");
  for (std::size_t index = 0; index <= last_entry && cursor.left() >= address_octets; ++index) {
    cursor.ipv6("segment",
                index == 0 ? "[0], the last of the route" : "[" + std::to_string(index) + "]");
  }
  cursor.octets("tlvs", cursor.left());
}

}  // namespace

std::optional<IpAddress> RoutingHeader::final_destination(const IpAddress& current) const {
  if (x_bytes.size() < fixed_octets) return std::nullopt;
  const std::uint8_t type = read_octet(x_bytes, 2);
  const std::uint8_t segments_left = read_octet(x_bytes, 3);
  const std::size_t declared = (read_octet(x_bytes, 1) + std::size_t{1}) * 8;
  if (segments_left == 0 || x_bytes.size() < declared) return std::nullopt;
  if (type == RoutingType::rpl) return last_compressed(x_bytes, current);
  if (declared < fixed_octets + address_octets) return std::nullopt;
  if (type == RoutingType::segment_routing) return IpAddress::read_v6(x_bytes, fixed_octets);
  if (type == RoutingType::source_route || type == RoutingType::mobility) {
    const std::size_t addresses = (declared - fixed_octets) / address_octets;
    return IpAddress::read_v6(x_bytes, fixed_octets + (addresses - 1) * address_octets);
  }
  return std::nullopt;
}

void RoutingHeader::describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
  const Bytes header = dissection.header_of(layer).bytes;
  FieldCursor cursor(header, sink);
  cursor.number<std::uint8_t>("next_header", ip_protocol_name);
  cursor.number<std::uint8_t>("header_extension_length", [](std::uint8_t units) {
    return std::to_string((units + 1) * 8) + " octets";
  });
  const auto type = cursor.number<std::uint8_t>("routing_type", type_name);
  cursor.number<std::uint8_t>("segments_left");
  if (type == RoutingType::segment_routing) {
    describe_segment_routing(cursor);
  } else if (type == RoutingType::rpl) {
    describe_compressed(cursor, header);
  } else if (type == RoutingType::source_route || type == RoutingType::mobility) {
    cursor.code<std::uint32_t>("reserved");
    describe_addresses(cursor, "address");
  }
  cursor.octets("data", cursor.left());
}

}  // namespace tapdeck
