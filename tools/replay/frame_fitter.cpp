#include "tools/replay/frame_fitter.h"

#include <algorithm>

#include <fmt/format.h>

#include "captures/failure.h"
#include "dissectors/edit/ip_fragmentation.h"
#include "dissectors/edit/link_conversion.h"
#include "dissectors/edit/tcp_segmentation.h"
#include "dissectors/ethernet.h"
#include "dissectors/ip_protocol.h"

namespace tapdeck {
namespace {

/// No capture holds longer ones; only a forged length asks for them.
constexpr std::size_t longest_padded = 262'144;
constexpr std::size_t longest_ip_packet = 65'535;

/// Those that need not be looked into; any other short frame may be a SYN.
bool is_no_syn(const Packet& packet) {
  constexpr std::size_t longest_syn = 200;
  const Bytes frame = packet.bytes;
  if (packet.link_type != LinkType::ethernet) return frame.size() > longest_syn;
  constexpr std::size_t shortest_syn = 54, ipv4_protocol_at = 23, ipv6_next_header_at = 20;
  if (frame.size() > longest_syn || frame.size() < shortest_syn) return true;
  switch (read_big_endian<std::uint16_t>(frame, 12)) {
    case 0x0800:
      return read_octet(frame, ipv4_protocol_at) != IpProtocol::tcp;
    case 0x86dd:
      return read_octet(frame, ipv6_next_header_at) == IpProtocol::udp;
    default:
      return false;
  }
}

bool is_bare_ip(LinkType link_type) {
  return link_type == LinkType::raw || link_type == LinkType::ipv4 || link_type == LinkType::ipv6 ||
         link_type == LinkType::raw_bsd || link_type == LinkType::raw_openbsd;
}

[[noreturn]] void refuse(const Packet& packet, const std::string& why) {
  throw Failure(ExitCode::usage, fmt::format("packet {} is of link type {},\n{}", packet.number,
                                             to_string(packet.link_type), why));
}

}  // namespace

FrameFitter::FrameFitter(const FittingOptions& options)
    : x_options(options), x_dissector({.datagrams = 1, .octets = 0}) {}

FittingCounts FrameFitter::counts() const {
  FittingCounts counts = x_counts;
  counts.sizes_forgotten = x_sizes.forgotten();
  return counts;
}

std::span<const Packet> FrameFitter::fit(const Packet& packet) {
  ++x_counts.packets;
  x_frame = packet;
  if (!complete()) return skip(Unfit::truncated);
  if (!convert()) return skip(Unfit::no_form);
  const std::size_t shortest =
      x_frame.link_type == LinkType::ethernet ? Ethernet::header_octets : 1;
  if (x_frame.bytes.size() < shortest) return skip(Unfit::too_short);
  if (x_options.mtu == 0) return {&x_frame, 1};
  if (x_frame.bytes.size() > longest_frame()) return cut();
  if (!is_no_syn(x_frame)) note_opening();
  return {&x_frame, 1};
}

std::span<const Packet> FrameFitter::skip(Unfit why) {
  ++x_counts.skipped[static_cast<std::size_t>(why)];
  return {};
}

/// Takes the check sequence off. False: octets are missing and stay so.
bool FrameFitter::complete() {
  const Bytes bytes = x_frame.bytes;
  const std::size_t on_wire = std::max<std::size_t>(x_frame.wire_length, bytes.size());
  const std::size_t length = on_wire - std::min<std::size_t>(on_wire, x_frame.fcs_length);
  x_frame.fcs_length = 0;
  x_frame.wire_length = static_cast<std::uint32_t>(length);
  x_frame.bytes = bytes.first(std::min(bytes.size(), length));
  if (bytes.size() >= length) return true;
  if (x_options.truncated == Truncated::skip || length > longest_padded) return false;
  x_padded.assign(bytes.begin(), bytes.end());
  x_padded.resize(length);
  x_frame.bytes = x_padded;
  ++x_counts.padded;
  return true;
}

/// Gives the frame the interface's link header. False: it can't have one.
bool FrameFitter::convert() {
  if (!x_options.link_type || x_frame.link_type == x_options.link_type) return true;
  const bool to_ethernet = x_options.link_type == LinkType::ethernet;
  if (!to_ethernet && is_bare_ip(x_frame.link_type)) return true;
  if (!can_be_converted(x_frame.link_type)) {
    refuse(x_frame, "which can't be converted to what the interface takes");
  }
  const std::optional<LinkPayload> payload = link_payload_of(x_frame.link_type, x_frame.bytes);
  if (!payload) return false;
  if (to_ethernet) {
    const std::optional<MacAddress> source = x_options.source ? x_options.source : payload->source;
    if (!x_options.destination) {
      refuse(x_frame, "which lacks MAC addresses: name them with --ethernet [SOURCE,]DESTINATION");
    }
    if (!source)
      refuse(x_frame, "which lacks the sender's MAC address: --ethernet SOURCE,DESTINATION");
    write_ethernet_frame(*payload, *source,
                         group_destination_of(*payload).value_or(*x_options.destination),
                         x_rewritten);
    x_frame.bytes = x_rewritten;
  } else {
    if (!payload->is_ip()) return false;
    x_frame.bytes = payload->packet;
  }
  ++x_counts.converted;
  x_frame.link_type = *x_options.link_type;
  x_frame.wire_length = static_cast<std::uint32_t>(x_frame.bytes.size());
  return true;
}

/// Linux lets one tag of IEEE 802.1Q stand beside the MTU, and no others.
std::size_t FrameFitter::longest_frame() const {
  constexpr std::uint16_t free_tag = 0x8100;
  constexpr std::size_t tag_octets = 4;
  const std::size_t mtu = std::min<std::size_t>(x_options.mtu, longest_ip_packet);
  if (x_frame.link_type != LinkType::ethernet) return mtu;
  const bool tagged = read_big_endian<std::uint16_t>(x_frame.bytes, 12) == free_tag;
  return mtu + Ethernet::header_octets + (tagged ? tag_octets : 0);
}

void FrameFitter::note_opening() {
  dissect();
  x_sizes.note(x_dissection);
}

void FrameFitter::dissect() {
  x_dissector.release_datagrams();
  x_dissector.dissect(x_frame, x_dissection);
}

std::span<const Packet> FrameFitter::cut() {
  const auto octets = static_cast<std::uint32_t>(x_frame.bytes.size());
  x_counts.largest = std::max(x_counts.largest, octets);
  if (x_options.oversize == Oversize::skip) return skip(Unfit::unsegmented);
  if (x_options.oversize == Oversize::fail) {
    throw Failure(ExitCode::unwritable_output,
                  fmt::format("packet {} has {} octets, and the interface takes {} at most\n"
                              "(--oversize segment cuts such packets)",
                              x_frame.number, octets, longest_frame()));
  }
  dissect();
  if (x_options.oversize == Oversize::segment && cut_into_segments()) {
    ++x_counts.segmented;
    x_counts.segments += x_cut.size();
    return pieces();
  }
  switch (fragment_ip(x_dissection,
                      {.frame_octets = longest_frame(),
                       .despite_prohibition = x_options.oversize == Oversize::fragment,
                       .identification = ++x_identification},
                      x_cut)) {
    case Fragmentation::done:
      ++x_counts.fragmented;
      x_counts.fragments += x_cut.size();
      return pieces();
    case Fragmentation::prohibited:
      return skip(Unfit::prohibited);
    case Fragmentation::impossible:
      return skip(Unfit::unsegmented);
  }
  return {};
}

bool FrameFitter::cut_into_segments() {
  x_sizes.note(x_dissection);
  return segment_tcp(
      x_dissection,
      {.frame_octets = longest_frame(), .maximum_segment_size = x_sizes.of_receiver(x_dissection)},
      x_cut);
}

std::span<const Packet> FrameFitter::pieces() {
  x_pieces.assign(x_cut.size(), x_frame);
  for (std::size_t i = 0; i < x_pieces.size(); ++i) {
    x_pieces[i].bytes = x_cut[i];
    x_pieces[i].wire_length = static_cast<std::uint32_t>(x_cut[i].size());
  }
  return x_pieces;
}

}  // namespace tapdeck
