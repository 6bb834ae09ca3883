// The loopback headers of BSD: an address family in four octets, of the capturing machine's byte
// order (LINKTYPE_NULL) or big-endian (LINKTYPE_LOOP). Some writers got the order wrong, so both
// are read by what makes sense.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/field.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class NullLoopback {
 public:
  static constexpr std::string_view name = "null";
  static constexpr Role role = Role::link;
  static constexpr std::array attaches_to{by(LinkType::null), by(LinkType::loop)};
  static constexpr std::size_t header_octets = 4;

  static constexpr std::uint32_t inet = 2;
  /// NetBSD and OpenBSD, FreeBSD, Darwin, Linux: each has its own AF_INET6.
  static constexpr std::array<std::uint32_t, 4> inet6{24, 28, 30, 10};

  /// Requires: region.holds(header_octets).
  explicit NullLoopback(Region region) : x_bytes(region.bytes) {}

  /// The address family, or an EtherType where a writer put one.
  [[nodiscard]] std::uint32_t family() const {
    const auto big = read_big_endian<std::uint32_t>(x_bytes, 0);
    const auto little = read_little_endian<std::uint32_t>(x_bytes, 0);
    return std::min(big, little);
  }

  static Step parse(Region region, const ParseContext&) {
    if (!region.holds(header_octets)) return Step::too_short(region, header_octets);
    return {.header_length = header_octets,
            .payload = region.after(header_octets),
            .next = selector_of(NullLoopback(region).family())};
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
    const std::uint32_t family = NullLoopback(dissection.region_of(layer)).family();
    const Selector selector = selector_of(family);
    sink.add("family", 0, 4, std::uint64_t{family},
             selector == ipv4   ? "IPv4"
             : selector == ipv6 ? "IPv6"
                                : "");
  }

 private:
  static constexpr Selector ipv4 = by_ether_type(0x0800);
  static constexpr Selector ipv6 = by_ether_type(0x86dd);

  static constexpr Selector selector_of(std::uint32_t family) {
    if (family == inet) return ipv4;
    if (std::ranges::find(inet6, family) != inet6.end()) return ipv6;
    if (family >= smallest_ether_type && family <= 0xffffU) {
      return by_ether_type(static_cast<std::uint16_t>(family));
    }
    return {};
  }

  Bytes x_bytes;
};

}  // namespace tapdeck
