// An anomaly as the sentences that a network engineer would write, made from its kind's words and
// its own evidence.
//
// In a kind's explanation `{name}` stands for a number of the evidence as its unit asks,
// `{name|segment|segments}` for a count with what it counts, `{name?was|were}` for a word that
// agrees with it, `{name?}` for nothing but that it is there, `{name<below|above}` for a word that
// agrees with its sign, `{name#}` for an ordinal, and these for the anomaly itself: {sender}
// {receiver} {count} {duration} {first_frame} {last_frame} {icmp_meaning}. A part in [brackets] is
// left out if the evidence has no number for it.
#pragma once

#include <string>
#include <string_view>

#include "analyzer/anomalies/anomaly.h"

namespace tapdeck {

[[nodiscard]] std::string explanation_of(const Anomaly& anomaly);

/// True if every name in these words is known and every bracket closed.
[[nodiscard]] bool is_well_formed_explanation(std::string_view words);

}  // namespace tapdeck
