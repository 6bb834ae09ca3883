// A packet as a capture holds it, and the batches in which sources hand packets out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "captures/bytes.h"
#include "captures/link_type.h"

namespace tapdeck {

struct Packet {
  /// From 1 over all inputs in the order of reading, before any filter, as Wireshark counts.
  std::uint64_t number = 0;
  /// Nanoseconds since the epoch; negative before 1970.
  std::int64_t time_ns = 0;
  /// Octets on the wire; may be more than `bytes` holds (snap length) and, in odd files, fewer.
  std::uint32_t wire_length = 0;
  /// Index into `CaptureInfo::interfaces` of the capture that this packet came from.
  std::uint32_t interface = 0;
  /// Index of that capture among the source's captures.
  std::uint16_t capture = 0;
  LinkType link_type = LinkType::ethernet;
  /// Octets of frame check sequence at the end of the frame; 0 where the file does not say.
  std::uint8_t fcs_length = 0;
  /// Decimal digits of a second that the file's time stamps carry (6: microseconds).
  std::uint8_t time_digits = 6;
  /// What was captured. Borrowed from the batch that handed this packet out.
  Bytes bytes;
};

/// Packets in the order of reading, with the memory that their bytes lie in. Reused from call to
/// call, so reading allocates nothing once the buffers have grown.
struct PacketBatch {
  std::vector<Packet> packets;
  std::vector<std::byte> buffer;
};

}  // namespace tapdeck
