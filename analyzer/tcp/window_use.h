// The window that a receiver offers, and how its sender uses it.
#pragma once

#include <cstdint>

#include "analyzer/tcp/hearing.h"

namespace tapdeck {

/// What the segment says of its sender's window.
void judge_window(Hearing& hearing);

/// New bytes that end where the peer's window ends.
void judge_window_use(Hearing& hearing);

/// The time since the last word of either side belongs to what held the sender back then.
void account_flight(Transfer& transfer, const SendSpace& space, std::int64_t now_ns);

}  // namespace tapdeck
