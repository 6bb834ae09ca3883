// How a connection ends, or fails to.
#include <algorithm>

#include "analyzer/anomalies/facts.h"
#include "analyzer/anomalies/family.h"
#include "analyzer/anomalies/thresholds.h"
#include "captures/elapsed.h"

namespace tapdeck {
namespace {

using enum AnomalyType;
using enum Severity;

constexpr std::array kinds{
    AnomalyKind{
        rst_abort, "rst_abort", note, "A reset ended an open connection.",
        "The {sender} reset the connection[, {idle_ns} after the last segment before][, with "
        "{blocked_bytes} of the {receiver}'s not acknowledged]."},
    AnomalyKind{rst_unacceptable, "rst_unacceptable", warning,
                "A reset that its receiver must not obey (RFC 5961 section 3).",
                "{count|reset|resets} of the {sender} did not fit the connection[, {count?|the "
                "first }{distance} {distance<below|above} the next sequence number]; it went on."},
    AnomalyKind{rst_in_syn_sent_bad_ack, "rst_in_syn_sent_bad_ack", warning,
                "A reset that acknowledges something else than the SYN it would refuse.",
                "A reset that claims to be the {sender}'s refusal acknowledges {found} where "
                "{expected} was to be acknowledged: it may be forged."},
    AnomalyKind{traffic_after_rst, "traffic_after_rst", error,
                "Who received a reset went on sending for longer than it takes to arrive.",
                "The {sender} went on for {delay_ns} after the {receiver}'s reset[ in frame "
                "{other_frame}]: it never got it, or the reset was forged[; the {receiver} itself "
                "sent {resetter_segments|more segment|more segments}: most likely forged]."},
    AnomalyKind{rst_with_data, "rst_with_data", note, "A reset carries data.",
                "The {sender}'s reset carried {bytes}."},
    AnomalyKind{odd_flags, "odd_flags", error,
                "Flags that no host combines: SYN with FIN or RST, FIN with RST, none at all.",
                "The {sender} sent {count|segment|segments} with flags that no host combines[ "
                "({flags}{count?| in the last})]."},
    AnomalyKind{fin_retransmission, "fin_retransmission", note, "The FIN was sent again.",
                "The {sender} sent its FIN again {count|time|times}."},
    AnomalyKind{fin_unacked, "fin_unacked", warning, "A FIN was never acknowledged.",
                "The {receiver} never acknowledged the {sender}'s FIN[, sent {tries|time|times}]."},
    AnomalyKind{half_close, "half_close", info, "One side closed, and the other went on sending.",
                "The {sender} sent {bytes_after} more after the {receiver} had closed its side."},
    AnomalyKind{close_wait_linger, "close_wait_linger", warning,
                "One side closed, and the other's application did not for a long time.",
                "The {sender} did not close its side for {idle_ns} after the {receiver} had: its "
                "application forgot the connection."},
    AnomalyKind{simultaneous_close, "simultaneous_close", info,
                "Both ends sent a FIN before they had the other's.",
                "Both ends closed at once: their FINs crossed."},
    AnomalyKind{data_after_fin, "data_after_fin", error, "New bytes behind a FIN.",
                "The {sender} sent {bytes} behind its own FIN."},
    AnomalyKind{fin_seq_moved, "fin_seq_moved", error, "A second FIN stands elsewhere.",
                "The {sender} sent a second FIN {distance} {distance<below|above} the first."},
    AnomalyKind{not_closed, "not_closed", info, "Data was exchanged, and no end was seen.",
                "No end of the connection was seen."},
    AnomalyKind{time_wait_assassination, "time_wait_assassination", warning,
                "A reset or an old segment ended TIME-WAIT early (RFC 1337).",
                "A segment of the {sender} hit the {receiver} in TIME-WAIT and may have ended it "
                "early."},
};

/// What Linux grants a peer in FIN-WAIT-2 (tcp_fin_timeout); then the half-open end is lost anyway.
constexpr std::int64_t patience_ns = 60'000'000'000;
/// Middleboxes forget silent connections after minutes (RFC 5382 REQ-5 asks for two hours).
constexpr std::int64_t long_silence_ns = 60'000'000'000;
/// Beside two round trips: hosts and queues take their time.
constexpr std::int64_t slack_ns = 10'000'000;

bool has(const Segment& segment, std::uint8_t flags) { return (segment.flags & flags) == flags; }

void note_flags(const SegmentFacts& facts, Findings& findings) {
  constexpr std::uint8_t named =
      TcpFlags::fin | TcpFlags::syn | TcpFlags::rst | TcpFlags::psh | TcpFlags::ack | TcpFlags::urg;
  const Segment& segment = facts.segment;
  const bool empty = (segment.flags & named) == 0;
  const bool all_lit =
      has(segment, TcpFlags::fin | TcpFlags::psh | TcpFlags::urg) && !segment.has(TcpFlags::ack);
  const bool impossible = has(segment, TcpFlags::syn | TcpFlags::fin) ||
                          has(segment, TcpFlags::syn | TcpFlags::rst) || empty || all_lit;
  const bool unusual = has(segment, TcpFlags::fin | TcpFlags::rst);
  if (!impossible && !unusual) return;
  Anomaly& found = findings.note(odd_flags, sent_by(facts.from), facts.moment);
  found.evidence.set(EvidenceName::flags, segment.flags);
  found.consider(Alternative::injection);
  if (!impossible && found.count == 1) found.severity = note;
  if (impossible) found.at_least(error);
}

void note_abort(const SegmentFacts& facts, Findings& findings) {
  const Side receiver = other(facts.from);
  const SendSpace& lost = facts.sent_by(receiver);
  const EndpointMachine& sender = facts.machine(facts.from);
  if (sender.sent_fin && facts.machine(receiver).sent_fin) return;
  Anomaly& found = findings.note(rst_abort, sent_by(facts.from), facts.moment);
  const std::int64_t silence_ns = facts.longest_of_two_ns;
  found.evidence.set(EvidenceName::idle_ns, silence_ns);
  const bool outstanding = lost.has_snd_una() && precedes(lost.snd_una(), lost.snd_nxt());
  if (outstanding) {
    found.evidence.set(EvidenceName::blocked_bytes, lost.snd_nxt() - lost.snd_una());
  }
  const bool gave_up = facts.watch.of<AnswerWatch>(receiver).questions >= 2;
  if (outstanding || gave_up || silence_ns >= long_silence_ns) found.at_least(warning);
  if (silence_ns >= long_silence_ns) found.consider(Alternative::middlebox);
  found.consider(Alternative::injection);
}

void note_reset(const SegmentFacts& facts, Findings& findings) {
  const Segment& segment = facts.segment;
  const Side receiver = other(facts.from);
  const TcpState before = facts.before(receiver);
  const TcpState after = facts.machine(receiver).state;
  if (segment.payload_octets != 0) {
    findings.note(rst_with_data, sent_by(facts.from), facts.moment)
        .evidence.add(EvidenceName::bytes, segment.payload_octets);
  }
  const SendSpace& opened = facts.sent_by(receiver);
  if (before == TcpState::syn_sent && after == TcpState::syn_sent && segment.has(TcpFlags::ack) &&
      opened.has_iss()) {
    Anomaly& found = findings.note(rst_in_syn_sent_bad_ack, sent_by(facts.from), facts.moment);
    found.evidence.set(EvidenceName::found, segment.seg_ack.value);
    found.evidence.set(EvidenceName::expected, (opened.iss() + 1).value);
    found.consider(Alternative::injection).consider(Alternative::connection_reuse);
    return;
  }
  if (after != TcpState::closed || before == TcpState::closed) return;
  if (before == TcpState::time_wait) {
    Anomaly& found = findings.note(time_wait_assassination, sent_by(facts.from), facts.moment);
    if (!facts.watch.of<ClosingWatch>(receiver).spoke_in_time_wait) found.severity = note;
    return;
  }
  if (before == TcpState::syn_sent || before == TcpState::unknown) return;
  auto& closing = facts.watch.keep<ClosingWatch>(facts.from);
  if (!facts.watch->of(facts.from).sent_reset) {
    closing.reset = facts.moment;
    closing.reset_seq = segment.seg_seq;
  }
  facts.watch->of(facts.from).sent_reset = true;
  note_abort(facts, findings);
}

/// Who has reset a connection sends nothing more from there on.
void note_resetter(const SegmentFacts& facts) {
  if (!facts.watch->of(facts.from).sent_reset || facts.segment.has(TcpFlags::rst | TcpFlags::syn))
    return;
  auto& closing = facts.watch.keep<ClosingWatch>(facts.from);
  const bool behind = at_or_before(closing.reset_seq, facts.segment.seg_seq);
  if (behind && facts.segment.seg_len() != 0) ++closing.segments_after_reset;
}

/// What was under way when the reset passed is no sign of anything.
void note_traffic(const SegmentFacts& facts, Findings& findings) {
  const Side resetter = other(facts.from);
  if (!facts.watch->of(resetter).sent_reset || facts.segment.has(TcpFlags::rst | TcpFlags::syn))
    return;
  const auto& closing = facts.watch.of<ClosingWatch>(resetter);
  const Moment reset = closing.reset;
  const std::int64_t round_trip_ns = facts.round_trip_ns();
  const std::int64_t normal_ns =
      round_trip_ns == 0 ? initial_timeout_ns : 2 * round_trip_ns + slack_ns;
  if (elapsed_ns(reset.time_ns, facts.moment.time_ns) <= normal_ns) return;
  Anomaly& found = findings.note(traffic_after_rst, sent_by(facts.from), facts.moment, patience_ns);
  found.evidence.set(EvidenceName::other_frame, static_cast<std::int64_t>(reset.frame));
  found.evidence.set(EvidenceName::delay_ns, elapsed_ns(reset.time_ns, facts.moment.time_ns));
  if (closing.segments_after_reset != 0) {
    found.evidence.set(EvidenceName::resetter_segments, closing.segments_after_reset);
  }
  found.consider(Alternative::network_loss).consider(Alternative::injection);
}

void note_behind_fin(const SegmentFacts& facts, Findings& findings) {
  const EndpointMachine& machine = facts.machine(facts.from);
  const Segment& segment = facts.segment;
  if (!machine.sent_fin || segment.has(TcpFlags::rst | TcpFlags::syn)) return;
  const std::int32_t beyond = segment.data_end() - machine.fin;
  if (segment.payload_octets != 0 && beyond > 0) {
    findings.note(data_after_fin, sent_by(facts.from), facts.moment)
        .consider(Alternative::injection)
        .evidence.add(EvidenceName::bytes, std::min<std::int64_t>(beyond, segment.payload_octets));
  }
  if (segment.has(TcpFlags::fin) && beyond != 0) {
    findings.note(fin_seq_moved, sent_by(facts.from), facts.moment)
        .consider(Alternative::injection)
        .evidence.set(EvidenceName::distance, beyond);
  }
}

void note_linger(const ConnectionFacts& facts, Findings& findings, Side side, Moment moment) {
  if (!facts.watch->of(side).lingers) return;
  const std::int64_t idle_ns = elapsed_ns(facts.watch->since_ns, moment.time_ns);
  facts.watch->of(side).lingers = false;
  if (idle_ns < patience_ns) return;
  findings.note(close_wait_linger, sent_by(side), moment)
      .consider(Alternative::capture_loss)
      .evidence.set(EvidenceName::idle_ns, idle_ns);
}

void follow_closing(const SegmentFacts& facts, Findings& findings) {
  const Segment& segment = facts.segment;
  if (facts.before(facts.from) == TcpState::close_wait && segment.payload_octets > 1) {
    auto& own = facts.watch.keep<ClosingWatch>(facts.from);
    if (own.bytes_after == 0) own.first_after = facts.moment;
    own.bytes_after += segment.payload_octets;
    if (facts.watch->of(facts.from).lingers) facts.watch->since_ns = facts.moment.time_ns;
  }
  std::uint8_t& fins = facts.watch->fins[index_of(facts.from)];
  if (segment.has(TcpFlags::fin) && fins != 255) ++fins;
  if (facts.before(facts.from) == TcpState::time_wait) {
    facts.watch.keep<ClosingWatch>(facts.from).spoke_in_time_wait = true;
  }
  for (const Side side : {Side::client, Side::server}) {
    const bool waits = facts.machine(side).state == TcpState::close_wait;
    const bool waited = facts.before(side) == TcpState::close_wait;
    if (waits && !waited) {
      facts.watch->of(side).lingers = true;
      facts.watch->since_ns = facts.moment.time_ns;
    }
    if (waited && !waits) note_linger(facts, findings, side, facts.moment);
  }
}

void on_segment(const SegmentFacts& facts, Findings& findings) {
  note_flags(facts, findings);
  note_resetter(facts);
  note_traffic(facts, findings);
  if (facts.segment.has(TcpFlags::rst)) note_reset(facts, findings);
  note_behind_fin(facts, findings);
  follow_closing(facts, findings);
}

void on_verdict(const VerdictFacts& facts, Findings& findings) {
  const JudgedSegment& judged = facts.judged;
  const Verdict& verdict = judged.verdict;
  const AnomalyDirection direction = sent_by(judged.from);
  if (verdict.origin == Origin::retransmission && facts.is_fin()) {
    findings.note(fin_retransmission, direction, facts.moment(), patience_ns)
        .consider(Alternative::lost_acknowledgment);
  }
  if (verdict.acceptance != Acceptance::unacceptable_rst) return;
  const Anomaly* const opening = findings.newest(rst_in_syn_sent_bad_ack, direction);
  if (opening != nullptr && opening->last.frame == judged.frame) return;
  Anomaly& found = findings.note(rst_unacceptable, direction, facts.moment());
  const SendSpace& sent = facts.sent_by(judged.from);
  if (sent.has_sent())
    found.evidence.set_once(EvidenceName::distance, judged.begin - sent.snd_nxt());
  found.consider(Alternative::injection).consider(Alternative::capture_loss);
}

void note_unacknowledged_fin(const EndFacts& facts, Findings& findings, Side side) {
  const EndpointMachine& machine = facts.machine(side);
  const std::uint8_t fins = facts.watch->fins[index_of(side)];
  const bool over =
      machine.state == TcpState::closed || facts.machine(other(side)).state == TcpState::closed;
  if (!machine.sent_fin || machine.fin_acknowledged || over || fins == 0) return;
  if (facts.traffic(other(side)).packets == 0) return;
  const bool waited_long =
      fins > 1 || elapsed_ns(machine.changed_ns, facts.end.time_ns) >= initial_timeout_ns;
  if (!waited_long) return;
  Anomaly& found = findings.note(fin_unacked, sent_by(side), facts.last());
  found.evidence.set(EvidenceName::tries, fins);
  found.consider(Alternative::network_loss).consider(Alternative::capture_end);
  if (fins > 1) return;
  // Without an ACK it would have come again: rather the capture missed something.
  found.severity = note;
  found.confidence = Confidence::low;
  found.consider(Alternative::capture_loss);
}

void note_half_close(const EndFacts& facts, Findings& findings, Side side) {
  const auto& closing = facts.watch.of<ClosingWatch>(side);
  if (closing.bytes_after != 0) {
    Anomaly& found = findings.note(half_close, sent_by(side), facts.last());
    found.first = closing.first_after;
    found.evidence.set(EvidenceName::bytes_after, static_cast<std::int64_t>(closing.bytes_after));
  }
  note_linger(facts, findings, side, {.frame = facts.last().frame, .time_ns = facts.end.time_ns});
}

void on_end_of_side(const EndFacts& facts, Findings& findings, Side side) {
  note_unacknowledged_fin(facts, findings, side);
  note_half_close(facts, findings, side);
}

void on_end(const EndFacts& facts, Findings& findings) {
  const Teardown& teardown = facts.connection.states().teardown();
  if (teardown.crossed) {
    findings.note(simultaneous_close, AnomalyDirection::both, facts.last()).first = teardown.at;
  }
  const bool closed = facts.machine(Side::client).state == TcpState::closed ||
                      facts.machine(Side::server).state == TcpState::closed;
  const bool no_end = teardown.kind == TeardownKind::none || teardown.kind == TeardownKind::timeout;
  if (no_end && facts.has_data() && !closed) {
    findings.note(not_closed, AnomalyDirection::both, facts.last())
        .consider(Alternative::capture_end);
  }
}

}  // namespace

constinit const AnomalyFamily teardown_family{
    .name = "teardown",
    .kinds = kinds,
    .signs = Sign::syn | Sign::fin | Sign::reset | Sign::no_ack | Sign::closing,
    .on_segment = on_segment,
    .on_verdict = on_verdict,
    .on_end_of_side = on_end_of_side,
    .on_end = on_end};

}  // namespace tapdeck
