#include "dissectors/multipath_tcp.h"

#include <array>
#include <string>

#include "dissectors/tcp.h"

namespace tapdeck {
namespace {

constexpr std::array<std::string_view, 16> names{"MP_CAPABLE",
                                                 "MP_JOIN",
                                                 "DSS",
                                                 "ADD_ADDR",
                                                 "REMOVE_ADDR",
                                                 "MP_PRIO",
                                                 "MP_FAIL",
                                                 "MP_FASTCLOSE",
                                                 "MP_TCPRST",
                                                 "",
                                                 "",
                                                 "",
                                                 "",
                                                 "",
                                                 "",
                                                 "MP_EXPERIMENTAL"};

struct Subtype {
  static constexpr std::uint8_t capable = 0, join = 1, data_sequence = 2, add_address = 3,
                                remove_address = 4, priority = 5, fail = 6, fast_close = 7,
                                reset = 8;
};

/// RFC 8684 §3.1.
void describe_capable(FieldCursor& option) {
  FieldSink& sink = option.sink();
  option.bit_field<std::uint8_t>("flags", [&](std::uint8_t flags, std::size_t at) {
    add_flag(sink, "checksum_required", at, 1, (flags & 0x80U) != 0);
    add_flag(sink, "no_more_addresses", at, 1, (flags & 0x20U) != 0);
    add_flag(sink, "hmac_sha_256", at, 1, (flags & 0x01U) != 0);
  });
  if (option.left() >= 8) option.code<std::uint64_t>("senders_key");
  if (option.left() >= 8) option.code<std::uint64_t>("receivers_key");
  if (option.left() >= 2) option.number<std::uint16_t>("data_level_length", "octets");
  if (option.left() >= 2) option.code<std::uint16_t>("checksum");
}

/// RFC 8684 §3.2: a form for the SYN, one for the SYN+ACK, one for the ACK.
void describe_join(FieldCursor& option, std::uint8_t tcp_flags) {
  const bool syn = (tcp_flags & TcpFlags::syn) != 0;
  const bool ack = (tcp_flags & TcpFlags::ack) != 0;
  if (!syn) {
    option.octets("reserved", 1);
    option.octets("senders_hmac", option.left());
    return;
  }
  option.number<std::uint8_t>("address_id");
  if (ack) {
    option.code<std::uint64_t>("senders_truncated_hmac");
  } else {
    option.code<std::uint32_t>("receivers_token");
  }
  option.code<std::uint32_t>("senders_random_number");
}

/// RFC 8684 §3.3: the flags say which numbers follow and how long they are.
void describe_data_sequence(FieldCursor& option) {
  FieldSink& sink = option.sink();
  std::uint8_t flags = 0;
  option.bit_field<std::uint8_t>("flags", [&](std::uint8_t bits, std::size_t at) {
    flags = bits;
    add_flag(sink, "data_fin", at, 1, (bits & 0x10U) != 0);
    add_flag(sink, "data_sequence_number_has_8_octets", at, 1, (bits & 0x08U) != 0);
    add_flag(sink, "data_sequence_number_present", at, 1, (bits & 0x04U) != 0);
    add_flag(sink, "data_ack_has_8_octets", at, 1, (bits & 0x02U) != 0);
    add_flag(sink, "data_ack_present", at, 1, (bits & 0x01U) != 0);
  });
  const bool long_ack = (flags & 0x02U) != 0;
  const bool long_sequence = (flags & 0x08U) != 0;
  if ((flags & 0x01U) != 0) {
    long_ack ? option.number<std::uint64_t>("data_ack") : option.number<std::uint32_t>("data_ack");
  }
  if ((flags & 0x04U) == 0) return;
  long_sequence ? option.number<std::uint64_t>("data_sequence_number")
                : option.number<std::uint32_t>("data_sequence_number");
  option.number<std::uint32_t>("subflow_sequence_number", "relative");
  option.number<std::uint16_t>("data_level_length", "octets");
  if (option.left() >= 2) option.code<std::uint16_t>("checksum");
}

/// RFC 8684 §3.4.1; version 0 (RFC 6824) puts the IP version where the E flag is.
void describe_add_address(FieldCursor& option) {
  constexpr std::size_t id_octets = 1, ipv6_octets = 16;
  option.number<std::uint8_t>("address_id");
  option.left() >= ipv6_octets + 8 || option.left() == ipv6_octets ||
          option.left() == ipv6_octets + id_octets + 1
      ? option.ipv6("address")
      : option.ipv4("address");
  if (option.left() % 8 == 2) option.number<std::uint16_t>("port");
  option.octets("truncated_hmac", option.left());
}

/// What shares the octet with the subtype: a version or, in the lowest bit, a flag.
void add_low_bits(std::uint8_t subtype, std::uint8_t bits, FieldCursor& option) {
  FieldSink& sink = option.sink();
  const bool flag = (bits & 1U) != 0;
  if (subtype == Subtype::capable) {
    sink.add("version", option.at(), 1, std::uint64_t{bits});
  } else if (subtype == Subtype::join || subtype == Subtype::priority) {
    add_flag(sink, "backup", option.at(), 1, flag);
  } else if (subtype == Subtype::add_address) {
    add_flag(sink, "echo", option.at(), 1, flag);
  } else if (subtype == Subtype::reset) {
    add_flag(sink, "transient", option.at(), 1, flag);
  } else {
    sink.add("reserved_bits", option.at(), 1, std::uint64_t{bits});
  }
}

/// RFC 8684 §3.6.
std::string reset_reason(std::uint8_t reason) {
  constexpr std::array<std::string_view, 7> reasons{"unspecified",
                                                    "MPTCP-specific error",
                                                    "lack of resources",
                                                    "administratively prohibited",
                                                    "too much outstanding data",
                                                    "unacceptable performance",
                                                    "middlebox interference"};
  return std::string(reason < reasons.size() ? reasons[reason] : "");
}

}  // namespace

std::string_view multipath_subtype_name(std::uint8_t subtype) {
  return subtype < names.size() ? names[subtype] : std::string_view{};
}

void describe_multipath_tcp(FieldCursor& option, std::uint8_t flags) {
  if (option.left() == 0) return;
  const std::uint8_t first = read_octet(option.rest(), 0);
  const auto subtype = static_cast<std::uint8_t>(first >> 4U);
  FieldSink& sink = option.sink();
  sink.add("subtype", option.at(), 1, std::uint64_t{subtype},
           std::string(multipath_subtype_name(subtype)));
  add_low_bits(subtype, first & 0x0fU, option);
  option.skip(1);
  if (subtype == Subtype::capable) {
    describe_capable(option);
  } else if (subtype == Subtype::join) {
    describe_join(option, flags);
  } else if (subtype == Subtype::data_sequence) {
    describe_data_sequence(option);
  } else if (subtype == Subtype::add_address) {
    describe_add_address(option);
  } else if (subtype == Subtype::remove_address || subtype == Subtype::priority) {
    while (option.left() > 0) option.number<std::uint8_t>("address_id");
  } else if (subtype == Subtype::fail) {
    option.octets("reserved", 1);
    option.number<std::uint64_t>("data_sequence_number");
  } else if (subtype == Subtype::fast_close) {
    option.octets("reserved", 1);
    option.code<std::uint64_t>("receivers_key");
  } else if (subtype == Subtype::reset) {
    option.number<std::uint8_t>("reason", reset_reason);
  }
}

}  // namespace tapdeck
