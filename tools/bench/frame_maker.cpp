#include "tools/bench/frame_maker.h"

#include <algorithm>
#include <cstring>
#include <iterator>

namespace tapdeck {
namespace {

constexpr std::size_t ethernet_size = 14;
constexpr std::size_t ipv4_size = 20;
constexpr std::size_t smallest_frame = 60;
constexpr std::uint8_t protocol_tcp = 6;
constexpr std::uint8_t protocol_udp = 17;

/// Adds 16-bit words as they lie in memory; the order of octets doesn't matter to the sum as long
/// as the result is stored the same way (RFC 1071 §2B).
[[nodiscard]] std::uint64_t add_words(std::uint64_t sum, Bytes bytes) {
  std::uint32_t word = 0;
  for (; bytes.size() >= sizeof(word); bytes = bytes.subspan(sizeof(word))) {
    std::memcpy(&word, bytes.data(), sizeof(word));
    sum += word;
  }
  word = 0;
  if (!bytes.empty()) std::memcpy(&word, bytes.data(), bytes.size());
  return sum + word;
}

/// The complement of the folded sum, as a number to be written in network order.
[[nodiscard]] std::uint16_t to_checksum(std::uint64_t sum) {
  while (sum > 0xffff) sum = (sum & 0xffffU) + (sum >> 16U);
  const auto folded = static_cast<std::uint16_t>(~sum);
  std::array<std::byte, 2> octets{};
  std::memcpy(octets.data(), &folded, octets.size());
  return read_big_endian<std::uint16_t>(octets, 0);
}

}  // namespace

Bytes FrameMaker::tcp(const GeneratedRoute& route, const GeneratedTcp& tcp, Bytes payload) {
  start(route, protocol_tcp);
  append_16(route.from.port);
  append_16(route.to.port);
  append_32(tcp.seq);
  append_32(tcp.ack);
  append_8(0);
  append_8(tcp.flags);
  append_16(tcp.window_field);
  append_32(0);  // checksum, urgent pointer
  tcp_options(tcp);
  x_frame[x_transport + 12] = static_cast<std::byte>((x_size - x_transport) / 4 << 4U);
  append(payload);
  return finish(route, protocol_tcp);
}

Bytes FrameMaker::udp(const GeneratedRoute& route, Bytes payload) {
  start(route, protocol_udp);
  append_16(route.from.port);
  append_16(route.to.port);
  append_16(static_cast<unsigned>(8 + payload.size()));
  append_16(0);
  append(payload);
  return finish(route, protocol_udp);
}

void FrameMaker::tcp_options(const GeneratedTcp& tcp) {
  if ((tcp.flags & tcp_bits::syn) != 0) {
    append_32(0x020405b4);  // MSS 1460
    append_16(0x0402);      // SACK permitted
  } else {
    append_16(0x0101);
  }
  append_16(0x080a);
  append_32(tcp.timestamp);
  append_32(tcp.timestamp_echo);
  if ((tcp.flags & tcp_bits::syn) != 0) append_32(0x01030307);
  if (tcp.sack_begin != tcp.sack_end) {
    append_32(0x0101050a);
    append_32(tcp.sack_begin);
    append_32(tcp.sack_end);
  }
}

void FrameMaker::start(const GeneratedRoute& route, std::uint8_t protocol) {
  x_size = 0;
  for (const Place& place : {route.to, route.from}) {
    append_16(0x0200);  // a locally administered address
    append_32(place.host);
  }
  if (route.ip == GeneratedIp::version_4) {
    ipv4_header(route, protocol);
  } else {
    ipv6_header(route, protocol);
  }
  x_transport = x_size;
}

void FrameMaker::ipv4_header(const GeneratedRoute& route, std::uint8_t protocol) {
  append_16(0x0800);
  append_16(0x4500);
  append_16(0);  // total length
  append_16(route.identification);
  append_16(0x4000);  // don't fragment
  append_8(64);
  append_8(protocol);
  append_16(0);  // checksum
  append_32(route.from.host);
  append_32(route.to.host);
}

void FrameMaker::ipv6_header(const GeneratedRoute& route, std::uint8_t protocol) {
  append_16(0x86dd);
  append_32(0x60000000);
  append_16(0);  // payload length
  append_8(protocol);
  append_8(64);
  for (const Place& place : {route.from, route.to}) {
    append_32(0x20010db8);
    append_32(0);
    append_32(0);
    append_32(place.host);
  }
}

Bytes FrameMaker::finish(const GeneratedRoute& route, std::uint8_t protocol) {
  if (route.ip == GeneratedIp::version_4) {
    write_16(ethernet_size + 2, static_cast<unsigned>(x_size - ethernet_size));
    const Bytes header = Bytes(x_frame).subspan(ethernet_size, ipv4_size);
    write_16(ethernet_size + 10, to_checksum(add_words(0, header)));
  } else {
    write_16(ethernet_size + 4, static_cast<unsigned>(x_size - x_transport));
  }
  unsigned checksum = transport_checksum(route, protocol);
  if (protocol == protocol_udp && checksum == 0) checksum = 0xffff;  // RFC 768: zero means none
  write_16(x_transport + (protocol == protocol_tcp ? 16 : 6), checksum);
  while (x_size < smallest_frame) append_8(0);
  return Bytes(x_frame).first(x_size);
}

std::uint16_t FrameMaker::transport_checksum(const GeneratedRoute& route,
                                             std::uint8_t protocol) const {
  const std::size_t addresses = ethernet_size + (route.ip == GeneratedIp::version_4 ? 12 : 8);
  const std::size_t length = x_size - x_transport;
  const std::array<std::byte, 4> tail{std::byte{0}, std::byte{protocol},
                                      static_cast<std::byte>(length >> 8U),
                                      static_cast<std::byte>(length)};
  const Bytes frame(x_frame);
  std::uint64_t sum = add_words(0, frame.subspan(addresses, x_transport - addresses));
  sum = add_words(sum, tail);
  return to_checksum(add_words(sum, frame.subspan(x_transport, length)));
}

void FrameMaker::append(Bytes bytes) {
  std::copy(bytes.begin(), bytes.end(), std::next(x_frame.begin(), static_cast<long>(x_size)));
  x_size += bytes.size();
}

void FrameMaker::append_8(unsigned value) { x_frame[x_size++] = static_cast<std::byte>(value); }

void FrameMaker::append_16(unsigned value) {
  append_8(value >> 8U);
  append_8(value);
}

void FrameMaker::append_32(std::uint32_t value) {
  append_16(value >> 16U);
  append_16(value & 0xffffU);
}

void FrameMaker::write_16(std::size_t at, unsigned value) {
  x_frame[at] = static_cast<std::byte>(value >> 8U);
  x_frame[at + 1] = static_cast<std::byte>(value);
}

}  // namespace tapdeck
