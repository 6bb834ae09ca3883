// What a packet of a scenario may say of itself beside its place in the stream.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tests/support/scenario_words.h"

namespace tapdeck::test {

/// tcpdump's letters: "S.", "P."; "none".
[[nodiscard]] std::uint8_t flags_of(const ScenarioWords& words, std::string_view letters);

/// Takes what follows the attribute's name.
void take_attribute(ScenarioWords& words, ScenarioPacket& packet, const std::string& name);

}  // namespace tapdeck::test
