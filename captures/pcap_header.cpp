// The 24 octets in front of a pcap file: which of the format's variants it is.
#include <array>
#include <string>

#include "captures/pcap_format.h"
#include "captures/pcap_scanner.h"

namespace tapdeck {
namespace {

constexpr std::uint32_t modified_magic = 0xa1b2cd34;

bool is_magic(std::uint32_t value) {
  return value == pcap::microseconds_magic || value == pcap::nanoseconds_magic ||
         value == modified_magic;
}

// AIX writes version 2.2, nanoseconds, and ifType values of RFC 1573 in place of link types.
std::optional<LinkType> aix_link_type(std::uint16_t major, std::uint16_t minor, LinkType found) {
  if (major != 2 || minor != 2) {
    return std::nullopt;
  }
  struct Pair {
    std::uint16_t interface_type;
    std::uint16_t link_type;
  };
  constexpr std::array known{Pair{6, 1}, Pair{9, 6}, Pair{15, 10}, Pair{24, 0}};
  for (const Pair pair : known) {
    if (static_cast<std::uint16_t>(found) == pair.interface_type) {
      return static_cast<LinkType>(pair.link_type);
    }
  }
  return std::nullopt;
}

LengthOrder length_order(std::uint16_t major, std::uint16_t minor) {
  constexpr std::uint16_t digital_unix_major = 543;
  if (major == digital_unix_major || minor < 3) {
    return LengthOrder::wire_first;
  }
  return minor == 3 ? LengthOrder::smaller_first : LengthOrder::captured_first;
}

bool is_known_version(std::uint16_t major, std::uint16_t minor) {
  constexpr std::uint16_t digital_unix_major = 543;
  return major == 2 || (major == digital_unix_major && minor == 0);
}

}  // namespace

bool is_pcap(Bytes first_octets) {
  return first_octets.size() >= 4 &&
         (is_magic(read_little_endian<std::uint32_t>(first_octets, 0)) ||
          is_magic(read_big_endian<std::uint32_t>(first_octets, 0)));
}

std::variant<PcapHeader, CaptureFault> parse_pcap_header(Bytes bytes) {
  PcapHeader header;
  header.order = is_magic(read_little_endian<std::uint32_t>(bytes, 0)) ? std::endian::little
                                                                       : std::endian::big;
  const auto magic = read_in_order<std::uint32_t>(bytes, 0, header.order);
  const auto major = read_in_order<std::uint16_t>(bytes, 4, header.order);
  const auto minor = read_in_order<std::uint16_t>(bytes, 6, header.order);
  if (!is_known_version(major, minor)) {
    return CaptureFault{.kind = CaptureFaultKind::unsupported_version,
                        .available = bytes.size(),
                        .detail = "pcap " + std::to_string(major) + "." + std::to_string(minor)};
  }
  header.nanoseconds = magic == pcap::nanoseconds_magic;
  header.modified = magic == modified_magic;
  header.lengths = length_order(major, minor);
  header.snap_length = read_in_order<std::uint32_t>(bytes, 16, header.order);
  const auto link = read_in_order<std::uint32_t>(bytes, 20, header.order);
  header.link_type = static_cast<LinkType>(link & 0xffff);
  if ((link & pcap::fcs_length_given) != 0) {
    header.fcs_length = static_cast<std::uint8_t>((link >> pcap::fcs_length_shift) * 2);
  }
  if (const auto aix = aix_link_type(major, minor, header.link_type)) {
    header.link_type = *aix;
    header.nanoseconds = true;
  }
  return header;
}

}  // namespace tapdeck
