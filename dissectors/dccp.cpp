#include "dissectors/dccp.h"

#include <string>

#include "dissectors/field_cursor.h"

namespace tapdeck {
namespace {

constexpr std::array<std::string_view, 10> type_names{"Request", "Response", "Data",  "Ack",
                                                      "DataAck", "CloseReq", "Close", "Reset",
                                                      "Sync",    "SyncAck"};

}  // namespace

void Dccp::describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
  const Dccp header(dissection.region_of(layer));
  FieldCursor cursor(dissection.header_of(layer).bytes, sink);
  cursor.number<std::uint16_t>("source_port");
  cursor.number<std::uint16_t>("destination_port");
  sink.add("data_offset", cursor.at(), 1, std::uint64_t{header.data_offset()}, "octets");
  cursor.skip(1);
  cursor.code<std::uint8_t>("ccval_and_checksum_coverage");
  cursor.code<std::uint16_t>("checksum", "not verified");
  const std::uint8_t type = header.type();
  sink.add("type", cursor.at(), 1, std::uint64_t{type},
           std::string(type < type_names.size() ? type_names[type] : ""));
  add_flag(sink, "extended_sequence_numbers", cursor.at(), 1,
           header.has_extended_sequence_number());
  cursor.skip(1);
  cursor.octets("sequence_number", header.has_extended_sequence_number() ? 7 : 3);
  cursor.octets("numbers_and_options", cursor.left());
}

}  // namespace tapdeck
