// Bytes that came past before: sent again, overtaken or copied, by the whole of what is known of
// their sender.
#pragma once

#include "analyzer/tcp/hearing.h"

namespace tapdeck {

/// Bytes of which `earlier` is the record.
[[nodiscard]] OriginVerdict tell_seen(const Hearing& hearing, const SentSegment& earlier,
                                      PathView path);

/// Bytes that were acknowledged long ago, so that no record is left of them.
[[nodiscard]] OriginVerdict tell_forgotten(const Hearing& hearing);

}  // namespace tapdeck
