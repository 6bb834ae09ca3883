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
  if (judged.silence_ns > 0) {
    found.evidence.raise(EvidenceName::longest_silence_ns, judged.silence_ns);
  }
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

/// Null if it is known no more, or wasn't seen.
const SentSegment* record_of(const ConnectionFacts& facts, Side sender, SeqNum position) {
  const Transfer* const transfer = facts.transfer(sender);
  if (transfer == nullptr) return nullptr;
  const SentSegments& sent = transfer->sent;
  const std::size_t place = sent.find_ending_after(position);
  const bool holds = place != sent.size() && at_or_before(sent[place].begin, position);
  return holds ? &sent[place] : nullptr;
}

/// The data alone: a SYN and a FIN before and behind it are no bytes that a reader would look for.
SeqNum first_octet(const VerdictFacts& facts) {
  return facts.is_syn() ? facts.judged.begin + 1 : facts.judged.begin;
}

void count_sending(const VerdictFacts& facts) {
  const JudgedSegment& judged = facts.judged;
  const SeqNum begin = first_octet(facts);
  const SentSegment* const record = record_of(facts, judged.from, begin);
  if (record == nullptr) return;
  facts.watch.keep<RepeatedBytes>(judged.from)
      .add(begin, begin + judged.payload_octets, facts.moment(), !judged.verdict.spurious,
           record->first_ns);
}

/// Of its bytes, those that were sent most often.
Sendings most_sendings(const VerdictFacts& facts) {
  const JudgedSegment& judged = facts.judged;
  const SeqNum begin = first_octet(facts);
  const SeqNum end = begin + judged.payload_octets;
  const auto& repeated = facts.watch.of<RepeatedBytes>(judged.from);
  Sendings most;
  for (SeqNum position = begin; precedes(position, end);) {
    const SentSegment* const record = record_of(facts, judged.from, position);
    const RepeatedRange* const range = repeated.find(position);
    if (record == nullptr || range == nullptr) break;
    const Sendings found = sendings_of(facts, judged.from, position);
    if (found.count > most.count) most = found;
    position = earlier(record->end, range->end);
  }
  return most;
}

void note_repeated_loss(const VerdictFacts& facts, Findings& findings) {
  constexpr std::uint32_t many = 3;
  const Sendings sendings = most_sendings(facts);
  if (sendings.count < many || !sendings.needed) return;
  // Each loss takes a round trip to show.
  const std::int64_t within_ns = elapsed_ns(sendings.first_ns, sendings.last_ns);
  if (within_ns < (many - 1) * facts.round_trip_ns()) return;
  Anomaly& found =
      findings.note(repeated_loss, sent_by(facts.judged.from), facts.moment(), longest_backoff_ns);
  const Moment repeated = sendings.repeated.frame != 0 ? sendings.repeated : facts.moment();
  found.include(repeated);
  found.consider(Alternative::needless_retransmission);
  if (found.evidence.get(EvidenceName::tries).value_or(0) >= sendings.count) return;
  found.evidence.set(EvidenceName::tries, sendings.count);
  found.evidence.set(EvidenceName::delay_ns, within_ns);
  found.evidence.set(EvidenceName::from_frame, static_cast<std::int64_t>(repeated.frame));
}

}  // namespace

Sendings sendings_of(const ConnectionFacts& facts, Side sender, SeqNum position) {
  const SentSegment* const record = record_of(facts, sender, position);
  if (record == nullptr) return {};
  Sendings sendings;
  sendings.count = record->first_unseen ? 0 : 1;
  sendings.first_ns = sendings.last_ns = record->first_ns;
  const RepeatedRange* const range = facts.watch.of<RepeatedBytes>(sender).find(position);
  if (range == nullptr || range->last_ns < record->first_ns) return sendings;
  sendings.count += range->repeats;
  sendings.last_ns = range->last_ns;
  sendings.repeated = range->first;
  sendings.needed = range->needed;
  return sendings;
}

void note_retransmission(const VerdictFacts& facts, Findings& findings) {
  const JudgedSegment& judged = facts.judged;
  const Verdict& verdict = judged.verdict;
  if (judged.payload_octets == 0) return;
  count_sending(facts);
  // A pause that may be its sender's own is too little to speak of trouble.
  const bool guessed = verdict.origin_reason == OriginReason::pause_of_timer;
  if (guessed || facts.is_syn()) return;
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
