// What IPv4 and IPv6 have in common, for whoever needs addresses and not versions.
#pragma once

#include <utility>

#include "dissectors/address.h"
#include "dissectors/dissection.h"

namespace tapdeck {

struct AddressPair {
  IpAddress source;
  IpAddress destination;
};

/// Requires: the layer's role is Role::network.
[[nodiscard]] AddressPair addresses_of(const Dissection& dissection, const Layer& layer);

}  // namespace tapdeck
