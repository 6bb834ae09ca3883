#include "dissectors/edit/checksum_repair.h"

#include <optional>

#include "dissectors/checksum.h"
#include "dissectors/edit/incremental_checksum.h"
#include "dissectors/edit/write_octets.h"
#include "dissectors/network.h"
#include "dissectors/registry.h"

namespace tapdeck {
namespace {

/// Octets from the header's start to its checksum; none where there is none to compute.
std::optional<std::uint32_t> checksum_place(const Dissection& dissection, const Layer& layer) {
  const ProtocolId protocol = layer.protocol;
  if (protocol == protocol_of<Ipv4>) return 10;
  const Layer* const network = network_above(dissection, layer);
  if (network != nullptr && is_fragment(dissection, *network)) return std::nullopt;
  if (protocol == protocol_of<Tcp>) return 16;
  if (protocol == protocol_of<Udp> || protocol == protocol_of<UdpLite>) return 6;
  const bool is_message = protocol == protocol_of<Icmp> || protocol == protocol_of<Icmpv6> ||
                          protocol == protocol_of<Igmp>;
  return is_message ? std::optional(2U) : std::nullopt;
}

}  // namespace

bool repair_checksums(const Dissection& dissection, std::span<std::byte> frame) {
  bool repaired = false;
  for (std::size_t i = dissection.layer_count; i-- > 0;) {
    const Layer& layer = dissection.layers[i];
    const auto place = checksum_place(dissection, layer);
    if (!place || layer.captured < *place + 2) continue;
    const ChecksumVerdict verdict = verify_checksum(dissection, layer);
    const bool wrong =
        verdict.status == ChecksumStatus::bad || verdict.status == ChecksumStatus::offloaded;
    if (!wrong) continue;
    const std::uint16_t expected =
        layer.protocol == protocol_of<Udp> ? as_udp_checksum(verdict.expected) : verdict.expected;
    write_big_endian(frame, layer.offset + *place, expected);
    repaired = true;
  }
  return repaired;
}

}  // namespace tapdeck
