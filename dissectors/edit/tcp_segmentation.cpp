#include "dissectors/edit/tcp_segmentation.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "dissectors/checksum.h"
#include "dissectors/edit/ip_frame.h"
#include "dissectors/edit/write_octets.h"
#include "dissectors/ip_protocol.h"
#include "dissectors/pseudo_header.h"
#include "dissectors/registry.h"

namespace tapdeck {
namespace {

/// Linux takes no smaller one for true (TCP_MIN_MSS): a forged SYN can't turn a frame into tens of
/// thousands.
constexpr std::size_t least_maximum_segment_size = 88;
constexpr std::size_t jumbo_header_octets = 8;

/// What all segments have in common, and what they share out.
struct LongSegment {
  IpFrame ip;
  std::vector<std::byte> headers;  // up to the payload
  std::size_t tcp = 0;             // octets before the TCP header
  Bytes payload;
  PseudoHeader pseudo_header;
};

bool is_whole_tcp(const Dissection& dissection, const Layer& layer) {
  return layer.protocol == protocol_of<Tcp> && layer.reassembled == 0 &&
         dissection.network_layers == 1 && layer.captured == layer.declared &&
         layer.header_length <= layer.captured;
}

/// A hop-by-hop header with nothing in it but a jumbo payload's length.
bool is_jumbo_header(const Dissection& dissection, const Layer& layer) {
  constexpr std::uint8_t four_octets = 4;
  if (layer.protocol != protocol_of<HopByHop> || layer.header_length != jumbo_header_octets) {
    return false;
  }
  const Bytes header = dissection.header_of(layer).bytes;
  return read_octet(header, 2) == Ipv6OptionType::jumbo_payload &&
         read_octet(header, 3) == four_octets;
}

void drop_jumbo_header(LongSegment& segment) {
  const auto at = segment.headers.begin() + static_cast<std::ptrdiff_t>(segment.ip.network_end);
  write_octet(segment.headers, segment.ip.network + 6, std::to_integer<std::uint8_t>(*at));
  segment.headers.erase(at, at + jumbo_header_octets);
  segment.tcp -= jumbo_header_octets;
}

std::optional<LongSegment> read_long_segment(const Dissection& dissection) {
  if (dissection.transport == Dissection::no_layer) return std::nullopt;
  const Layer& layer = dissection.layers[dissection.transport];
  const std::optional<IpFrame> ip = ip_frame_of(dissection);
  if (!ip || !is_whole_tcp(dissection, layer)) return std::nullopt;
  const std::size_t payload_at = std::size_t{layer.offset} + layer.header_length;
  const Bytes frame = dissection.frame;
  LongSegment segment{
      .ip = *ip,
      .headers = {frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(payload_at)},
      .tcp = layer.offset,
      .payload = frame.subspan(payload_at, layer.declared - layer.header_length),
      .pseudo_header = pseudo_header_of(dissection, layer)};
  if (is_jumbo_header(dissection, dissection.layers[ip->network_layer + 1U])) {
    drop_jumbo_header(segment);
  }
  return segment;
}

/// Octets of payload in each segment but the last. A maximum segment size counts no options (RFC
/// 6691), of IP as little as of TCP.
std::size_t room_in(const LongSegment& segment, const SegmentLimits& limits) {
  if (limits.frame_octets <= segment.headers.size()) return 0;
  const std::size_t room = limits.frame_octets - segment.headers.size();
  if (limits.maximum_segment_size == 0) return room;
  const std::size_t fixed =
      Tcp::shortest_header +
      (segment.ip.version == 4 ? std::size_t{Ipv4::shortest_header} : Ipv6::header_octets);
  const std::size_t options = segment.headers.size() - segment.ip.network - fixed;
  const std::size_t largest = std::max(limits.maximum_segment_size, least_maximum_segment_size);
  return std::min(room, largest > options ? largest - options : 1);
}

struct Piece {
  std::size_t index = 0;
  std::size_t at = 0;  // octets of payload before it
  bool is_last = false;
};

void write_flags(std::span<std::byte> tcp, const Piece& piece) {
  constexpr std::uint8_t first_only = TcpFlags::syn | TcpFlags::cwr;
  constexpr std::uint8_t last_only = TcpFlags::fin | TcpFlags::psh | TcpFlags::rst;
  unsigned flags = read_octet(tcp, 13);
  if (piece.index != 0) flags &= ~unsigned{first_only};
  if (!piece.is_last) flags &= ~unsigned{last_only};
  // The pointer counts from the segment's own sequence number.
  const std::size_t urgent = read_big_endian<std::uint16_t>(tcp, 18);
  if ((flags & TcpFlags::urg) != 0) {
    const std::size_t left = urgent - std::min(urgent, piece.at);
    if (left == 0 && piece.at != 0) flags &= ~unsigned{TcpFlags::urg};
    write_big_endian(tcp, 18, static_cast<std::uint16_t>(left));
  }
  write_octet(tcp, 13, static_cast<std::uint8_t>(flags));
}

void write_sequence_number(std::span<std::byte> tcp, const Piece& piece) {
  const bool had_syn = (read_octet(tcp, 13) & TcpFlags::syn) != 0;
  const std::size_t syn_before = had_syn && piece.index != 0 ? 1 : 0;
  const auto before = static_cast<std::uint32_t>(piece.at + syn_before);
  write_big_endian(tcp, 4, read_big_endian<std::uint32_t>(tcp, 4) + before);
}

void write_piece(std::span<std::byte> frame, const LongSegment& segment, const Piece& piece) {
  if (segment.ip.version == 4) {
    const auto packet = frame.subspan(segment.ip.network);
    const std::size_t identification = read_big_endian<std::uint16_t>(packet, 4) + piece.index;
    write_big_endian(packet, 4, static_cast<std::uint16_t>(identification));
  }
  write_ip_lengths(frame, segment.ip);
  const auto tcp = frame.subspan(segment.tcp);
  write_sequence_number(tcp, piece);
  write_flags(tcp, piece);
  write_big_endian(tcp, 16, std::uint16_t{0});
  const std::uint16_t pseudo_sum = segment.pseudo_header.sum(IpProtocol::tcp, tcp.size());
  write_big_endian(tcp, 16, static_cast<std::uint16_t>(~internet_sum(tcp, pseudo_sum)));
}

}  // namespace

bool segment_tcp(const Dissection& dissection, const SegmentLimits& limits, FramePieces& pieces) {
  pieces.clear();
  const std::optional<LongSegment> segment = read_long_segment(dissection);
  if (!segment) return false;
  const std::size_t room = room_in(*segment, limits);
  const Bytes payload = segment->payload;
  if (room == 0 || payload.empty()) return false;
  for (std::size_t at = 0; at < payload.size(); at += room) {
    const std::size_t octets = std::min(room, payload.size() - at);
    const Piece piece{.index = pieces.size(), .at = at, .is_last = at + octets == payload.size()};
    write_piece(pieces.add(segment->headers, payload.subspan(at, octets)), *segment, piece);
  }
  return true;
}

}  // namespace tapdeck
