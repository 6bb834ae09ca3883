// What can be told of a connection or a capture, for people to look up.
#pragma once

#include "analyzer/report/page.h"

namespace tapdeck {

/// Every type of anomaly, family by family: its name, its severity, and what it means.
void write_anomaly_kinds(Page& page);

}  // namespace tapdeck
