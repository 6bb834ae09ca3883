// Numbers of the pcapng format (draft-ietf-opsawg-pcapng), its options, and its time stamps.
#pragma once

#include <bit>
#include <cstdint>
#include <optional>

#include "captures/bytes.h"

namespace tapdeck::pcapng {

enum class BlockType : std::uint32_t {
  interface_description = 1,
  obsolete_packet = 2,
  simple_packet = 3,
  name_resolution = 4,
  interface_statistics = 5,
  enhanced_packet = 6,
  decryption_secrets = 10,
  section_header = 0x0a0d0d0a,  // the same in both byte orders
};

inline constexpr std::uint32_t byte_order_magic = 0x1a2b3c4d;

/// Type and length in front of every block, the length once more behind it.
inline constexpr std::size_t block_head_octets = 8;
inline constexpr std::size_t block_tail_octets = 4;
inline constexpr std::size_t smallest_block_octets = block_head_octets + block_tail_octets;

namespace option {
// Any block.
inline constexpr std::uint16_t end = 0;
inline constexpr std::uint16_t comment = 1;
// Section Header Block.
inline constexpr std::uint16_t section_hardware = 2;
inline constexpr std::uint16_t section_operating_system = 3;
inline constexpr std::uint16_t section_application = 4;
// Interface Description Block.
inline constexpr std::uint16_t interface_name = 2;
inline constexpr std::uint16_t interface_description = 3;
inline constexpr std::uint16_t interface_time_resolution = 9;
inline constexpr std::uint16_t interface_filter = 11;
inline constexpr std::uint16_t interface_fcs_length = 13;
inline constexpr std::uint16_t interface_time_offset = 14;
// Interface Statistics Block.
inline constexpr std::uint16_t statistics_begin = 2;
inline constexpr std::uint16_t statistics_end = 3;
inline constexpr std::uint16_t statistics_received = 4;
inline constexpr std::uint16_t statistics_dropped_by_interface = 5;
inline constexpr std::uint16_t statistics_accepted_by_filter = 6;
inline constexpr std::uint16_t statistics_dropped_by_system = 7;
inline constexpr std::uint16_t statistics_delivered = 8;
// Packet blocks.
inline constexpr std::uint16_t packet_flags = 2;
inline constexpr std::uint16_t packet_drop_count = 4;
// Name Resolution Block: its records look like options.
inline constexpr std::uint16_t name_of_ipv4 = 1;
inline constexpr std::uint16_t name_of_ipv6 = 2;
}  // namespace option

[[nodiscard]] constexpr std::size_t padded(std::size_t octets) {
  return (octets + 3) & ~std::size_t{3};
}

/// What an option claims and what its block holds, where that is less.
struct OverlongOption {
  std::size_t claimed = 0;
  std::size_t available = 0;
};

/// Calls `found(code, value)` for each option up to the end mark, or to the first one that claims
/// more octets than there are, which is returned.
template <typename Found>
std::optional<OverlongOption> for_each_option(Bytes options, std::endian order, Found&& found) {
  constexpr std::size_t head_octets = 4;
  while (options.size() >= head_octets) {
    const auto code = read_in_order<std::uint16_t>(options, 0, order);
    const std::size_t length = read_in_order<std::uint16_t>(options, 2, order);
    options = options.subspan(head_octets);
    if (code == option::end) {
      return std::nullopt;
    }
    if (length > options.size()) {
      return OverlongOption{.claimed = length, .available = options.size()};
    }
    found(code, options.first(length));
    options = options.subspan(padded(length) < options.size() ? padded(length) : options.size());
  }
  return std::nullopt;
}

/// How an interface counts time: if_tsresol and if_tsoffset.
class TimeScale {
 public:
  TimeScale() : TimeScale(6, 0) {}
  /// `resolution`: 10^-n, or with the highest bit set 2^-n of a second.
  TimeScale(std::uint8_t resolution, std::int64_t offset_seconds);

  /// Times outside what 64 bits of nanoseconds can say become the nearest that they can; a count
  /// with its highest bit set is a time before the epoch.
  [[nodiscard]] std::int64_t nanoseconds(std::uint64_t count) const {
    if (count < x_quick_counts) [[likely]] {
      return static_cast<std::int64_t>(count) * x_nanoseconds_per_count + x_offset_ns;
    }
    return slow_nanoseconds(count);
  }

  /// Decimal digits of a second, at most 9.
  [[nodiscard]] std::uint8_t digits() const;

 private:
  [[nodiscard]] std::int64_t slow_nanoseconds(std::uint64_t count) const;

  std::uint8_t x_resolution;
  std::int64_t x_offset_seconds;
  std::uint64_t x_quick_counts = 0;  // those below it need one multiplication; 0: none does
  std::int64_t x_nanoseconds_per_count = 0;
  std::int64_t x_offset_ns = 0;
};

}  // namespace tapdeck::pcapng
