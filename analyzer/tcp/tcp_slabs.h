// Where the connections of one shard keep what few of them need, and where they leave the verdicts
// that are final.
#pragma once

#include <vector>

#include "analyzer/tcp/missing_ranges.h"
#include "analyzer/tcp/pending_verdicts.h"
#include "analyzer/tcp/round_trip.h"
#include "analyzer/tcp/sent_segments.h"
#include "analyzer/tcp/sequence_ranges.h"
#include "analyzer/tcp/state_log.h"
#include "analyzer/tcp/transfer.h"

namespace tapdeck {

struct TcpSlabs {
  /// As Slab::count_into.
  void count_into(std::size_t& octets) {
    missing.count_into(octets);
    changes.count_into(octets);
    transfers.count_into(octets);
    counters.count_into(octets);
    few_empty.count_into(octets);
    many_empty.count_into(octets);
    sent.count_into(octets);
    ranges.count_into(octets);
    round_trips.count_into(octets);
    pending.count_into(octets);
  }

  MissingRangeSlab missing;
  StateChangeSlab changes;
  TransferSlab transfers;
  VerdictCountersSlab counters;
  FewEmptySegmentsSlab few_empty;
  ManyEmptySegmentsSlab many_empty;
  SentBlocks sent;
  SequenceRangeSlab ranges;
  RoundTripSlab round_trips;
  PendingVerdictSlab pending;
  bool predicts = true;  // false: each segment is judged in full, with the same result
  std::vector<JudgedSegment> settled;  // of the connection that had the last segment
};

}  // namespace tapdeck
