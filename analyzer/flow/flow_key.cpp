#include "analyzer/flow/flow_key.h"

#include <span>
#include <tuple>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace tapdeck {

DirectedKey make_flow_key(const IpAddress& source, std::uint16_t source_port,
                          const IpAddress& destination, std::uint16_t destination_port,
                          std::uint8_t ip_protocol) {
  const Bytes from = std::as_bytes(std::span(source.octets));
  const Bytes to = std::as_bytes(std::span(destination.octets));
  const auto high_of = [](Bytes address) { return read_big_endian<std::uint64_t>(address, 0); };
  const auto low_of = [](Bytes address) { return read_big_endian<std::uint64_t>(address, 8); };
  const bool source_is_low = std::tuple{high_of(from), low_of(from), source_port} <=
                             std::tuple{high_of(to), low_of(to), destination_port};
  DirectedKey result;
  result.direction = source_is_low ? Direction::low_to_high : Direction::high_to_low;
  result.key.low_address = source_is_low ? source.octets : destination.octets;
  result.key.high_address = source_is_low ? destination.octets : source.octets;
  result.key.low_port = source_is_low ? source_port : destination_port;
  result.key.high_port = source_is_low ? destination_port : source_port;
  result.key.ip_protocol = ip_protocol;
  result.key.ip_version = source.version;
  return result;
}

std::uint8_t shard_of(const FlowKey& key) {
  constexpr std::uint64_t odd_constant = 0x9e3779b97f4a7c15;  // 2^64 / the golden ratio
  std::array<std::uint64_t, sizeof(FlowKey) / sizeof(std::uint64_t)> words{};
  std::memcpy(words.data(), &key, sizeof key);
  std::uint64_t mixed = 0;
  for (const std::uint64_t word : words) {
    mixed = (mixed ^ word) * odd_constant;
    mixed ^= mixed >> 32U;
  }
  return static_cast<std::uint8_t>(mixed >> 24U);
}

std::uint32_t table_hash(const FlowKey& key, std::uint64_t seed) {
  return static_cast<std::uint32_t>(XXH3_64bits_withSeed(&key, sizeof key, seed));
}

}  // namespace tapdeck
