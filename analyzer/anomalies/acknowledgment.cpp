// What acknowledgments say, and how late.
#include <algorithm>
#include <span>

#include "analyzer/anomalies/facts.h"
#include "analyzer/anomalies/family.h"
#include "analyzer/anomalies/thresholds.h"

namespace tapdeck {
namespace {

using enum AnomalyType;
using enum Severity;

constexpr std::array kinds{
    AnomalyKind{duplicate_ack_run, "duplicate_ack_run", note,
                "Three or more duplicate ACKs while data was outstanding.",
                "The {sender} repeated an ACK up to {repeats|time|times} ({count|run|runs}): "
                "something behind it was missing[; up to {sacked_bytes} had arrived]."},
    AnomalyKind{
        ack_unsent, "ack_unsent", error, "An ACK of bytes that were never sent.",
        "The {sender} acknowledged bytes that the {receiver} never sent[, {distance} beyond "
        "the last]."},
    AnomalyKind{ack_too_old, "ack_too_old", warning,
                "An ACK older than any window allows (RFC 5961 section 5).",
                "The {sender} sent {count|ACK|ACKs} older than any window of this connection."},
    AnomalyKind{challenge_ack, "challenge_ack", info,
                "An ACK that answers a segment which was not acceptable (RFC 5961).",
                "The {sender} challenged {count|segment|segments} that it would not accept."},
    AnomalyKind{ack_storm, "ack_storm", error, "Both ends answer each other's ACKs without end.",
                "The two ends sent each other {count|ACK|ACKs} in {duration} with no data between "
                "them."},
    AnomalyKind{delayed_ack_long, "delayed_ack_long", note,
                "Data waited longer for its ACK than delayed ACKs should (RFC 1122 section "
                "4.2.3.2).",
                "The {sender} let data wait for its ACK {count|time|times}, for up to "
                "{longest_delay_ns}."},
    AnomalyKind{
        stretch_ack, "stretch_ack", info, "ACKs cover more than two full segments each.",
        "{count|ACK|ACKs} of the {sender} covered more than two full segments{count?| each}, "
        "up to {largest_bytes}."},
    AnomalyKind{sack_reneging, "sack_reneging", error, "What a SACK said had arrived was not kept.",
                "The {sender} took back what it had said to hold: {bytes} {bytes?was|were} sent "
                "again although a SACK had covered {bytes?it|them}."},
    AnomalyKind{bad_sack, "bad_sack", error, "A SACK block that makes no sense.",
                "The {sender} sent {count|SACK block|SACK blocks} that no data of this connection "
                "fits: something on the way rewrites sequence numbers, or the host is broken."},
    AnomalyKind{dsack, "dsack", info, "The receiver reports data that arrived twice (RFC 2883).",
                "The {sender} reported {count|time|times} that data had arrived twice."},
    AnomalyKind{ts_violation, "ts_violation", warning,
                "Timestamps are missing, or echo what was never sent (RFC 7323 section 3.2).",
                "{count|segment|segments} of the {sender} came without the timestamps that were "
                "agreed on."},
    AnomalyKind{
        ecn_congestion, "ecn_congestion", note,
        "The network marked packets instead of dropping them (RFC 3168); a warning if the marks "
        "are lost.",
        "[The network marked {marked|packet|packets} of the {sender} for congestion.][The {sender} "
        "told of congestion in {unagreed|segment|segments} although that was not agreed on.][The "
        "{sender} said nothing of {unechoed|mark|marks} on data that it acknowledged: something "
        "on the way clears them, or it ignores them.]"},
};

/// RFC 5681 section 3.2: as many duplicate ACKs tell of a loss.
constexpr std::uint32_t telling_run = 3;

void note_run(const VerdictFacts& facts, Findings& findings) {
  const JudgedSegment& judged = facts.judged;
  const Moment moment = facts.moment();
  const Side acknowledged = other(judged.from);
  auto& answer = facts.watch.keep<AnswerWatch>(judged.from);
  const SeqNum ack = facts.sent_by(acknowledged).snd_una();
  if (answer.run == 0 || !(answer.run_ack == ack)) {
    answer.run = 0;
    answer.run_ack = ack;
    answer.run_first = moment;
  }
  ++answer.run;
  if (answer.run < telling_run) return;
  const AnomalyDirection direction = sent_by(judged.from);
  Anomaly* found = findings.newest(duplicate_ack_run, direction);
  if (answer.run == telling_run || found == nullptr) {
    found = &findings.note(duplicate_ack_run, direction, moment);
    found->include(answer.run_first);
  }
  found->include(moment);
  found->evidence.raise(EvidenceName::repeats, answer.run);
  if (const Transfer* const transfer = facts.transfer(acknowledged);
      transfer != nullptr && !transfer->sacked.empty()) {
    found->evidence.raise(EvidenceName::sacked_bytes, transfer->sacked.octets());
  }
  found->consider(Alternative::network_loss).consider(Alternative::reordering);
}

void on_verdict(const VerdictFacts& facts, Findings& findings) {
  const JudgedSegment& judged = facts.judged;
  const Moment moment = facts.moment();
  const AnomalyDirection direction = sent_by(judged.from);
  const Verdict& verdict = judged.verdict;
  if (verdict.ack == AckVerdict::duplicate_ack) note_run(facts, findings);
  if (verdict.ack == AckVerdict::challenge_ack) findings.note(challenge_ack, direction, moment);
  if (verdict.delivery_reason == DeliveryReason::reneged) {
    findings.note(sack_reneging, sent_by(other(judged.from)), moment)
        .evidence.add(EvidenceName::bytes, judged.payload_octets);
  }
  const bool too_old = facts.watch.of<AnswerWatch>(judged.from).old_ack_frame == judged.frame;
  // Of a connection that the other end has forgotten.
  const bool held_over = (verdict.connection_words & ConnectionWord::half_open) != 0;
  if (verdict.acceptance == Acceptance::unacceptable_ack && !too_old && !held_over) {
    findings.note(ack_unsent, direction, moment)
        .consider(Alternative::capture_loss)
        .consider(Alternative::injection);
  }
}

/// The bytes of the last segment with a wrong checksum, which only its receiver took.
bool is_of_damaged(const WayOfSide& way, const SackBlock& block) {
  return way.damaged != WayOfSide::Damaged::nothing && SeqNum{block.right_edge} == way.damaged_end;
}

/// Blocks of bytes that lie further above all that was sent than any window reaches, or that end
/// before they begin.
void note_blocks(const SegmentFacts& facts, Findings& findings) {
  const TcpOptions& options = facts.segment.options;
  if (options.sack_block_count == 0) return;
  const SendSpace& sent = facts.sent_by(other(facts.from));
  const Transfer* const transfer = facts.transfer(other(facts.from));
  if (!sent.has_sent() || transfer == nullptr) return;
  const std::uint32_t reach = std::max(transfer->flight.greatest_window, unscaled_window);
  const auto blocks = std::span(options.sack_blocks).first(options.sack_block_count);
  std::uint32_t bad = 0;
  const WayOfSide& way = facts.conversation.details->ways[index_of(other(facts.from))];
  for (const SackBlock& block : blocks) {
    const SeqNum begin{block.left_edge};
    const SeqNum end{block.right_edge};
    const bool above = precedes(sent.snd_nxt() + reach, end);
    const bool below = precedes(end, sent.lowest());
    if ((!precedes(begin, end) || above || below) && !is_of_damaged(way, block)) ++bad;
  }
  if (bad != 0) {
    Anomaly& found = findings.note(bad_sack, sent_by(facts.from), facts.moment);
    found.count += bad - 1;
    found.consider(Alternative::middlebox);
    return;
  }
  if (facts.segment.reports_second_copy()) {
    findings.note(dsack, sent_by(facts.from), facts.moment)
        .evidence.add(EvidenceName::bytes, blocks[0].right_edge - blocks[0].left_edge);
  }
}

/// RFC 7323 section 3.2: once agreed on they are in every segment but resets.
void note_timestamps(const SegmentFacts& facts, Findings& findings) {
  if ((facts.signs & Sign::no_timestamps) == 0) return;
  if (facts.segment.has(TcpFlags::rst | TcpFlags::syn)) return;
  findings.note(ts_violation, sent_by(facts.from), facts.moment).consider(Alternative::middlebox);
}

/// RFC 5961 section 5: no ACK in flight is older than the largest window.
void note_old(const SegmentFacts& facts, Findings& findings) {
  const SendSpace& sent = facts.sent_by(other(facts.from));
  const Transfer* const transfer = facts.transfer(other(facts.from));
  if (!facts.segment.has(TcpFlags::ack) || facts.segment.has(TcpFlags::syn | TcpFlags::rst)) return;
  if (!sent.has_snd_una() || transfer == nullptr || transfer->flight.greatest_window == 0) return;
  const auto window = static_cast<std::int32_t>(
      std::min<std::uint32_t>(transfer->flight.greatest_window, 0x3fffffffU));
  if (sent.snd_una() - facts.segment.seg_ack <= window) return;
  facts.watch.keep<AnswerWatch>(facts.from).old_ack_frame = facts.moment.frame;
  findings.note(ack_too_old, sent_by(facts.from), facts.moment)
      .evidence.raise(EvidenceName::distance, sent.snd_una() - facts.segment.seg_ack);
}

/// RFC 3168 section 6.1.1: the SYN asks with both flags, the SYN+ACK agrees with one.
void note_negotiation(const SegmentFacts& facts) {
  const bool echo = facts.segment.has(TcpFlags::ece);
  const bool reduced = facts.segment.has(TcpFlags::cwr);
  if (facts.segment.is_syn()) {
    facts.watch->ecn_asked = echo && reduced;
  } else if (facts.connection.handshake().syn_frame()) {
    facts.watch->ecn = !echo && !reduced                            ? Ecn::refused
                       : facts.watch->ecn_asked && echo && !reduced ? Ecn::agreed
                                                                    : Ecn::other;
  }
}

/// RFC 3168 section 6.1.3: the receiver of a mark says so in every ACK until the sender reacts.
void note_congestion(const SegmentFacts& facts, Findings& findings) {
  const Segment& segment = facts.segment;
  const Side receiver = other(facts.from);
  if ((facts.signs & Sign::congestion) != 0) {
    findings.note(ecn_congestion, sent_by(facts.from), facts.moment)
        .evidence.add(EvidenceName::marked, 1);
    if (facts.watch->ecn == Ecn::agreed && facts.result.seen.advances &&
        segment.payload_octets != 0) {
      auto& told = facts.watch.keep<EcnWatch>(receiver);
      told.waits = true;
      told.marked_end = segment.data_end();
    }
  }
  if ((facts.signs & Sign::ecn_echo) != 0 && facts.watch->ecn == Ecn::refused) {
    facts.watch.keep<EcnWatch>(facts.from).unagreed.add(facts.moment);
  }
  const auto& own = facts.watch.of<EcnWatch>(facts.from);
  if (own.waits && segment.has(TcpFlags::ack) && at_or_before(own.marked_end, segment.seg_ack)) {
    auto& told = facts.watch.keep<EcnWatch>(facts.from);
    told.waits = false;
    segment.has(TcpFlags::ece) ? void(++told.echoed) : told.unechoed.add(facts.moment);
  }
  if (facts.watch.of<EcnWatch>(receiver).waits || own.waits) facts.watch->alert = true;
}

void on_segment(const SegmentFacts& facts, Findings& findings) {
  if ((facts.signs & Sign::syn) != 0) return note_negotiation(facts);
  note_blocks(facts, findings);
  note_timestamps(facts, findings);
  note_old(facts, findings);
  if (!facts.segment.has(TcpFlags::rst)) note_congestion(facts, findings);
}

void note_delays(const EndFacts& facts, Findings& findings, Side side) {
  constexpr std::int64_t allowed_ns = 500'000'000;  // RFC 1122 section 4.2.3.2
  const auto& late = facts.watch.of<LateWatch>(side);
  if (late.count == 0) return;
  Anomaly& found = findings.note(delayed_ack_long, sent_by(other(side)), late.first);
  found.include(late.last);
  found.count = late.count;
  found.evidence.set(EvidenceName::longest_delay_ns, late.longest_delay_ns);
  found.confidence = Confidence::medium;
  found.consider(Alternative::lost_acknowledgment).consider(Alternative::slow_network);
  if (late.longest_delay_ns > allowed_ns && late.count > 1) found.at_least(warning);
}

void note_stretch(const EndFacts& facts, Findings& findings, Side side) {
  constexpr std::uint32_t many = 10;
  const auto& late = facts.watch.of<LateWatch>(side);
  if (late.stretched < many || late.stretched * 2 < facts.watch->of(side).acks) return;
  Anomaly& found = note_whole(facts, findings, stretch_ack, sent_by(other(side)));
  found.count = late.stretched;
  found.evidence.set(EvidenceName::largest_bytes, late.largest_stretch);
  found.consider(Alternative::offload);
}

void note_ecn(const EndFacts& facts, Findings& findings, Side side) {
  const auto& told = facts.watch.of<EcnWatch>(side);
  const auto tell = [&](const EcnWatch::Tally& tally, EvidenceName name) -> Anomaly& {
    Anomaly& found = findings.note_alone(ecn_congestion, sent_by(side), tally.first);
    found.include(tally.last);
    found.count = tally.count;
    found.evidence.set(name, tally.count);
    return found.consider(Alternative::middlebox);
  };
  if (told.unagreed.count != 0) tell(told.unagreed, EvidenceName::unagreed);
  if (told.unechoed.count > told.echoed) {
    tell(told.unechoed, EvidenceName::unechoed).at_least(warning);
  }
}

void on_end_of_side(const EndFacts& facts, Findings& findings, Side side) {
  note_ecn(facts, findings, side);
  note_delays(facts, findings, side);
  note_stretch(facts, findings, side);
}

}  // namespace

constinit const AnomalyFamily acknowledgment_family{
    .name = "acknowledgment",
    .kinds = kinds,
    .signs = Sign::syn | Sign::sack | Sign::no_timestamps | Sign::old_ack | Sign::congestion |
             Sign::ecn_echo | Sign::awaited,
    .on_segment = on_segment,
    .on_verdict = on_verdict,
    .on_end_of_side = on_end_of_side};

}  // namespace tapdeck
