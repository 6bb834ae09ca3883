#include "dissectors/ppp.h"

#include "dissectors/link_numbers.h"

namespace tapdeck {

void Ppp::describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
  const Region region = dissection.region_of(layer);
  Shape shape = shape_of(region, 0);
  if (shape.length() != layer.header_length) shape = shape_of(region, 1);
  if (shape.direction != 0) {
    const std::uint8_t direction = read_octet(region.bytes, 0);
    sink.add("direction", 0, 1, std::uint64_t{direction}, direction == 0 ? "received" : "sent");
  }
  if (shape.address_and_control != 0) {
    sink.add("address", shape.direction, 1,
             std::uint64_t{read_octet(region.bytes, shape.direction)});
    sink.add("control", shape.direction + 1, 1,
             std::uint64_t{read_octet(region.bytes, shape.direction + 1)});
  }
  const std::uint16_t protocol = Ppp(region, shape).protocol();
  sink.add("protocol", shape.protocol_offset(), shape.protocol, std::uint64_t{protocol},
           ppp_protocol_name(protocol));
}

}  // namespace tapdeck
