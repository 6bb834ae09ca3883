#include "dissectors/ipv6.h"

#include <fmt/format.h>

#include "dissectors/field_cursor.h"
#include "dissectors/numbers.h"
#include "dissectors/traffic_class.h"

namespace tapdeck {

void Ipv6::describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
  const Ipv6 header(dissection.region_of(layer));
  FieldCursor cursor(dissection.header_of(layer).bytes, sink);
  sink.add("version", 0, 1, std::uint64_t{header.version()});
  sink.add("traffic_class", 0, 2, in_hex(header.traffic_class()));
  add_traffic_class_parts(sink, 0, 2, header.traffic_class());
  sink.add("flow_label", 1, 3, fmt::format("0x{:05x}", header.flow_label()));
  cursor.skip(4);
  cursor.number<std::uint16_t>("payload_length", [&](std::uint16_t length) {
    const bool jumbo = header.next_header() == 0 || layer.declared > longest_payload;
    return length == 0 && jumbo ? "jumbo payload or segmentation offload" : "octets";
  });
  cursor.number<std::uint8_t>("next_header", ip_protocol_name);
  cursor.number<std::uint8_t>("hop_limit", "hops");
  cursor.ipv6("source");
  cursor.ipv6("destination");
}

}  // namespace tapdeck
