// SYNs and SYN+ACKs whose first copy never came here, and those that another SYN drew.
#pragma once

#include "analyzer/tcp/hearing.h"

namespace tapdeck {

/// Sent long before it came, so that the first copy of it never did. `reopened`: there was another
/// connection on the same sockets before, and its SYN had this port too.
[[nodiscard]] bool is_late_syn(const Segment& segment, bool reopened);

/// A SYN whose sender went on to later ports long ago, and a SYN+ACK that answers an earlier SYN
/// although a later one came past: their first copies were lost.
[[nodiscard]] OriginVerdict tell_first_syn(const Hearing& hearing, bool reopened);

/// Each SYN that comes, a copy too, draws a SYN+ACK.
[[nodiscard]] bool answers_another_syn(const Hearing& hearing, const SentSegment& earlier);

}  // namespace tapdeck
