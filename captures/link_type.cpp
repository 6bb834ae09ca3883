// Names of link types and the few numbers that differ between the registry (LINKTYPE_, in files)
// and libpcap's interface (DLT_, on this system).
#include "captures/link_type.h"

#include <algorithm>
#include <array>

#include <pcap/pcap.h>

namespace tapdeck {
namespace {

struct Renumbered {
  std::uint16_t link_type;
  int data_link;
};

// DLT_ values that mean different things on different systems have a LINKTYPE_ value of their own.
constexpr std::array renumbered{
    Renumbered{50, DLT_PPP_SERIAL}, Renumbered{100, DLT_ATM_RFC1483},
    Renumbered{101, DLT_RAW},       Renumbered{102, DLT_SLIP_BSDOS},
    Renumbered{103, DLT_PPP_BSDOS}, Renumbered{106, DLT_ATM_CLIP},
    Renumbered{14, DLT_RAW},
};

}  // namespace

int data_link_type(LinkType link_type) {
  const auto number = static_cast<std::uint16_t>(link_type);
  const auto* found = std::ranges::find(renumbered, number, &Renumbered::link_type);
  return found == renumbered.end() ? number : found->data_link;
}

LinkType link_type_of(int data_link_type) {
  const auto* found = std::ranges::find(renumbered, data_link_type, &Renumbered::data_link);
  return static_cast<LinkType>(found == renumbered.end() ? data_link_type : found->link_type);
}

std::string to_string(LinkType link_type) {
  const char* name = pcap_datalink_val_to_name(data_link_type(link_type));
  return name != nullptr ? name
                         : "LINKTYPE_" + std::to_string(static_cast<std::uint16_t>(link_type));
}

}  // namespace tapdeck
