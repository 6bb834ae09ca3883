#include "dissectors/udp.h"

#include "dissectors/checksum.h"
#include "dissectors/field_cursor.h"

namespace tapdeck {

void Udp::describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
  FieldCursor cursor(dissection.header_of(layer).bytes, sink);
  cursor.number<std::uint16_t>("source_port");
  cursor.number<std::uint16_t>("destination_port");
  cursor.number<std::uint16_t>("length", [](std::uint16_t length) {
    return length == 0 ? "a jumbogram: as long as the packet" : "octets";
  });
  cursor.code<std::uint16_t>("checksum", checksum_meaning(dissection, layer));
}

}  // namespace tapdeck
