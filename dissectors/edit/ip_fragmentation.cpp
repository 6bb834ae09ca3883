#include "dissectors/edit/ip_fragmentation.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "dissectors/checksum.h"
#include "dissectors/edit/incremental_checksum.h"
#include "dissectors/edit/ip_frame.h"
#include "dissectors/edit/write_octets.h"
#include "dissectors/registry.h"

namespace tapdeck {
namespace {

constexpr std::size_t unit = 8;  // octets; offsets count them
constexpr std::size_t longest_datagram = 65'535;
constexpr std::uint16_t dont_fragment = 0x4000, more_fragments = 0x2000;

/// A packet ready to be cut: `offset` and `more` say where it lies in the datagram that it was a
/// fragment of already.
struct Uncut {
  IpFrame ip;
  std::vector<std::byte> first_header;   // all that stands before the payload, MAC addresses too
  std::vector<std::byte> later_headers;  // of the fragments behind the first
  Bytes payload;
  std::size_t offset = 0;
  bool more = false;
};

std::vector<std::byte> octets_before(Bytes frame, std::size_t end) {
  return {frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(end)};
}

/// The transport checksum that the interface was to fill in.
void complete_checksum(const Dissection& dissection, std::span<std::byte> frame) {
  if (dissection.transport == Dissection::no_layer) return;
  const Layer& layer = dissection.layers[dissection.transport];
  const bool is_tcp = layer.protocol == protocol_of<Tcp>;
  if (layer.reassembled != 0 || !(is_tcp || layer.protocol == protocol_of<Udp>)) return;
  const ChecksumVerdict verdict = verify_checksum(dissection, layer);
  if (verdict.status != ChecksumStatus::offloaded) return;
  write_big_endian(frame, layer.offset + (is_tcp ? std::size_t{16} : 6),
                   is_tcp ? verdict.expected : as_udp_checksum(verdict.expected));
}

/// Options without the copied bit stand in the first fragment alone.
std::vector<std::byte> with_copied_options(std::vector<std::byte> header, const IpFrame& ip) {
  constexpr std::uint8_t end_of_options = 0, no_operation = 1, copied = 0x80;
  const Bytes options = Bytes(header).subspan(ip.network + Ipv4::shortest_header);
  std::vector<std::byte> kept;
  for (std::size_t at = 0; at < options.size();) {
    const std::uint8_t type = read_octet(options, at);
    if (type == end_of_options) break;
    if (type == no_operation) {
      ++at;
      continue;
    }
    const std::size_t length = at + 1 < options.size() ? read_octet(options, at + 1) : 0;
    if (length < 2 || length > options.size() - at) break;
    if ((type & copied) != 0) {
      const Bytes option = options.subspan(at, length);
      kept.insert(kept.end(), option.begin(), option.end());
    }
    at += length;
  }
  kept.resize((kept.size() + 3) / 4 * 4, std::byte{end_of_options});
  header.resize(ip.network + Ipv4::shortest_header);
  header.insert(header.end(), kept.begin(), kept.end());
  write_octet(header, ip.network, static_cast<std::uint8_t>(0x45 + kept.size() / 4));
  return header;
}

Uncut read_ipv4(Bytes frame, const IpFrame& ip, const FragmentLimits& limits) {
  const Bytes packet = frame.subspan(ip.network);
  const Ipv4 header({packet, packet.size()});
  Uncut uncut{.ip = ip,
              .first_header = octets_before(frame, ip.network_end),
              .later_headers = {},
              .payload = frame.subspan(ip.network_end, ip.end - ip.network_end),
              .offset = header.fragment_offset(),
              .more = header.more_fragments()};
  if (header.dont_fragment() && header.identification() == 0) {
    write_big_endian(std::span(uncut.first_header), ip.network + 4,
                     static_cast<std::uint16_t>(limits.identification));
  }
  uncut.later_headers = with_copied_options(uncut.first_header, ip);
  return uncut;
}

/// The headers that every router reads, and so every fragment carries.
struct PerHopHeaders {
  std::size_t end = 0;             // octets of the frame before what may be cut
  std::size_t next_header_at = 0;  // where the last of them says what follows
  std::uint8_t next_layer = 0;     // index of the first one that may be cut
};

PerHopHeaders per_hop_headers(const Dissection& dissection, const IpFrame& ip) {
  PerHopHeaders result{.end = ip.network_end,
                       .next_header_at = ip.network + 6,
                       .next_layer = static_cast<std::uint8_t>(ip.network_layer + 1)};
  for (std::uint8_t i = result.next_layer; i < dissection.layer_count; ++i) {
    const Layer& layer = dissection.layers[i];
    const bool per_hop =
        layer.protocol == protocol_of<HopByHop> || layer.protocol == protocol_of<RoutingHeader>;
    if (!per_hop && layer.protocol != protocol_of<DestinationOptions>) break;
    if (!per_hop) continue;  // it is one only if a routing header follows
    result = {.end = std::size_t{layer.offset} + layer.header_length,
              .next_header_at = layer.offset,
              .next_layer = static_cast<std::uint8_t>(i + 1)};
  }
  return result;
}

std::optional<Uncut> read_ipv6(const Dissection& dissection, Bytes frame, const IpFrame& ip,
                               const FragmentLimits& limits) {
  const PerHopHeaders per_hop = per_hop_headers(dissection, ip);
  if (per_hop.end > ip.end) return std::nullopt;
  Uncut uncut{.ip = ip,
              .first_header = octets_before(frame, per_hop.end),
              .later_headers = {},
              .payload = frame.subspan(per_hop.end, ip.end - per_hop.end)};
  std::vector<std::byte>& header = uncut.first_header;
  const bool is_fragment =
      per_hop.next_layer < dissection.layer_count &&
      dissection.layers[per_hop.next_layer].protocol == protocol_of<FragmentHeader>;
  if (is_fragment) {
    const Bytes own = uncut.payload.first(FragmentHeader::header_octets);
    const FragmentHeader fragment({own, own.size()});
    uncut.offset = fragment.fragment_offset();
    uncut.more = fragment.more_fragments();
    header.insert(header.end(), own.begin(), own.end());
    uncut.payload = uncut.payload.subspan(FragmentHeader::header_octets);
  } else {
    constexpr std::uint8_t fragment_protocol = 44;
    header.resize(header.size() + FragmentHeader::header_octets);
    write_octet(header, per_hop.end, read_octet(header, per_hop.next_header_at));
    write_octet(header, per_hop.next_header_at, fragment_protocol);
    write_big_endian(std::span(header), per_hop.end + 4, limits.identification);
  }
  uncut.later_headers = header;
  return uncut;
}

/// Requires: the frame's header is the one made above.
void write_place(std::span<std::byte> frame, const Uncut& uncut, std::size_t header_octets,
                 std::size_t offset, bool more) {
  if (uncut.ip.version == 4) {
    IpFrame ip = uncut.ip;
    ip.network_end = header_octets;
    const auto packet = frame.subspan(ip.network);
    constexpr std::uint16_t reserved = 0x8000;
    const unsigned kept = read_big_endian<std::uint16_t>(packet, 6) & unsigned{reserved};
    const unsigned place =
        kept | (more ? unsigned{more_fragments} : 0U) | static_cast<unsigned>(offset / unit);
    write_big_endian(packet, 6, static_cast<std::uint16_t>(place));
    write_ip_lengths(frame, ip);
    return;
  }
  const std::size_t at = header_octets - FragmentHeader::header_octets + 2;
  write_big_endian(frame, at, static_cast<std::uint16_t>(offset | (more ? 1U : 0U)));
  write_ip_lengths(frame, uncut.ip);
}

bool is_prohibited(const Dissection& dissection, const IpFrame& ip) {
  if (ip.version == 6) return true;
  const auto field = read_big_endian<std::uint16_t>(dissection.frame, ip.network + 6);
  return (field & dont_fragment) != 0;
}

bool cut(const Uncut& uncut, std::size_t frame_octets, FramePieces& pieces) {
  const std::size_t size = uncut.payload.size();
  const std::size_t around = uncut.first_header.size() - uncut.ip.network;
  if (uncut.offset + size + around > longest_datagram) return false;
  for (std::size_t at = 0; at < size;) {
    const std::vector<std::byte>& header = at == 0 ? uncut.first_header : uncut.later_headers;
    const std::size_t room = frame_octets - std::min(frame_octets, header.size());
    if (room < unit) return false;
    const bool is_last = size - at <= room;
    const std::size_t octets = is_last ? size - at : room / unit * unit;
    write_place(pieces.add(header, uncut.payload.subspan(at, octets)), uncut, header.size(),
                uncut.offset + at, uncut.more || !is_last);
    at += octets;
  }
  return size != 0;
}

}  // namespace

Fragmentation fragment_ip(const Dissection& dissection, const FragmentLimits& limits,
                          FramePieces& pieces) {
  pieces.clear();
  const std::optional<IpFrame> ip = ip_frame_of(dissection);
  if (!ip) return Fragmentation::impossible;
  if (is_prohibited(dissection, *ip) && !limits.despite_prohibition) {
    return Fragmentation::prohibited;
  }
  std::vector<std::byte> frame = octets_before(dissection.frame, ip->end);
  complete_checksum(dissection, frame);
  const std::optional<Uncut> uncut =
      ip->version == 4 ? read_ipv4(frame, *ip, limits) : read_ipv6(dissection, frame, *ip, limits);
  if (uncut && cut(*uncut, limits.frame_octets, pieces)) return Fragmentation::done;
  pieces.clear();
  return Fragmentation::impossible;
}

}  // namespace tapdeck
