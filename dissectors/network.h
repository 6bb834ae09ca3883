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

/// True if the header, or one of its extension headers, says that the packet is a part of a
/// datagram. Requires: likewise.
[[nodiscard]] bool is_fragment(const Dissection& dissection, const Layer& network);

/// The network header that a transport header stands behind; nullptr without one.
[[nodiscard]] const Layer* network_above(const Dissection& dissection, const Layer& transport);

}  // namespace tapdeck
