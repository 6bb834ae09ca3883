// A lost tail that is sent again where no IP IDs tell of it: by the pause before it.
#pragma once

#include "analyzer/tcp/hearing.h"

namespace tapdeck {

/// With nothing outstanding that was seen, and its peer ready to take more, a sender that pauses
/// for just as long as its timer runs, or in the middle of a write as its probe waits, sends again
/// what got lost. Linux shows in the flow label that the timer fired. Above a gap it may be the
/// probe of a lost flight.
[[nodiscard]] OriginVerdict tell_by_pause(Hearing& hearing, const SendSpace::Seen& seen,
                                          const PathView& path);

}  // namespace tapdeck
