// The Internet checksum (RFC 1071) and what a packet's checksums say: right, wrong, or not filled
// in yet because the sender's interface was to do it after the capture saw the packet.
#pragma once

#include <cstdint>
#include <string>

#include "dissectors/dissection.h"

namespace tapdeck {

/// The one's complement sum of the octets as 16-bit words, the last one padded with a zero octet;
/// its complement is the checksum. Starts from `sum`, itself the result of an earlier piece of even
/// length.
[[nodiscard]] std::uint16_t internet_sum(Bytes bytes, std::uint16_t sum = 0);

enum class ChecksumStatus : std::uint8_t {
  good,
  bad,           // altered on the way, or computed wrongly
  offloaded,     // left to the interface: zero, only the pseudo-header summed up, or a segment
                 // longer than a link carries
  absent,        // the protocol has none here, or the sender chose to send none
  unverifiable,  // cut by the capture, a fragment, or a sum that tapdeck doesn't compute
};

struct ChecksumReport {
  /// Of all IPv4 headers that aren't quoted, the worst: bad, offloaded, unverifiable, good, absent.
  ChecksumStatus network = ChecksumStatus::absent;
  /// Of the innermost transport header that isn't quoted.
  ChecksumStatus transport = ChecksumStatus::absent;

  /// Bad if either is; else offloaded if either is.
  [[nodiscard]] bool is_bad() const {
    return network == ChecksumStatus::bad || transport == ChecksumStatus::bad;
  }
  [[nodiscard]] bool is_offloaded() const {
    return !is_bad() &&
           (network == ChecksumStatus::offloaded || transport == ChecksumStatus::offloaded);
  }

  friend constexpr bool operator==(const ChecksumReport&, const ChecksumReport&) = default;
};

/// Cheap enough for each packet: one pass over the bytes of the transport layer.
[[nodiscard]] ChecksumReport verify_checksums(const Dissection& dissection);

struct ChecksumVerdict {
  ChecksumStatus status = ChecksumStatus::absent;
  std::uint16_t expected = 0;  ///< What the field should hold; valid with good, bad and offloaded.

  friend constexpr bool operator==(const ChecksumVerdict&, const ChecksumVerdict&) = default;
};

/// Requires: layer is one of the dissection's.
[[nodiscard]] ChecksumVerdict verify_checksum(const Dissection& dissection, const Layer& layer);

/// The verdict on a layer's checksum field in words.
[[nodiscard]] std::string checksum_meaning(const Dissection& dissection, const Layer& layer);

}  // namespace tapdeck
