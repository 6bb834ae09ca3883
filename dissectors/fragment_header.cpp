#include "dissectors/fragment_header.h"

#include "dissectors/field_cursor.h"
#include "dissectors/numbers.h"

namespace tapdeck {

void FragmentHeader::describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
  const FragmentHeader header(dissection.region_of(layer));
  FieldCursor cursor(dissection.header_of(layer).bytes, sink);
  cursor.number<std::uint8_t>("next_header", ip_protocol_name);
  cursor.code<std::uint8_t>("reserved");
  sink.add("fragment_offset", 2, 2, std::uint64_t{header.fragment_offset()}, "octets");
  add_flag(sink, "more_fragments", 3, 1, header.more_fragments(),
           header.is_fragment() ? "" : "an atomic fragment: the whole packet");
  cursor.skip(2);
  cursor.code<std::uint32_t>("identification");
}

}  // namespace tapdeck
