#include "dissectors/teredo.h"

#include "dissectors/address.h"
#include "dissectors/field_cursor.h"

namespace tapdeck {

void Teredo::describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
  const Bytes header = dissection.header_of(layer).bytes;
  const Shape shape = shape_of(dissection.region_of(layer));
  FieldCursor cursor(header, sink);
  if (shape.authentication != 0) {
    cursor.number<std::uint16_t>("indicator", "authentication");
    const auto client_id_length = cursor.number<std::uint8_t>("client_id_length");
    const auto authentication_length = cursor.number<std::uint8_t>("authentication_length");
    cursor.octets("client_id", client_id_length);
    cursor.octets("authentication", authentication_length);
    cursor.number<std::uint64_t>("nonce");
    cursor.number<std::uint8_t>("confirmation");
  }
  if (shape.origin == 0) return;
  cursor.number<std::uint16_t>("indicator", "origin");
  // Both are sent inverted, so that translators on the way leave them alone (§5.1.1).
  const std::size_t at = cursor.at();
  const auto port = static_cast<std::uint16_t>(~read_big_endian<std::uint16_t>(header, at));
  IpAddress address = IpAddress::read_v4(header, at + 2);
  for (std::size_t octet = 0; octet < 4; ++octet) {
    address.octets[octet] = static_cast<std::uint8_t>(~address.octets[octet]);
  }
  sink.add("origin_port", at, 2, std::uint64_t{port});
  sink.add("origin_address", at + 2, 4, to_string(address));
}

}  // namespace tapdeck
