// Port numbers of whatever transport has them.
#pragma once

#include <cstdint>
#include <optional>

#include "dissectors/dissection.h"

namespace tapdeck {

struct PortPair {
  std::uint16_t source = 0;
  std::uint16_t destination = 0;

  friend constexpr bool operator==(const PortPair&, const PortPair&) = default;
};

/// None for ICMP, and where the capture ends before them. Requires: the layer's role is
/// Role::transport.
[[nodiscard]] std::optional<PortPair> ports_of(const Dissection& dissection,
                                               const Layer& transport);

}  // namespace tapdeck
