#include "dissectors/tcp_option_fields.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "dissectors/multipath_tcp.h"
#include "dissectors/tcp.h"
#include "dissectors/tcp_options.h"

namespace tapdeck {
namespace {

using Kind = TcpOptionKind;

struct OptionName {
  std::uint8_t kind;
  std::string_view name;
};

/// IANA's "TCP Option Kind Numbers".
constexpr std::array names{
    OptionName{Kind::maximum_segment_size, "maximum_segment_size"},
    OptionName{Kind::window_scale, "window_scale"},
    OptionName{Kind::sack_permitted, "sack_permitted"},
    OptionName{Kind::sack, "sack"},
    OptionName{6, "echo"},
    OptionName{7, "echo_reply"},
    OptionName{Kind::timestamps, "timestamps"},
    OptionName{9, "partial_order_permitted"},
    OptionName{10, "partial_order_profile"},
    OptionName{11, "cc"},
    OptionName{12, "cc_new"},
    OptionName{13, "cc_echo"},
    OptionName{14, "alternate_checksum_request"},
    OptionName{15, "alternate_checksum_data"},
    OptionName{Kind::md5_signature, "md5_signature"},
    OptionName{20, "scps_capabilities"},
    OptionName{21, "selective_negative_acknowledgments"},
    OptionName{22, "record_boundaries"},
    OptionName{23, "corruption_experienced"},
    OptionName{27, "quick_start"},
    OptionName{Kind::user_timeout, "user_timeout"},
    OptionName{Kind::authentication, "authentication"},
    OptionName{Kind::multipath, "multipath"},
    OptionName{Kind::fast_open, "fast_open"},
    OptionName{69, "encryption_negotiation"},
    OptionName{Kind::accurate_ecn_0, "accurate_ecn_0"},
    OptionName{Kind::accurate_ecn_1, "accurate_ecn_1"},
    OptionName{Kind::experiment_1, "experiment"},
    OptionName{Kind::experiment_2, "experiment"},
};

std::string_view name_of_option(std::uint8_t kind) {
  const auto found = std::ranges::find(names, kind, &OptionName::kind);
  return found == names.end() ? "option" : found->name;
}

std::string scale_meaning(std::uint8_t shift) {
  const std::string factor =
      "times " + std::to_string(1U << std::min(shift, greatest_window_shift));
  return shift > greatest_window_shift ? factor + ", the largest allowed" : factor;
}

void describe_sack(FieldCursor& option) {
  while (option.left() > 0) {
    option.number<std::uint32_t>("left_edge");
    if (option.left() > 0) option.number<std::uint32_t>("right_edge", "after the last octet");
  }
}

/// RFC 5482 §3.1: the granularity bit chooses minutes.
std::string timeout_meaning(std::uint16_t value) {
  return fmt::format("{} {}", value & 0x7fffU, (value & 0x8000U) != 0 ? "minutes" : "seconds");
}

/// RFC 7413 §4.1.1.
void describe_fast_open(FieldCursor& option) {
  if (option.left() != 0) option.octets("cookie", option.left());
}

/// RFC 9768 §3.2.3: counters of 24 bits, in the order that the kind tells; the last may be left
/// out.
void describe_accurate_ecn(FieldCursor& option, bool ect_0_first) {
  constexpr std::array<std::string_view, 3> order_0{"ect_0_octets", "ce_octets", "ect_1_octets"};
  constexpr std::array<std::string_view, 3> order_1{"ect_1_octets", "ce_octets", "ect_0_octets"};
  for (const std::string_view name : ect_0_first ? order_0 : order_1) {
    if (option.left() < 3) return;
    const std::uint64_t count = std::uint64_t{read_octet(option.rest(), 0)} << 16U |
                                read_big_endian<std::uint16_t>(option.rest(), 1);
    option.sink().add(name, option.at(), 3, count, "modulo 2^24");
    option.skip(3);
  }
}

/// RFC 6994: 16 or 32 bits tell the experiments apart.
void describe_experiment(FieldCursor& option, bool& is_fast_open) {
  const auto experiment =
      option.left() < 2 ? std::uint16_t{0} : read_big_endian<std::uint16_t>(option.rest(), 0);
  is_fast_open = experiment == TcpExperimentId::fast_open;
  option.code<std::uint16_t>("experiment_id", [](std::uint16_t id) -> std::string {
    switch (id) {
      case TcpExperimentId::fast_open:
        return "TCP Fast Open";
      case TcpExperimentId::accurate_ecn:
        return "Accurate ECN";
      case TcpExperimentId::shared_memory:
        return "shared memory communication (with 0xc3d9)";
      default:
        return "";
    }
  });
  if (is_fast_open) describe_fast_open(option);
}

void describe_data(std::uint8_t kind, FieldCursor& option, std::uint8_t flags) {
  bool is_fast_open = false;
  if (kind == Kind::maximum_segment_size) {
    option.number<std::uint16_t>("value", "octets");
  } else if (kind == Kind::window_scale) {
    option.number<std::uint8_t>("shift_count", scale_meaning);
  } else if (kind == Kind::sack) {
    describe_sack(option);
  } else if (kind == Kind::timestamps) {
    option.number<std::uint32_t>("timestamp_value");
    option.number<std::uint32_t>("timestamp_echo_reply");
  } else if (kind == Kind::user_timeout) {
    option.code<std::uint16_t>("timeout", timeout_meaning);
  } else if (kind == Kind::md5_signature) {
    option.octets("digest", option.left());
  } else if (kind == Kind::authentication) {
    option.number<std::uint8_t>("key_id");
    option.number<std::uint8_t>("receive_next_key_id");
    option.octets("message_authentication_code", option.left());
  } else if (kind == Kind::multipath) {
    describe_multipath_tcp(option, flags);
  } else if (kind == Kind::fast_open) {
    describe_fast_open(option);
  } else if (kind == Kind::accurate_ecn_0 || kind == Kind::accurate_ecn_1) {
    describe_accurate_ecn(option, kind == Kind::accurate_ecn_0);
  } else if (kind == Kind::experiment_1 || kind == Kind::experiment_2) {
    describe_experiment(option, is_fast_open);
  }
  option.octets("data", option.left());
}

/// The option in one value; the parts stand below it.
FieldValue summary(std::uint8_t kind, Bytes data) {
  if (kind == Kind::maximum_segment_size && data.size() == 2) {
    return std::uint64_t{read_big_endian<std::uint16_t>(data, 0)};
  }
  if (kind == Kind::window_scale && data.size() == 1) return std::uint64_t{read_octet(data, 0)};
  if (kind == Kind::timestamps && data.size() == 8) {
    return fmt::format("{} {}", read_big_endian<std::uint32_t>(data, 0),
                       read_big_endian<std::uint32_t>(data, 4));
  }
  if (kind == Kind::sack && data.size() % 8 == 0) {
    std::string blocks;
    for (std::size_t at = 0; at < data.size(); at += 8) {
      fmt::format_to(std::back_inserter(blocks), "{}{}-{}", at == 0 ? "" : " ",
                     read_big_endian<std::uint32_t>(data, at),
                     read_big_endian<std::uint32_t>(data, at + 4));
    }
    return blocks;
  }
  return octets_as_hex(data);
}

std::string summary_meaning(std::uint8_t kind, Bytes data) {
  if (kind == Kind::window_scale && data.size() == 1) return scale_meaning(read_octet(data, 0));
  if (kind == Kind::multipath && !data.empty()) {
    return std::string(multipath_subtype_name(read_octet(data, 0) >> 4U));
  }
  if (kind == Kind::fast_open) return data.empty() ? "asks for a cookie" : "cookie";
  return unknown_kind(name_of_option(kind), kind);
}

/// False if the rest can't be read as options.
bool describe_option(FieldCursor& cursor, std::uint8_t flags) {
  const Bytes rest = cursor.rest();
  if (rest.size() < 2) return false;
  const std::uint8_t kind = read_octet(rest, 0);
  const std::size_t length = read_octet(rest, 1);
  if (length < 2 || length > rest.size()) return false;
  const Bytes data = rest.subspan(2, length - 2);
  FieldCursor option =
      cursor.group(name_of_option(kind), length, summary(kind, data), summary_meaning(kind, data));
  option.number<std::uint8_t>("kind");
  option.number<std::uint8_t>("length", "octets");
  describe_data(kind, option, flags);
  cursor.end_group();
  return true;
}

}  // namespace

void describe_tcp_options(FieldCursor& cursor, std::uint8_t flags) {
  while (cursor.left() > 0) {
    const std::uint8_t kind = read_octet(cursor.rest(), 0);
    if (kind == Kind::end) {
      cursor.octets("end_of_options", cursor.left(), "and padding");
    } else if (kind == Kind::no_operation) {
      cursor.octets("no_operation", 1);
    } else if (!describe_option(cursor, flags)) {
      cursor.octets("malformed_options", cursor.left());
    }
  }
}

}  // namespace tapdeck
