#include "dissectors/group_membership.h"

#include <array>
#include <string>

namespace tapdeck {
namespace {

void add_address(FieldCursor& cursor, std::uint8_t ip_version, std::string_view name) {
  ip_version == 4 ? cursor.ipv4(name) : cursor.ipv6(name);
}

/// As many as are counted and there.
void add_sources(FieldCursor& cursor, std::uint8_t ip_version, std::size_t count) {
  for (std::size_t index = 0; index < count && cursor.left() > 0; ++index) {
    add_address(cursor, ip_version, "source");
  }
}

std::string record_type_name(std::uint8_t type) {
  constexpr std::array<std::string_view, 7> names{
      "",
      "mode is include",
      "mode is exclude",
      "change to include mode",
      "change to exclude mode",
      "allow new sources",
      "block old sources",
  };
  return std::string(type < names.size() ? names[type] : "");
}

void describe_record(FieldCursor& cursor, std::uint8_t ip_version) {
  constexpr std::size_t fixed_octets = 4;
  if (cursor.left() < fixed_octets) return cursor.octets("cut", cursor.left());
  const Bytes rest = cursor.rest();
  const std::size_t address_octets = ip_version == 4 ? 4 : 16;
  const std::size_t auxiliary = read_octet(rest, 1) * std::size_t{4};
  const std::size_t sources = read_big_endian<std::uint16_t>(rest, 2);
  const std::size_t length = fixed_octets + address_octets * (1 + sources) + auxiliary;
  FieldCursor record = cursor.group("group_record", length, std::uint64_t{read_octet(rest, 0)},
                                    record_type_name(read_octet(rest, 0)));
  record.number<std::uint8_t>("record_type");
  record.number<std::uint8_t>("auxiliary_data_length", "words of 4 octets");
  record.number<std::uint16_t>("number_of_sources");
  add_address(record, ip_version, "multicast_address");
  add_sources(record, ip_version, sources);
  record.octets("auxiliary_data", record.left());
  cursor.end_group();
}

}  // namespace

std::uint32_t time_of_code(std::uint8_t code) {
  if (code < 128) return code;
  return ((code & 0x0fU) | 0x10U) << ((code >> 4U & 7U) + 3U);
}

std::uint32_t time_of_long_code(std::uint16_t code) {
  if (code < 32'768) return code;
  return ((code & 0x0fffU) | 0x1000U) << ((code >> 12U & 7U) + 3U);
}

void describe_query_v3(FieldCursor& cursor, std::uint8_t ip_version) {
  FieldSink& sink = cursor.sink();
  cursor.bit_field<std::uint8_t>("flags", [&](std::uint8_t flags, std::size_t at) {
    add_flag(sink, "suppress_router_side", at, 1, (flags & 8U) != 0);
    sink.add("querier_robustness", at, 1, std::uint64_t{flags & 7U});
  });
  cursor.number<std::uint8_t>("querier_query_interval_code", [](std::uint8_t code) {
    return std::to_string(time_of_code(code)) + " seconds";
  });
  const auto count = cursor.number<std::uint16_t>("number_of_sources");
  add_sources(cursor, ip_version, count);
}

void describe_group_records(FieldCursor& cursor, std::uint8_t ip_version) {
  cursor.code<std::uint16_t>("reserved");
  const auto count = cursor.number<std::uint16_t>("number_of_group_records");
  for (std::size_t index = 0; index < count && cursor.left() > 0; ++index) {
    describe_record(cursor, ip_version);
  }
}

void describe_mld_query(FieldCursor& cursor) {
  constexpr std::size_t v1_octets_left = 20;  // behind the checksum (RFC 3810 §8.1)
  const bool is_v2 = cursor.left() > v1_octets_left;
  cursor.number<std::uint16_t>("maximum_response_code", [&](std::uint16_t code) {
    return std::to_string(is_v2 ? time_of_long_code(code) : code) + " milliseconds";
  });
  cursor.code<std::uint16_t>("reserved");
  cursor.ipv6("multicast_address");
  if (is_v2) describe_query_v3(cursor, 6);
}

void describe_mld_report(FieldCursor& cursor) {
  cursor.number<std::uint16_t>("maximum_response_delay", "unused");
  cursor.code<std::uint16_t>("reserved");
  cursor.ipv6("multicast_address");
}

void describe_mld_report_v2(FieldCursor& cursor) { describe_group_records(cursor, 6); }

}  // namespace tapdeck
