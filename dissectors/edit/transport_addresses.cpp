#include "dissectors/edit/transport_addresses.h"

#include "dissectors/sctp.h"
#include "dissectors/tcp.h"
#include "dissectors/tcp_options.h"

namespace tapdeck {
namespace {

using Kind = AddressPlace::Kind;

/// IANA's "Chunk Types".
struct ChunkType {
  static constexpr std::uint8_t data = 0, init = 1, init_ack = 2, sack = 3, heartbeat = 4,
                                heartbeat_ack = 5, abort = 6, shutdown = 7, shutdown_ack = 8,
                                error = 9, cookie_ack = 11, echo = 12, reduced = 13,
                                shutdown_complete = 14, authentication = 15, i_data = 64,
                                reconfiguration = 130, padding = 132, forward_tsn = 192,
                                asconf = 193, asconf_ack = 128, i_forward_tsn = 194;
};

/// IANA's "Chunk Parameter Types".
struct ParameterType {
  static constexpr std::uint16_t ipv4 = 5, ipv6 = 6, unrecognized = 8, cookie_preservative = 9,
                                 supported_addresses = 12, ecn = 0x8000, zero_checksum = 0x8001,
                                 random = 0x8002, chunk_list = 0x8003, hmac_algorithm = 0x8004,
                                 padding = 0x8005, supported_extensions = 0x8008,
                                 forward_tsn = 0xc000, add_address = 0xc001,
                                 delete_address = 0xc002, set_primary = 0xc004, success = 0xc005,
                                 adaptation = 0xc006;
};

constexpr std::size_t header_octets = 4;  // of a chunk, of a parameter

/// Octets to the next parameter; 0 if nobody can tell what this one holds.
std::size_t add_parameter(AddressCollector& collector, std::size_t at) {
  const Bytes bytes = collector.region().bytes;
  const std::size_t length = read_big_endian<std::uint16_t>(bytes, at + 2);
  switch (read_big_endian<std::uint16_t>(bytes, at)) {
    case ParameterType::ipv4:
      if (length == header_octets + 4) collector.add(Kind::ipv4, at + header_octets);
      return length == header_octets + 4 ? length : 0;
    case ParameterType::ipv6:
      if (length == header_octets + 16) collector.add(Kind::ipv6, at + header_octets);
      return length == header_octets + 16 ? length : 0;
    case ParameterType::unrecognized:  // holds a parameter
      return header_octets;
    case ParameterType::add_address:  // likewise, behind a number
    case ParameterType::delete_address:
    case ParameterType::set_primary:
      return header_octets + 4;
    case ParameterType::cookie_preservative:
    case ParameterType::supported_addresses:
    case ParameterType::ecn:
    case ParameterType::zero_checksum:
    case ParameterType::random:
    case ParameterType::chunk_list:
    case ParameterType::hmac_algorithm:
    case ParameterType::padding:
    case ParameterType::supported_extensions:
    case ParameterType::forward_tsn:
    case ParameterType::success:
    case ParameterType::adaptation:
      return length < header_octets ? 0 : (length + 3) / 4 * 4;
    default:
      return 0;
  }
}

/// Those that lie before `end`. False as add_chunk.
bool add_parameters(AddressCollector& collector, std::size_t at, std::size_t end) {
  while (at + header_octets <= end && collector.region().holds(at + header_octets)) {
    const std::size_t octets = add_parameter(collector, at);
    if (octets == 0) {
      collector.end_at(at + header_octets);
      return false;
    }
    at += octets;
  }
  return true;
}

/// False if nobody can tell what this chunk holds: cookies, heartbeats and causes of errors hold
/// what their sender likes, which is addresses with most.
bool add_chunk(AddressCollector& collector, std::size_t at, std::size_t length) {
  constexpr std::size_t init_octets = 20, serial_octets = 4;
  switch (read_octet(collector.region().bytes, at)) {
    case ChunkType::init:
    case ChunkType::init_ack:
      return add_parameters(collector, at + init_octets, at + length);
    case ChunkType::asconf:
    case ChunkType::asconf_ack:
      return add_parameters(collector, at + header_octets + serial_octets, at + length);
    case ChunkType::data:
    case ChunkType::sack:
    case ChunkType::shutdown:
    case ChunkType::shutdown_ack:
    case ChunkType::cookie_ack:
    case ChunkType::echo:
    case ChunkType::reduced:
    case ChunkType::shutdown_complete:
    case ChunkType::authentication:
    case ChunkType::i_data:
    case ChunkType::reconfiguration:
    case ChunkType::padding:
    case ChunkType::forward_tsn:
    case ChunkType::i_forward_tsn:
      return true;
    default:
      if (length > header_octets) collector.end_at(at + header_octets);
      return length <= header_octets;
  }
}

void add_multipath(AddressCollector& collector, std::size_t at, Bytes data) {
  constexpr std::uint8_t add_address = 3;
  constexpr std::size_t fixed_octets = 2, option_header_octets = 2;
  if (data.empty() || read_octet(data, 0) >> 4U != add_address) return;
  if (data.size() < fixed_octets + 4) return collector.end_at(at);
  // A port, and a truncated HMAC of 8 octets, may follow the address.
  const bool is_v6 = data.size() >= fixed_octets + 16;
  collector.add(is_v6 ? Kind::ipv6 : Kind::ipv4, at + option_header_octets + fixed_octets);
}

}  // namespace

void add_sctp_addresses(AddressCollector& collector) {
  std::size_t at = Sctp::header_octets;
  while (collector.region().holds(at + header_octets)) {
    const std::size_t length = read_big_endian<std::uint16_t>(collector.region().bytes, at + 2);
    if (length < header_octets) return collector.end_at(at);
    if (!add_chunk(collector, at, length)) return;
    at += (length + 3) / 4 * 4;
  }
}

void add_tcp_option_addresses(AddressCollector& collector) {
  const Bytes header = collector.header();
  if (header.size() <= Tcp::shortest_header) return;
  std::size_t end = Tcp::shortest_header;
  const auto visit = [&](std::uint8_t kind, std::size_t at, Bytes data) {
    const std::size_t begin = Tcp::shortest_header + at;
    end = begin + (kind == TcpOptionKind::no_operation ? 1 : 2 + data.size());
    if (kind == TcpOptionKind::multipath) add_multipath(collector, begin, data);
  };
  if (!for_each_tcp_option(header.subspan(Tcp::shortest_header), visit)) collector.end_at(end);
}

}  // namespace tapdeck
