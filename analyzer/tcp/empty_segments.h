// Segments without bytes: whether one is a copy of another, which IP IDs tell, or else all that its
// header says.
#pragma once

#include "analyzer/tcp/hearing.h"

namespace tapdeck {

/// By what the segment is known for a copy of another; none if it isn't. IP IDs tell a copy from
/// another segment. Without them SACK does: each duplicate ACK has its own news, or with timestamps
/// its own time; what is drawn without news equals the last one at most. Without both only what
/// comes late shows itself.
[[nodiscard]] OriginReason copied_empty_segment(const Hearing& hearing);

/// One that is known to be no copy: for those that come later.
void note_empty_segment(const Case& at_hand, Transfer& own, const Transfer& peers);

/// The peer answers the segment by an ACK without news.
void note_drawing(const Case& at_hand, Transfer& own);

}  // namespace tapdeck
