// What a packet says in a few words, by the innermost protocol that it has.
#pragma once

#include <string>
#include <string_view>

#include "analyzer/report/packet_view.h"

namespace tapdeck {

/// The important first, so that a narrow screen may cut the rest off.
[[nodiscard]] std::string packet_info(const PacketView& view);

}  // namespace tapdeck
