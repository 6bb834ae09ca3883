#include "dissectors/udp_lite.h"

#include "dissectors/checksum.h"
#include "dissectors/field_cursor.h"

namespace tapdeck {

void UdpLite::describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
  FieldCursor cursor(dissection.header_of(layer).bytes, sink);
  cursor.number<std::uint16_t>("source_port");
  cursor.number<std::uint16_t>("destination_port");
  cursor.number<std::uint16_t>("checksum_coverage",
                               [](std::uint16_t octets) { return octets == 0 ? "all" : "octets"; });
  cursor.code<std::uint16_t>("checksum", checksum_meaning(dissection, layer));
}

}  // namespace tapdeck
