// The rhythm of data and acknowledgments, kept segment by segment: what stalls between the two show
// up in it is told at the connection's end.
#pragma once

#include "analyzer/anomalies/facts.h"

namespace tapdeck {

void keep_pace(const SegmentFacts& facts);

}  // namespace tapdeck
