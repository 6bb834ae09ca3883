// Octets as text, for fields that are no number.
#pragma once

#include <string>

#include "captures/bytes.h"

namespace tapdeck {

/// "00 1b 21", the first 64 octets; more are shown as "…".
[[nodiscard]] std::string octets_as_hex(Bytes octets);

}  // namespace tapdeck
