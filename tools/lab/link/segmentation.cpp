#include "tools/lab/link/segmentation.h"

#include <algorithm>

#include "dissectors/checksum.h"
#include "dissectors/tcp.h"

namespace tapdeck {
namespace {

constexpr std::size_t ethernet_octets = 14;
constexpr std::size_t ipv6_octets = 40;
constexpr std::uint16_t ipv4_type = 0x0800;
constexpr std::uint16_t ipv6_type = 0x86dd;
constexpr std::uint8_t tcp_protocol = 6;

void put_16(std::vector<std::byte>& frame, std::size_t at, std::size_t value) {
  frame[at] = static_cast<std::byte>(value >> 8U);
  frame[at + 1] = static_cast<std::byte>(value);
}

void put_32(std::vector<std::byte>& frame, std::size_t at, std::uint32_t value) {
  put_16(frame, at, value >> 16U);
  put_16(frame, at + 2, value & 0xffffU);
}

bool is_ipv4(Bytes frame) { return read_big_endian<std::uint16_t>(frame, 12) == ipv4_type; }

/// Octets before the TCP header. Requires: is_tcp(frame).
std::size_t transport_offset(Bytes frame) {
  if (!is_ipv4(frame)) return ethernet_octets + ipv6_octets;
  return ethernet_octets + (read_octet(frame, ethernet_octets) & 0x0fU) * 4U;
}

/// Sums up from the addresses, so that pieces of any length come out right.
void fill_in_tcp_checksum(std::vector<std::byte>& frame) {
  const Bytes bytes(frame);
  const std::size_t begin = transport_offset(bytes);
  const std::size_t length = frame.size() - begin;
  const Bytes addresses = is_ipv4(bytes) ? bytes.subspan(ethernet_octets + 12, 8)
                                         : bytes.subspan(ethernet_octets + 8, 32);
  const std::array<std::byte, 4> tail{std::byte{0}, static_cast<std::byte>(tcp_protocol),
                                      static_cast<std::byte>(length >> 8U),
                                      static_cast<std::byte>(length)};
  put_16(frame, begin + 16, 0);
  const std::uint16_t sum =
      internet_sum(bytes.subspan(begin), internet_sum(tail, internet_sum(addresses)));
  put_16(frame, begin + 16, static_cast<std::uint16_t>(~sum));
}

void set_lengths(std::vector<std::byte>& frame, std::size_t piece) {
  if (!is_ipv4(frame)) {
    put_16(frame, ethernet_octets + 4, frame.size() - ethernet_octets - ipv6_octets);
    return;
  }
  const Bytes header =
      Bytes(frame).subspan(ethernet_octets, transport_offset(frame) - ethernet_octets);
  const auto first_identification = read_big_endian<std::uint16_t>(header, 4);
  put_16(frame, ethernet_octets + 2, frame.size() - ethernet_octets);
  put_16(frame, ethernet_octets + 4, (first_identification + piece) & 0xffffU);
  put_16(frame, ethernet_octets + 10, 0);
  put_16(frame, ethernet_octets + 10, static_cast<std::uint16_t>(~internet_sum(header)));
}

/// The piece of a long segment that begins `at` octets into its payload.
std::vector<std::byte> cut_piece(const TapFrame& sent, std::size_t headers, std::size_t at) {
  const std::size_t payload = sent.bytes.size() - headers;
  const std::size_t size = std::min<std::size_t>(sent.offload.segment_octets, payload - at);
  const auto from = sent.bytes.begin() + static_cast<std::ptrdiff_t>(headers + at);
  std::vector<std::byte> piece(sent.bytes.begin(),
                               sent.bytes.begin() + static_cast<std::ptrdiff_t>(headers));
  piece.insert(piece.end(), from, from + static_cast<std::ptrdiff_t>(size));

  const std::size_t tcp = transport_offset(sent.bytes);
  const auto seq = read_big_endian<std::uint32_t>(sent.bytes, tcp + 4);
  put_32(piece, tcp + 4, seq + static_cast<std::uint32_t>(at));
  std::uint8_t flags = read_octet(sent.bytes, tcp + 13);
  constexpr std::uint8_t only_last = TcpFlags::fin | TcpFlags::psh;
  if (at + size < payload) flags = static_cast<std::uint8_t>(flags & ~only_last);
  if (at > 0) flags = static_cast<std::uint8_t>(flags & ~TcpFlags::cwr);
  piece[tcp + 13] = static_cast<std::byte>(flags);
  set_lengths(piece, at / sent.offload.segment_octets);
  return piece;
}

}  // namespace

bool is_tcp(Bytes frame) {
  if (frame.size() < ethernet_octets + ipv6_octets) return false;
  if (is_ipv4(frame)) return read_octet(frame, ethernet_octets + 9) == tcp_protocol;
  return read_big_endian<std::uint16_t>(frame, 12) == ipv6_type &&
         read_octet(frame, ethernet_octets + 6) == tcp_protocol;
}

SequencePlace sequence_place_of(Bytes frame) {
  const std::size_t tcp = transport_offset(frame);
  const std::size_t headers = tcp + (read_octet(frame, tcp + 12) >> 4U) * 4U;
  const std::uint8_t flags = read_octet(frame, tcp + 13);
  // The IP header's length counts: short frames are padded.
  const std::size_t end =
      is_ipv4(frame) ? ethernet_octets + read_big_endian<std::uint16_t>(frame, ethernet_octets + 2)
                     : ethernet_octets + ipv6_octets +
                           read_big_endian<std::uint16_t>(frame, ethernet_octets + 4);
  return {.seq = read_big_endian<std::uint32_t>(frame, tcp + 4),
          .octets = static_cast<std::uint32_t>(end - std::min(end, headers)) +
                    ((flags & TcpFlags::syn) != 0 ? 1U : 0U) +
                    ((flags & TcpFlags::fin) != 0 ? 1U : 0U),
          .ports = read_big_endian<std::uint32_t>(frame, tcp),
          .has_syn = (flags & TcpFlags::syn) != 0};
}

std::vector<std::vector<std::byte>> frames_on_the_wire(const TapFrame& sent) {
  if (!is_tcp(sent.bytes)) return {sent.bytes};
  const std::size_t tcp = transport_offset(sent.bytes);
  const std::size_t headers = tcp + (read_octet(sent.bytes, tcp + 12) >> 4U) * 4U;
  std::vector<std::vector<std::byte>> pieces;
  if (sent.offload.segment_octets == 0 || sent.bytes.size() <= headers) {
    pieces.push_back(sent.bytes);
  } else {
    for (std::size_t at = 0; at < sent.bytes.size() - headers; at += sent.offload.segment_octets) {
      pieces.push_back(cut_piece(sent, headers, at));
    }
  }
  if (sent.offload.checksum_missing) {
    for (std::vector<std::byte>& piece : pieces) fill_in_tcp_checksum(piece);
  }
  return pieces;
}

}  // namespace tapdeck
