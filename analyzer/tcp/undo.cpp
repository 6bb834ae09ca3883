#include "analyzer/tcp/undo.h"

#include "analyzer/tcp/timestamp_clock.h"

namespace tapdeck {
namespace {

bool is_sack_of_original(const Hearing& hearing) {
  const SentSegments& sent = hearing.peers.sent;
  const SackBlock& newest = hearing.at_hand.segment.options.sack_blocks[0];
  const std::size_t place = sent.find_ending_after(SeqNum{newest.left_edge});
  return place < sent.size() && !sent[place].is_repeated() &&
         at_or_before(sent[place].end, hearing.peers.recovery.point());
}

/// …which wasn't SACKed before. Without SACK nobody knows what the ACK jumps over.
bool is_ack_of_original(const Hearing& hearing, const SendSpace::Acknowledged& acknowledged) {
  if (goes_without_sack(hearing.at_hand)) return false;
  const Transfer& peers = hearing.peers;
  for (std::size_t i = peers.sent.find_ending_after(hearing.at_hand.segment.seg_ack); i > 0; --i) {
    const SentSegment& record = peers.sent[i - 1];
    if (precedes(record.begin, acknowledged.before)) return false;
    const bool original = !record.is_repeated() && at_or_before(record.end, peers.recovery.point());
    if (original &&
        !peers.sacked.contains(hearing.at_hand.slabs.ranges, record.begin, record.end)) {
      return true;
    }
  }
  return false;
}

}  // namespace

void note_undo(const Hearing& hearing, const SendSpace::Acknowledged& acknowledged,
               std::uint32_t newly_sacked) {
  Recovery& recovery = hearing.peers.recovery;
  if (recovery.phase() != Recovery::Phase::after_timeout) return;
  const TcpOptions& options = hearing.at_hand.segment.options;
  const std::uint32_t first_repeat = hearing.peers.repair_timestamp;
  const bool echoed = acknowledged.advances && options.has_timestamps &&
                      timestamp_distance(options.timestamp_echo_reply, first_repeat) > 0;
  const bool of_original = recovery.doubts_timeout() &&
                           ((newly_sacked > 0 && is_sack_of_original(hearing)) ||
                            (acknowledged.advances && is_ack_of_original(hearing, acknowledged)));
  if (echoed || of_original) recovery.on_undo();
}

}  // namespace tapdeck
