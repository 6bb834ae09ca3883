// What IGMP and multicast listener discovery share: codes that count time, and the group records of
// IGMPv3 (RFC 3376 §4.2) and MLDv2 (RFC 3810 §5.2).
#pragma once

#include <cstdint>

#include "dissectors/field_cursor.h"

namespace tapdeck {

/// A code of 8 bits: from 128 on a floating point number (RFC 3376 §4.1.1).
[[nodiscard]] std::uint32_t time_of_code(std::uint8_t code);

/// A code of 16 bits: from 32768 on a floating point number (RFC 3810 §5.1.3).
[[nodiscard]] std::uint32_t time_of_long_code(std::uint16_t code);

/// S flag, querier's robustness and interval, number of sources and these.
void describe_query_v3(FieldCursor& cursor, std::uint8_t ip_version);

/// Two reserved octets, the number of records and these.
void describe_group_records(FieldCursor& cursor, std::uint8_t ip_version);

/// What follows the checksum of the ICMPv6 messages 130, 131 and 132, and 143.
void describe_mld_query(FieldCursor& cursor);
void describe_mld_report(FieldCursor& cursor);
void describe_mld_report_v2(FieldCursor& cursor);

}  // namespace tapdeck
