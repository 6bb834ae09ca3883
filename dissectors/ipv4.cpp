#include "dissectors/ipv4.h"

#include <string>

#include "dissectors/checksum.h"
#include "dissectors/field_cursor.h"
#include "dissectors/ipv4_options.h"
#include "dissectors/numbers.h"
#include "dissectors/traffic_class.h"

namespace tapdeck {
namespace {

void add_fragment_fields(const Ipv4& header, FieldSink& sink) {
  constexpr std::size_t at = 6;
  std::string names = header.reserved_flag() ? "reserved " : "";
  names += header.dont_fragment() ? "DF " : "";
  names += header.more_fragments() ? "MF " : "";
  if (!names.empty()) names.pop_back();
  sink.add("flags", at, 1, in_hex(header.flag_bits()), names);
  sink.enter();
  add_flag(sink, "reserved", at, 1, header.reserved_flag());
  add_flag(sink, "dont_fragment", at, 1, header.dont_fragment());
  add_flag(sink, "more_fragments", at, 1, header.more_fragments());
  sink.leave();
  sink.add("fragment_offset", at, 2, std::uint64_t{header.fragment_offset()}, "octets");
}

std::string meaning_of_total_length(const Ipv4& header, const Layer& layer) {
  if (header.total_length() == 0) return "left to the interface (segmentation offload)";
  if (header.total_length() > layer.declared && !layer.quoted) return "more than the frame has";
  return "octets";
}

}  // namespace

void Ipv4::describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
  const Region region = dissection.region_of(layer);
  const Ipv4 header(region);
  FieldCursor cursor(dissection.header_of(layer).bytes, sink);
  sink.add("version", 0, 1, std::uint64_t{header.version()});
  sink.add("header_length", 0, 1, std::uint64_t{header.header_length()}, "octets");
  sink.add("type_of_service", 1, 1, in_hex(header.type_of_service()));
  add_traffic_class_parts(sink, 1, 1, header.type_of_service());
  cursor.skip(2);
  cursor.number<std::uint16_t>("total_length", meaning_of_total_length(header, layer));
  cursor.code<std::uint16_t>("identification",
                             [](std::uint16_t value) { return std::to_string(value); });
  add_fragment_fields(header, sink);
  cursor.skip(2);
  cursor.number<std::uint8_t>("time_to_live", "hops");
  cursor.number<std::uint8_t>("protocol", ip_protocol_name);
  cursor.code<std::uint16_t>("header_checksum", checksum_meaning(dissection, layer));
  cursor.ipv4("source");
  cursor.ipv4("destination");
  describe_ipv4_options(cursor);
}

}  // namespace tapdeck
