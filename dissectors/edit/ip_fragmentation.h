// Cuts an IP packet that is longer than a link carries into fragments (RFC 791 §3.2, RFC 8200
// §4.5). What is a fragment already is cut further.
#pragma once

#include <cstddef>
#include <cstdint>

#include "dissectors/dissection.h"
#include "dissectors/edit/frame_pieces.h"

namespace tapdeck {

struct FragmentLimits {
  std::size_t frame_octets = 0;  ///< Of the longest frame, its MAC addresses and tags included.
  /// Cut also what a router must not: IPv4 packets that say so, and IPv6. The bit is taken back.
  bool despite_prohibition = false;
  /// For packets that have no identification: all IPv6 ones, and IPv4 ones with a zero and DF. The
  /// caller's to make unlike others.
  std::uint32_t identification = 0;
};

enum class Fragmentation : std::uint8_t {
  done,
  prohibited,
  /// It isn't an IpFrame, the capture doesn't hold all of it, it is
  /// longer than fragments can say, or the headers leave no room.
  impossible,
};

/// Nothing is in `pieces` unless it is done. A transport checksum that was left to the interface is
/// filled in, since no interface can do that for fragments.
[[nodiscard]] Fragmentation fragment_ip(const Dissection& dissection, const FragmentLimits& limits,
                                        FramePieces& pieces);

}  // namespace tapdeck
