// A pcapng block put together in memory: its fixed fields, then its options.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "captures/little_endian_octets.h"
#include "captures/pcapng_format.h"

namespace tapdeck::pcapng {

/// Options as they stand behind a block's fixed fields, or behind a packet.
class Options {
 public:
  /// Options hold at most 65,535 octets; a longer text is cut.
  void add(std::uint16_t code, Bytes value) {
    constexpr std::size_t longest = 0xffff;
    constexpr std::array<std::byte, 3> padding{};
    value = value.first(std::min(value.size(), longest));
    append(LittleEndianOctets<4>().add(code).add(static_cast<std::uint16_t>(value.size())).bytes());
    append(value);
    append(Bytes(padding).first(padded(value.size()) - value.size()));
  }

  void add_text(std::uint16_t code, std::string_view text) {
    if (!text.empty()) add(code, std::as_bytes(std::span(text)));
  }

  template <std::unsigned_integral T>
  void add_number(std::uint16_t code, T number) {
    add(code, LittleEndianOctets<sizeof(T)>().add(number).bytes());
  }

  /// With the mark of their end, if there are any. Call once, last.
  [[nodiscard]] Bytes finished() {
    if (!x_octets.empty()) append(LittleEndianOctets<4>().add(std::uint32_t{0}).bytes());
    return x_octets;
  }

 private:
  void append(Bytes bytes) { x_octets.insert(x_octets.end(), bytes.begin(), bytes.end()); }

  std::vector<std::byte> x_octets;
};

/// Requires: the fixed fields fill whole words of 32 bits.
[[nodiscard]] inline std::vector<std::byte> block_of(BlockType type, Bytes fixed, Options options) {
  const Bytes behind = options.finished();
  const auto length =
      static_cast<std::uint32_t>(smallest_block_octets + fixed.size() + behind.size());
  const auto head = LittleEndianOctets<8>().add(static_cast<std::uint32_t>(type)).add(length);
  const auto tail = LittleEndianOctets<4>().add(length);
  std::vector<std::byte> block;
  for (const Bytes part : {head.bytes(), fixed, behind, tail.bytes()}) {
    block.insert(block.end(), part.begin(), part.end());
  }
  return block;
}

}  // namespace tapdeck::pcapng
