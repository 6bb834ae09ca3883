// What is remembered of a sender by each segment that it sends: its bytes, and the marks by which
// it counts packets and time.
#pragma once

#include "analyzer/tcp/hearing.h"

namespace tapdeck {

/// The transmission joins what is known of earlier ones of the same bytes. `accepted`: its receiver
/// refuses it neither for its age nor for its checksum.
void keep_record(const Hearing& hearing, bool accepted);

/// The next bytes in order, with nothing to compare them with.
void keep_predicted_record(const Case& at_hand, Transfer& own, const Transfer& peers);

/// The marks by which the sender counts its packets and its time.
void note_marks(const Case& at_hand, Transfer& own, const MissingPackets& before);

}  // namespace tapdeck
