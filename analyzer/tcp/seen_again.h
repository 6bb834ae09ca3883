// Bytes that came past before: sent again, overtaken or copied, by the whole of what is known of
// their sender.
#pragma once

#include "analyzer/tcp/hearing.h"

namespace tapdeck {

/// Bytes of which `earlier` is the record.
[[nodiscard]] OriginVerdict tell_seen(const Hearing& hearing, const SentSegment& earlier,
                                      PathView path);

/// What was told for a copy of a lone repeat, with no clock to tell them apart, on a way that makes
/// no copies: two were sent and both came, one of them late.
[[nodiscard]] bool is_other_of_two(const Hearing& hearing, const SentSegment& earlier,
                                   const PathView& path, const OriginVerdict& told);

/// Bytes that were acknowledged long ago, so that no record is left of them.
[[nodiscard]] OriginVerdict tell_forgotten(const Hearing& hearing);

}  // namespace tapdeck
