// Where nothing says whether IPv4 or IPv6 follows: their first four bits tell. Takes no octets, so
// no packet has such a layer; a fault of it means that there was nothing to look at.
#pragma once

#include <array>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/field.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class IpVersion {
 public:
  static constexpr std::string_view name = "ip";
  static constexpr Role role = Role::other;
  static constexpr std::array attaches_to{by(LinkType::raw), by(LinkType::raw_bsd),
                                          by(LinkType::raw_openbsd), by(InnerHeader::ip)};

  static Step parse(Region region, const ParseContext&) {
    if (!region.holds(1)) return Step::too_short(region, 1);
    switch (read_octet(region.bytes, 0) >> 4U) {
      case 4:
        return Step::redirect(by_ether_type(0x0800));
      case 6:
        return Step::redirect(by_ether_type(0x86dd));
    }
    return Step::not_mine();
  }

  static void describe(const Dissection&, const Layer&, FieldSink&) {}
};

}  // namespace tapdeck
