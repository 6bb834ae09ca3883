#include "dissectors/checksum.h"

#include <array>
#include <bit>
#include <cstring>
#include <optional>

#include "dissectors/field_cursor.h"
#include "dissectors/ip_protocol.h"
#include "dissectors/plain_frame.h"
#include "dissectors/pseudo_header.h"
#include "dissectors/registry.h"

namespace tapdeck {
namespace {

/// One link's usual limit (IEEE 802.3 §3.2.7). What is longer was cut up after the capture saw it
/// or put together before, by the interface (segmentation and receive offload).
constexpr std::size_t usual_mtu = 1500;

template <class Word>
std::uint64_t load(const std::byte* from) {
  Word word;
  std::memcpy(&word, from, sizeof(word));
  return word;
}

constexpr std::uint64_t halves_of(std::uint64_t word) {
  return (word & 0xffff'ffffU) + (word >> 32U);
}

/// One's complement addition.
constexpr std::uint64_t sum_with_carry(std::uint64_t a, std::uint64_t b) {
  const std::uint64_t sum = a + b;
  return sum + (sum < a ? 1 : 0);
}

constexpr std::uint16_t fold(std::uint64_t sum) {
  sum = halves_of(halves_of(sum));
  sum = (sum & 0xffffU) + (sum >> 16U);
  sum = (sum & 0xffffU) + (sum >> 16U);
  return static_cast<std::uint16_t>(sum);
}

constexpr std::uint16_t swapped(std::uint16_t word) {
  return static_cast<std::uint16_t>(word << 8U | word >> 8U);
}

/// A checksum field and the sum over all that it covers, itself included.
ChecksumVerdict judge(std::uint16_t sum, std::uint16_t field) {
  const auto without_field = fold(std::uint64_t{sum} + static_cast<std::uint16_t>(~field));
  return {sum == 0xffff ? ChecksumStatus::good : ChecksumStatus::bad,
          static_cast<std::uint16_t>(~without_field)};
}

ChecksumVerdict unverifiable() { return {ChecksumStatus::unverifiable, 0}; }

ChecksumVerdict verify_ipv4(const Dissection& dissection, const Layer& layer) {
  const Region region = dissection.region_of(layer);
  if (region.bytes.size() < layer.header_length) return unverifiable();
  const Ipv4 header(region);
  const std::uint16_t field = header.header_checksum();
  ChecksumVerdict verdict = judge(internet_sum(region.bytes.first(layer.header_length)), field);
  const bool left_out = field == 0 || header.total_length() == 0;
  if (verdict.status == ChecksumStatus::bad && left_out) verdict.status = ChecksumStatus::offloaded;
  return verdict;
}

/// The sum over all of a layer without a pseudo-header: ICMP, IGMP.
ChecksumVerdict verify_whole(Region region) {
  if (region.bytes.size() < region.length) return unverifiable();
  return judge(internet_sum(region.bytes), read_big_endian<std::uint16_t>(region.bytes, 2));
}

/// What a transport checksum covers and where it lies.
struct Covered {
  Region region;              // header and data as long as the pseudo-header says
  std::size_t octets = 0;     // of them, those that are summed up
  std::uint16_t field = 0;    // the checksum
  std::uint8_t protocol = 0;  // as in the pseudo-header
  bool may_be_offloaded = false;
};

ChecksumVerdict verify_with_pseudo_header(const Dissection& dissection, const Layer& layer,
                                          const Covered& covered) {
  if (covered.region.bytes.size() < covered.octets) return unverifiable();
  const PseudoHeader pseudo_header = pseudo_header_of(dissection, layer);
  if (pseudo_header.clipped) return unverifiable();
  const std::uint16_t with_length = pseudo_header.sum(covered.protocol, covered.region.length);
  ChecksumVerdict verdict =
      judge(internet_sum(covered.region.bytes.first(covered.octets), with_length), covered.field);
  if (verdict.status == ChecksumStatus::good || !covered.may_be_offloaded) return verdict;
  const bool partial =
      covered.field == with_length || covered.field == pseudo_header.sum(covered.protocol, 0);
  const std::size_t room =
      usual_mtu -
      (pseudo_header.addresses.source.version == 4 ? Ipv4::shortest_header : Ipv6::header_octets);
  const bool too_long_for_a_link = covered.region.length > room && layer.reassembled == 0;
  if (partial || covered.field == 0 || too_long_for_a_link) {
    verdict.status = ChecksumStatus::offloaded;
  }
  return verdict;
}

ChecksumVerdict verify_tcp(const Dissection& dissection, const Layer& layer) {
  const Region region = dissection.region_of(layer);
  if (region.bytes.size() < Tcp::shortest_header) return unverifiable();
  return verify_with_pseudo_header(dissection, layer,
                                   {.region = region,
                                    .octets = region.length,
                                    .field = Tcp(region).checksum(),
                                    .protocol = 6,
                                    .may_be_offloaded = true});
}

bool carries_tunnel(const Dissection& dissection, const Layer& layer) {
  const auto next = static_cast<std::size_t>(&layer - dissection.layers.data()) + 1;
  return next < dissection.layer_count && role_of(dissection.layers[next].protocol) == Role::tunnel;
}

ChecksumVerdict verify_udp(const Dissection& dissection, const Layer& layer) {
  const Udp header(dissection.region_of(layer));
  const Region region = dissection.region_of(layer);
  const std::size_t length = header.length() == 0 ? region.length : header.length();
  ChecksumVerdict verdict = verify_with_pseudo_header(dissection, layer,
                                                      {.region = region.limited_to(length),
                                                       .octets = length,
                                                       .field = header.checksum(),
                                                       .protocol = 17,
                                                       .may_be_offloaded = header.checksum() != 0});
  if (header.checksum() != 0) return verdict;
  // RFC 768; over IPv6 only a tunnel may do without (RFC 8200 §8.1, RFC 6935).
  const bool over_ipv6 = pseudo_header_of(dissection, layer).addresses.source.version == 6;
  const bool allowed = !over_ipv6 || carries_tunnel(dissection, layer);
  verdict.status = allowed ? ChecksumStatus::absent : ChecksumStatus::bad;
  return verdict;
}

ChecksumVerdict verify_udp_lite(const Dissection& dissection, const Layer& layer) {
  const Region region = dissection.region_of(layer);
  const UdpLite header(region);
  const std::size_t coverage =
      header.checksum_coverage() == 0 ? region.length : header.checksum_coverage();
  return verify_with_pseudo_header(
      dissection, layer,
      {.region = region, .octets = coverage, .field = header.checksum(), .protocol = 136});
}

ChecksumVerdict verify_icmpv6(const Dissection& dissection, const Layer& layer) {
  const Region region = dissection.region_of(layer);
  return verify_with_pseudo_header(dissection, layer,
                                   {.region = region,
                                    .octets = region.length,
                                    .field = Icmpv6(region).checksum(),
                                    .protocol = 58});
}

constexpr std::uint16_t right_sum = 0xffff;

/// Requires: it is captured in full. The pseudo-header is what stands in the IP header.
bool has_right_tcp_checksum(const PlainFrame& frame) {
  const std::uint64_t protocol_and_length = IpProtocol::tcp + std::uint64_t{frame.tcp_octets()};
  return internet_sum(frame.tcp_bytes(),
                      internet_sum(frame.addresses(), fold(protocol_and_length))) == right_sum;
}

/// Nothing where a checksum is wrong: why is a longer story.
std::optional<ChecksumReport> verify_plain(const PlainFrame& frame) {
  ChecksumReport report;
  if (frame.is_ipv4()) {
    if (internet_sum(frame.network_header()) != right_sum) return std::nullopt;
    report.network = ChecksumStatus::good;
  }
  if (frame.tcp_bytes().size() < frame.tcp_octets()) {
    report.transport = ChecksumStatus::unverifiable;
    return report;
  }
  if (!has_right_tcp_checksum(frame)) return std::nullopt;
  report.transport = ChecksumStatus::good;
  return report;
}

constexpr int badness(ChecksumStatus status) {
  switch (status) {
    case ChecksumStatus::absent:
      return 0;
    case ChecksumStatus::good:
      return 1;
    case ChecksumStatus::unverifiable:
      return 2;
    case ChecksumStatus::offloaded:
      return 3;
    case ChecksumStatus::bad:
      return 4;
  }
  return 0;
}

}  // namespace

std::uint16_t internet_sum(Bytes bytes, std::uint16_t sum) {
  // RFC 1071 §2(B): summed up in the machine's own byte order and swapped at the end.
  const std::byte* at = bytes.data();
  const std::byte* const end = at + bytes.size();
  std::uint64_t total = std::endian::native == std::endian::little ? swapped(sum) : sum;
  if (end - at >= 64) {
    std::array<std::uint64_t, 4> sums{};  // none waits for another
    for (; end - at >= 32; at += 32) {
      for (std::size_t i = 0; i < sums.size(); ++i) {
        sums[i] = sum_with_carry(sums[i], load<std::uint64_t>(at + 8 * i));
      }
    }
    for (const std::uint64_t part : sums) total += halves_of(part);
  }
  for (; end - at >= 8; at += 8) total += halves_of(load<std::uint64_t>(at));
  if (end - at >= 4) {
    total += load<std::uint32_t>(at);
    at += 4;
  }
  if (end - at >= 2) {
    total += load<std::uint16_t>(at);
    at += 2;
  }
  if (at != end) {
    constexpr std::size_t shift_of_first_octet = std::endian::native == std::endian::little ? 0 : 8;
    total += load<std::uint8_t>(at) << shift_of_first_octet;
  }
  const std::uint16_t folded = fold(total);
  return std::endian::native == std::endian::little ? swapped(folded) : folded;
}

ChecksumVerdict verify_checksum(const Dissection& dissection, const Layer& layer) {
  const ProtocolId protocol = layer.protocol;
  if (protocol == protocol_of<Ipv4>) return verify_ipv4(dissection, layer);
  if (protocol == protocol_of<Tcp>) return verify_tcp(dissection, layer);
  if (protocol == protocol_of<Udp>) return verify_udp(dissection, layer);
  if (protocol == protocol_of<Icmpv6>) return verify_icmpv6(dissection, layer);
  if (protocol == protocol_of<Icmp> || protocol == protocol_of<Igmp>) {
    return verify_whole(dissection.region_of(layer));
  }
  if (protocol == protocol_of<UdpLite>) return verify_udp_lite(dissection, layer);
  return unverifiable();
}

ChecksumReport verify_checksums(const Dissection& dissection) {
  if (dissection.is_plain) {
    if (const auto plain = verify_plain(PlainFrame(dissection))) return *plain;
  }
  ChecksumReport report;
  for (const Layer& layer : dissection.all_layers()) {
    if (layer.protocol != protocol_of<Ipv4> || layer.quoted) continue;
    const ChecksumStatus status = verify_ipv4(dissection, layer).status;
    if (badness(status) > badness(report.network)) report.network = status;
  }
  if (dissection.transport != Dissection::no_layer) {
    report.transport = verify_checksum(dissection, dissection.layers[dissection.transport]).status;
  } else if (dissection.is_fragment) {
    report.transport = ChecksumStatus::unverifiable;
  }
  return report;
}

std::string checksum_meaning(const Dissection& dissection, const Layer& layer) {
  const ChecksumVerdict verdict = verify_checksum(dissection, layer);
  switch (verdict.status) {
    case ChecksumStatus::good:
      return "good";
    case ChecksumStatus::bad:
      return "bad, should be " + in_hex(verdict.expected);
    case ChecksumStatus::offloaded:
      return "left to the interface (offload), would be " + in_hex(verdict.expected);
    case ChecksumStatus::absent:
      return "none sent";
    case ChecksumStatus::unverifiable:
      return "not verifiable";
  }
  return {};
}

}  // namespace tapdeck
