// How far a frame can be read: what lies behind a header that nobody could read may hold anything,
// other headers with their addresses among it.
#pragma once

#include <cstddef>

#include "dissectors/dissection.h"

namespace tapdeck {

/// Octets from the frame's start to the end of what its headers account for. That is the whole
/// frame where the last of them is a transport's or says itself how long its message is; what else
/// a header holds, as a fragment of what nobody knows, doesn't count. `dissection` was made by
/// dissect_frame.
[[nodiscard]] std::size_t readable_octets(const Dissection& dissection);

}  // namespace tapdeck
