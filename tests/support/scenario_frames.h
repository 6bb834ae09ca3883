// The frames of a scenario's packets: Ethernet, IP, TCP or ICMP, with checksums that are right
// unless the scenario says otherwise.
#pragma once

#include <cstdint>
#include <vector>

#include "tests/support/capture_builder.h"
#include "tests/support/scenario.h"

namespace tapdeck::test {

struct ScenarioFrame {
  std::int64_t time_ns = 0;
  std::uint32_t wire_octets = 0;
  std::uint32_t interface = 0;
  std::vector<std::byte> bytes = {};
};

[[nodiscard]] std::vector<ScenarioFrame> frames_of(const Scenario& scenario, Variant variant);

/// They as a pcapng file that counts nanoseconds.
[[nodiscard]] Octets capture_of(const Scenario& scenario, Variant variant);

}  // namespace tapdeck::test
