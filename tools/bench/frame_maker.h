// Ethernet frames with IPv4 or IPv6 and TCP or UDP, all lengths and checksums right.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "captures/bytes.h"

namespace tapdeck {

enum class GeneratedIp : std::uint8_t { version_4, version_6 };

/// Where a generated packet comes from or goes to: the IPv4 address, or the last 32 bits of an
/// address in 2001:db8::/96.
struct Place {
  std::uint32_t host = 0;
  std::uint16_t port = 0;
};

struct GeneratedRoute {
  Place from;
  Place to;
  GeneratedIp ip = GeneratedIp::version_4;
  std::uint16_t identification = 0;
};

namespace tcp_bits {
inline constexpr std::uint8_t fin = 0x01;
inline constexpr std::uint8_t syn = 0x02;
inline constexpr std::uint8_t rst = 0x04;
inline constexpr std::uint8_t psh = 0x08;
inline constexpr std::uint8_t ack = 0x10;
}  // namespace tcp_bits

struct GeneratedTcp {
  std::uint32_t seq = 0;
  std::uint32_t ack = 0;
  std::uint8_t flags = 0;
  std::uint16_t window_field = 0;
  std::uint32_t timestamp = 0;
  std::uint32_t timestamp_echo = 0;
  /// One SACK block; none where both are equal.
  std::uint32_t sack_begin = 0;
  std::uint32_t sack_end = 0;
};

class FrameMaker {
 public:
  /// What fits into a frame of 1514 octets beside the timestamps option.
  [[nodiscard]] static constexpr std::uint32_t payload_limit(GeneratedIp ip) {
    return ip == GeneratedIp::version_4 ? 1448 : 1428;
  }

  /// A SYN offers MSS, SACK, timestamps and a window scale of 7; other segments carry timestamps.
  /// The frame lives until the next call.
  [[nodiscard]] Bytes tcp(const GeneratedRoute& route, const GeneratedTcp& tcp, Bytes payload);
  [[nodiscard]] Bytes udp(const GeneratedRoute& route, Bytes payload);

 private:
  void start(const GeneratedRoute& route, std::uint8_t protocol);
  void ipv4_header(const GeneratedRoute& route, std::uint8_t protocol);
  void ipv6_header(const GeneratedRoute& route, std::uint8_t protocol);
  void tcp_options(const GeneratedTcp& tcp);
  [[nodiscard]] Bytes finish(const GeneratedRoute& route, std::uint8_t protocol);
  [[nodiscard]] std::uint16_t transport_checksum(const GeneratedRoute& route,
                                                 std::uint8_t protocol) const;

  void append(Bytes bytes);
  void append_8(unsigned value);
  void append_16(unsigned value);
  void append_32(std::uint32_t value);
  void write_16(std::size_t at, unsigned value);

  std::array<std::byte, 2048> x_frame{};
  std::size_t x_size = 0;
  std::size_t x_transport = 0;
};

}  // namespace tapdeck
