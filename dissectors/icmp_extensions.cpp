#include "dissectors/icmp_extensions.h"

#include <string>

#include "dissectors/checksum.h"

namespace tapdeck {
namespace {

constexpr std::size_t header_octets = 4;
constexpr std::size_t object_header_octets = 4;

std::string class_name(std::uint8_t number) {
  switch (number) {
    case 1:
      return "MPLS label stack";
    case 2:
      return "interface information";
    case 3:
      return "interface identification";
    case 4:
      return "extended information";
    case 5:
      return "node identification";
    default:
      return "";
  }
}

void describe_label(FieldCursor& object) {
  const std::size_t at = object.at();
  const auto entry = read_big_endian<std::uint32_t>(object.rest(), 0);
  object.code<std::uint32_t>("label_stack_entry");
  FieldSink& sink = object.sink();
  sink.enter();
  sink.add("label", at, 3, std::uint64_t{entry >> 12U});
  sink.add("traffic_class", at + 2, 1, std::uint64_t{entry >> 9U & 7U});
  add_flag(sink, "bottom_of_stack", at + 2, 1, (entry & 0x100U) != 0);
  sink.add("time_to_live", at + 3, 1, std::uint64_t{entry & 0xffU});
  sink.leave();
}

/// False if the rest is no object.
bool describe_object(FieldCursor& cursor) {
  if (cursor.left() < object_header_octets) return false;
  const std::size_t length = read_big_endian<std::uint16_t>(cursor.rest(), 0);
  if (length < object_header_octets || length > cursor.left()) return false;
  const std::uint8_t class_number = read_octet(cursor.rest(), 2);
  FieldCursor object = cursor.group("extension_object", length, std::uint64_t{class_number},
                                    class_name(class_number));
  object.number<std::uint16_t>("length", "octets");
  object.number<std::uint8_t>("class_num");
  object.number<std::uint8_t>("c_type");
  while (class_number == 1 && object.left() >= 4) describe_label(object);
  object.octets("data", object.left());
  cursor.end_group();
  return true;
}

}  // namespace

std::size_t icmp_extensions_at(Region message, bool is_error, std::size_t quote_length) {
  constexpr std::size_t icmp_header_octets = 8;
  constexpr std::size_t usual_quote = 128;
  if (!is_error) return 0;
  const std::size_t at = icmp_header_octets + (quote_length == 0 ? usual_quote : quote_length);
  if (message.bytes.size() < at + header_octets) return 0;
  const Bytes structure = message.bytes.subspan(at);
  if (read_octet(structure, 0) >> 4U != 2) return 0;
  const bool certain = quote_length != 0 || internet_sum(structure) == 0xffff;
  return certain ? at : 0;
}

void describe_icmp_extensions(FieldCursor& cursor) {
  if (cursor.left() < header_octets) return;
  const Bytes structure = cursor.rest();
  const std::size_t at = cursor.at();
  const std::uint8_t version = read_octet(structure, 0) >> 4U;
  cursor.sink().add("extension_version", at, 2, std::uint64_t{version});
  cursor.skip(2);
  cursor.code<std::uint16_t>("extension_checksum", [&](std::uint16_t checksum) {
    if (checksum == 0) return "none sent";
    return internet_sum(structure) == 0xffff ? "good" : "bad";
  });
  while (describe_object(cursor)) {
  }
  cursor.octets("extension_data", cursor.left());
}

}  // namespace tapdeck
