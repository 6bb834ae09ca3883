// libFuzzer's entry to the dissectors. The first octet chooses the link type, the second splits the
// rest into two frames: one Dissector takes both, so that fragments can meet.
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "dissectors/checksum.h"
#include "dissectors/dissector.h"
#include "dissectors/dns_answers.h"
#include "dissectors/ports.h"
#include "dissectors/registry.h"

namespace {

using tapdeck::LinkType;

constexpr std::array link_types{
    LinkType::ethernet,   LinkType::raw,       LinkType::null,       LinkType::linux_sll,
    LinkType::linux_sll2, LinkType::ppp,       LinkType::cisco_hdlc, LinkType::frame_relay,
    LinkType::ieee802_11, LinkType::ppp_ether, LinkType::loop,       LinkType::ppp_hdlc,
    LinkType::ipv4,       LinkType::ipv6,      LinkType::raw_bsd,    LinkType::ieee802_11_radiotap,
};

/// The frame in a block of its size, so that a read past it is seen.
void dissect(tapdeck::Dissector& dissector, LinkType link_type, tapdeck::Bytes frame,
             std::uint32_t not_captured) {
  const std::vector<std::byte> bytes(frame.begin(), frame.end());
  tapdeck::Dissection dissection;
  dissector.dissect({.wire_length = static_cast<std::uint32_t>(bytes.size()) + not_captured,
                     .link_type = link_type,
                     .bytes = bytes},
                    dissection);
  (void)tapdeck::describe(dissection);
  (void)tapdeck::verify_checksums(dissection);
  if (dissection.transport != tapdeck::Dissection::no_layer) {
    (void)tapdeck::ports_of(dissection, dissection.layers[dissection.transport]);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t choices = 2;
  if (size < choices) return 0;
  const LinkType link_type = link_types[data[0] % link_types.size()];
  const tapdeck::Bytes rest = std::as_bytes(std::span(data, size)).subspan(choices);
  const std::size_t first = rest.size() * data[1] / 255;
  const std::uint32_t not_captured = data[0] / link_types.size();
  tapdeck::Dissector dissector;
  dissect(dissector, link_type, rest.first(first), not_captured);
  dissect(dissector, link_type, rest.subspan(first), not_captured);
  (void)tapdeck::dns_addresses(rest);
  dissector.release_datagrams();
  return 0;
}
