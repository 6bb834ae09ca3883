// Finds the packets in a window of a capture file's bytes, without copying them. One scanner knows
// one format; it is called once a block, so its work per packet is a plain loop.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "captures/bytes.h"
#include "captures/capture_info.h"
#include "captures/packet.h"

namespace tapdeck {

/// Records that claim more are taken for damage.
inline constexpr std::uint32_t largest_record_octets = 128U * 1024 * 1024;

/// The largest snap length that common programs use; a record over it has to be plausible
/// otherwise.
inline constexpr std::uint32_t largest_common_snap_length = 262'144;

struct ScanResult {
  std::size_t consumed = 0;  // octets from the start of the window that are done with
  std::size_t needed = 0;    // octets that the record behind them needs, as far as can be told
  std::optional<CaptureFault> fault = {};  // the record behind them makes no sense; reading ends
};

class RecordScanner {
 public:
  RecordScanner() = default;
  RecordScanner(const RecordScanner&) = delete;
  RecordScanner& operator=(const RecordScanner&) = delete;
  virtual ~RecordScanner() = default;

  /// Appends the packets of `window` to `packets`; they borrow from it. `offset` is the window's
  /// place in the file. `last`: nothing follows the window.
  [[nodiscard]] virtual ScanResult scan(Bytes window, std::uint64_t offset, bool last,
                                        std::vector<Packet>& packets) = 0;
};

/// What a capture's packets add up to: counted beside the hot loop, moved to the CaptureInfo once a
/// block.
class PacketTally {
 public:
  /// `snap_length`: what the interface promises; 0: nothing.
  void count(std::int64_t time_ns, std::uint32_t captured, std::uint32_t wire_length,
             std::uint32_t snap_length) {
    ++x_packets;
    x_bytes += wire_length;
    x_zero_length += captured == 0 ? 1 : 0;
    x_over_wire_length += captured > wire_length ? 1 : 0;
    x_over_snap_length += snap_length != 0 && captured > snap_length ? 1 : 0;
    x_times_backwards += time_ns < x_previous_ns ? 1 : 0;
    x_previous_ns = time_ns;
    x_first_ns = time_ns < x_first_ns ? time_ns : x_first_ns;
    x_last_ns = time_ns > x_last_ns ? time_ns : x_last_ns;
  }

  void move_to(CaptureInfo& info);

 private:
  std::uint64_t x_packets = 0;
  std::uint64_t x_bytes = 0;
  std::uint64_t x_zero_length = 0;
  std::uint64_t x_over_wire_length = 0;
  std::uint64_t x_over_snap_length = 0;
  std::uint64_t x_times_backwards = 0;
  std::int64_t x_previous_ns = std::numeric_limits<std::int64_t>::min();
  std::int64_t x_first_ns = std::numeric_limits<std::int64_t>::max();
  std::int64_t x_last_ns = std::numeric_limits<std::int64_t>::min();
};

/// Adds a link type that packets of the capture have, unless it is known already.
void note_link_type(CaptureInfo& info, LinkType link_type);

}  // namespace tapdeck
