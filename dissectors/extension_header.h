// What most IPv6 extension headers share (RFC 8200 §4): the next header's number, then the length
// in units of 8 octets without the first.
#pragma once

#include "dissectors/region.h"
#include "dissectors/step.h"

namespace tapdeck {

struct ExtensionHeader {
  static constexpr std::size_t shortest = 8;

  /// The common part of parse(). A header cut behind its length is still one, as options are.
  static Step parse(Region region) {
    if (!region.holds(2)) return Step::too_short(region, shortest);
    const std::size_t length = (read_octet(region.bytes, 1) + std::size_t{1}) * 8;
    if (region.length < length) return Step::fault(FaultKind::bad_length, length);
    return {.header_length = static_cast<std::uint32_t>(length),
            .payload = region.after(length),
            .next = by_ip_protocol(read_octet(region.bytes, 0))};
  }
};

}  // namespace tapdeck
