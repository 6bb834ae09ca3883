#include "analyzer/anomalies/repeats.h"

#include <algorithm>

#include "captures/elapsed.h"

namespace tapdeck {
namespace {

using enum AnomalyType;

/// RFC 6298 section 2.5 lets a timer back off to no less than a minute; Linux's goes to two.
constexpr std::int64_t longest_backoff_ns = 120'000'000'000;
void add_place(Anomaly& found, const Verdict& verdict) {
  if (verdict.lost_upstream) found.evidence.add_place(LossPlace::upstream);
  if (verdict.lost_downstream) found.evidence.add_place(LossPlace::downstream);
}

void note_timeout(const VerdictFacts& facts, Findings& findings) {
  const JudgedSegment& judged = facts.judged;
  auto& repeat = facts.watch.keep<RepeatWatch>(judged.from);
  const bool again = repeat.timeouts != 0 && repeat.timeout_begin == judged.begin;
  repeat.timeouts = again ? static_cast<std::uint8_t>(std::min(repeat.timeouts + 1, 255)) : 1;
  repeat.timeout_begin = judged.begin;
  Anomaly& found = findings.note(rto_retransmission, sent_by(judged.from), facts.moment(),
                                 again ? longest_backoff_ns : Findings::one_episode_ns);
  found.evidence.raise(EvidenceName::timeouts, repeat.timeouts);
  found.evidence.raise(EvidenceName::longest_silence_ns, judged.silence_ns);
  if (judged.verdict.spurious) {
    found.evidence.add(EvidenceName::needless, 1);
  } else if (!again) {
    found.evidence.add(EvidenceName::segments, 1);
    add_place(found, judged.verdict);
  }
  if (judged.earlier_frame != 0) {
    found.evidence.lower(EvidenceName::from_frame, static_cast<std::int64_t>(judged.earlier_frame));
  }
  found.consider(Alternative::lost_acknowledgment).consider(Alternative::slow_network);
}

/// What follows a timeout belongs to its episode.
void note_go_back(const VerdictFacts& facts, Findings& findings) {
  const JudgedSegment& judged = facts.judged;
  Anomaly* const found = findings.newest(rto_retransmission, sent_by(judged.from));
  if (found == nullptr) return;
  found->include(facts.moment());
  found->evidence.add(judged.verdict.spurious ? EvidenceName::needless : EvidenceName::segments, 1);
  add_place(*found, judged.verdict);
}

void note_trigger(const VerdictFacts& facts, Findings& findings) {
  const JudgedSegment& judged = facts.judged;
  const AnomalyDirection direction = sent_by(judged.from);
  switch (judged.verdict.trigger) {
    case Trigger::none:
    case Trigger::unknown:
      return;
    case Trigger::timeout:
      return note_timeout(facts, findings);
    case Trigger::go_back_n:
      return note_go_back(facts, findings);
    case Trigger::fast: {
      Anomaly& found = findings.note(fast_retransmission, direction, facts.moment());
      add_place(found, judged.verdict);
      found.consider(Alternative::reordering);
      return;
    }
    case Trigger::sack_recovery: {
      Anomaly& found = findings.note(sack_recovery_retx, direction, facts.moment());
      found.evidence.add(EvidenceName::segments, 1);
      add_place(found, judged.verdict);
      return;
    }
    case Trigger::tail_loss_probe:
      findings.note(tlp_probe, direction, facts.moment())
          .evidence.raise(EvidenceName::longest_silence_ns, judged.silence_ns);
      return;
  }
}

/// Needless by an ACK that had passed here long ago: that ACK got lost behind this point.
bool lost_its_ack(const VerdictFacts& facts) {
  const DeliveryReason reason = facts.judged.verdict.delivery_reason;
  const Trigger trigger = facts.judged.verdict.trigger;
  return reason == DeliveryReason::acknowledged_before &&
         (trigger == Trigger::timeout || trigger == Trigger::tail_loss_probe ||
          trigger == Trigger::go_back_n || trigger == Trigger::unknown);
}

void note_needless(const VerdictFacts& facts, Findings& findings) {
  const JudgedSegment& judged = facts.judged;
  const AnomalyType type =
      lost_its_ack(facts) ? retransmission_after_ack_loss : spurious_retransmission;
  Anomaly& found = findings.note(type, sent_by(judged.from), facts.moment());
  found.evidence.add(EvidenceName::segments, 1);
  found.evidence.add(EvidenceName::bytes, judged.payload_octets);
  found.consider(Alternative::network_loss).consider(Alternative::duplicate_frame);
}

/// Large segments that don't pass where smaller ones did.
void note_large(const VerdictFacts& facts, Findings& findings) {
  constexpr std::uint32_t smallest_mtu_payload = 536;  // RFC 1122 section 3.3.3: passes everywhere
  const JudgedSegment& judged = facts.judged;
  auto& repeat = facts.watch.keep<RepeatWatch>(judged.from);
  const std::uint32_t delivered = facts.watch->of(judged.from).largest_delivered;
  if (repeat.large != 0 && repeat.large_begin == judged.begin &&
      judged.payload_octets < repeat.large) {
    const bool taken = !judged.verdict.spurious && repeat.large_tries >= 2 &&
                       delivered < repeat.large &&
                       judged.verdict.delivery_reason == DeliveryReason::acknowledged_after;
    if (taken) {
      Anomaly& found = findings.note(pmtud_blackhole, sent_by(judged.from), facts.moment());
      found.include(repeat.large_first);
      found.evidence.set(EvidenceName::largest_bytes, repeat.large);
      found.evidence.set(EvidenceName::seen_bytes, judged.payload_octets);
      found.evidence.set(EvidenceName::tries, repeat.large_tries);
      found.consider(Alternative::network_loss).consider(Alternative::middlebox);
    }
    repeat.large = 0;
    return;
  }
  if (judged.verdict.trigger != Trigger::timeout || judged.verdict.spurious) return;
  if (judged.payload_octets <= std::max(delivered, smallest_mtu_payload)) return;
  if (repeat.large == judged.payload_octets && repeat.large_begin == judged.begin) {
    ++repeat.large_tries;
    return;
  }
  repeat.large = judged.payload_octets;
  repeat.large_begin = judged.begin;
  repeat.large_tries = 1;
  repeat.large_first = facts.moment();
}

void note_repeated_loss(const VerdictFacts& facts, Findings& findings) {
  constexpr std::uint8_t many = 3;
  const JudgedSegment& judged = facts.judged;
  const Transfer* const transfer = facts.transfer(judged.from);
  if (transfer == nullptr || judged.verdict.spurious) return;
  const SentSegments& sent = transfer->sent;
  const std::size_t place = sent.find_ending_after(judged.begin);
  if (place == sent.size() || !at_or_before(sent[place].begin, judged.begin)) return;
  if (sent[place].transmissions < many) return;
  // Each loss takes a round trip to show; what comes sooner was cut anew for a smaller path.
  const std::int64_t since_ns = elapsed_ns(sent[place].first_ns, judged.time_ns);
  if (since_ns < (many - 1) * facts.round_trip_ns()) return;
  Anomaly& found =
      findings.note(repeated_loss, sent_by(judged.from), facts.moment(), longest_backoff_ns);
  found.evidence.raise(EvidenceName::tries, sent[place].transmissions);
  found.evidence.raise(EvidenceName::delay_ns, since_ns);
  found.consider(Alternative::needless_retransmission);
}

}  // namespace

void note_retransmission(const VerdictFacts& facts, Findings& findings) {
  const JudgedSegment& judged = facts.judged;
  const Verdict& verdict = judged.verdict;
  if (facts.is_syn() || judged.payload_octets == 0) return;
  note_trigger(facts, findings);
  if (verdict.spurious) note_needless(facts, findings);
  note_repeated_loss(facts, findings);
  note_large(facts, findings);
  if (!verdict.lost_upstream) return;
  Anomaly& found = findings.note(upstream_loss, sent_by(judged.from), facts.moment());
  found.evidence.add(EvidenceName::bytes, judged.payload_octets);
  if (judged.gap_open_ns > 0) {
    found.evidence.raise(EvidenceName::longest_delay_ns, judged.gap_open_ns);
  }
  found.consider(Alternative::capture_loss).consider(Alternative::reordering);
}

}  // namespace tapdeck
