#include "dissectors/teredo.h"

#include "dissectors/address.h"

namespace tapdeck {

void Teredo::describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
  const Region region = dissection.region_of(layer);
  const Shape shape = shape_of(region);
  if (shape.authentication != 0) {
    const std::size_t confirmation_at = shape.authentication - 1;
    const std::uint8_t confirmation = read_octet(region.bytes, confirmation_at);
    sink.add("client_id_length", 2, 1, std::uint64_t{read_octet(region.bytes, 2)});
    sink.add("authentication_length", 3, 1, std::uint64_t{read_octet(region.bytes, 3)});
    sink.add("nonce", confirmation_at - 8, 8,
             std::uint64_t{read_big_endian<std::uint64_t>(region.bytes, confirmation_at - 8)});
    sink.add("confirmation", confirmation_at, 1, std::uint64_t{confirmation});
  }
  if (shape.origin == 0) return;
  // Both are sent inverted, so that translators on the way leave them alone (§5.1.1).
  const std::size_t at = shape.authentication;
  const auto port =
      static_cast<std::uint16_t>(~read_big_endian<std::uint16_t>(region.bytes, at + 2));
  IpAddress address = IpAddress::read_v4(region.bytes, at + 4);
  for (std::size_t octet = 0; octet < 4; ++octet) {
    address.octets[octet] = static_cast<std::uint8_t>(~address.octets[octet]);
  }
  sink.add("origin_port", at + 2, 2, std::uint64_t{port});
  sink.add("origin_address", at + 4, 4, to_string(address));
}

}  // namespace tapdeck
