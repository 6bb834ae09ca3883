// What became of the data: sent again, lost, overtaken, refused.
#include <algorithm>

#include "analyzer/anomalies/facts.h"
#include "analyzer/anomalies/family.h"
#include "analyzer/anomalies/repeats.h"
#include "analyzer/anomalies/thresholds.h"
#include "captures/elapsed.h"

namespace tapdeck {
namespace {

using enum AnomalyType;
using enum Severity;

constexpr std::array kinds{
    AnomalyKind{
        rto_retransmission, "rto_retransmission", warning,
        "Segments were sent again because the retransmission timer fired (RFC 6298).",
        "[{segments|segment was|segments were} lost {lost_where}; ]the {sender} waited "
        "[{longest_silence_ns}, ]its {timeouts#} timeout, before it sent again[, frame "
        "{from_frame} first][; {needless|segment was|segments were} sent again needlessly]."},
    AnomalyKind{fast_retransmission, "fast_retransmission", note,
                "ACKs told the sender of a loss and it repaired it at once (RFC 5681, 6675, 8985).",
                "The {sender} repaired {count|loss|losses} at once[, lost {lost_where}], told by "
                "the {receiver}'s ACKs[; {sacked_bytes} had arrived behind the hole]."},
    AnomalyKind{sack_recovery_retx, "sack_recovery_retx", note,
                "More segments of a recovery that had begun were sent again (RFC 6675, 8985).",
                "The {sender} sent {segments|more segment|more segments} again while it recovered "
                "from a loss[, lost {lost_where}]."},
    AnomalyKind{
        tlp_probe, "tlp_probe", info,
        "The last segment was sent again to draw an ACK before the timer fires (RFC 8985 "
        "section 7).",
        "The {sender} probed for a lost tail {count|time|times}, after {longest_silence_ns} "
        "of silence at most."},
    AnomalyKind{spurious_retransmission, "spurious_retransmission", note,
                "Segments were sent again although an earlier copy had arrived.",
                "The {sender} sent {segments|segment|segments} ({bytes}) again needlessly: an "
                "earlier copy had reached the {receiver}."},
    AnomalyKind{retransmission_after_ack_loss, "retransmission_after_ack_loss", note,
                "Segments were sent again because the ACKs of them got lost.",
                "The {sender} sent {segments|segment|segments} again that had arrived: the "
                "{receiver}'s ACKs got lost on their way to it."},
    AnomalyKind{
        repeated_loss, "repeated_loss", warning, "The same bytes were sent three times or more.",
        "The {sender} had to send the bytes of frame {from_frame} {tries|time|times}[, within "
        "{delay_ns}]."},
    AnomalyKind{connection_stalled_abort, "connection_stalled_abort", error,
                "Retries without an answer, then silence or a reset.",
                "The {sender} sent the same bytes {tries|time|times} without an answer and gave "
                "up[; the {receiver}'s last word was {idle_ns} before]."},
    AnomalyKind{reordering, "reordering", note, "Segments were overtaken on their way.",
                "{segments|segment|segments} of the {sender} {segments?was overtaken on "
                "its|were overtaken on their} way[, by up to {longest_delay_ns}]."},
    AnomalyKind{upstream_loss, "upstream_loss", warning,
                "Bytes were lost between their sender and this capture point.",
                "{bytes} of the {sender} {bytes?was|were} lost before this capture point[; the "
                "repair took {longest_delay_ns}]."},
    AnomalyKind{capture_loss, "capture_loss", info,
                "Bytes were delivered that this capture never held: the capture missed them.",
                "The capture missed {bytes} of the {sender} in {count|place|places}; the "
                "{receiver} has {bytes?it|them}."},
    AnomalyKind{out_of_window_data, "out_of_window_data", warning,
                "Data lies outside every window that the receiver offered (RFC 9293 section "
                "3.10.7.4).",
                "The {sender} sent {segments|segment|segments} outside the window that the "
                "{receiver} offered[, {segments?|the first }{distance} {distance<below|above} its "
                "right edge]."},
    AnomalyKind{inconsistent_overlap, "inconsistent_overlap", error,
                "The same bytes were sent with different content: an injection or a broken host.",
                "Frames {other_frame} and {last_frame} hold different content for the same {bytes} "
                "of the {sender}."},
    AnomalyKind{old_duplicate, "old_duplicate", warning,
                "A segment's timestamp is older than what was accepted (PAWS, RFC 7323 section 5).",
                "{segments|segment|segments} of the {sender} came with an old clock and "
                "{segments?was|were} refused."},
    AnomalyKind{zero_len_storm, "zero_len_storm", note, "Many empty segments that say nothing new.",
                "The {sender} sent {count|empty segment|empty segments} that say nothing new, "
                "within {duration}."},
    AnomalyKind{tinygram, "tinygram", note,
                "Many small segments while others were in flight: Nagle's algorithm is off.",
                "{share_percent} of the {sender}'s {segments|segment|segments} were small and sent "
                "while others were under way."},
    AnomalyKind{
        nagle_delack_stall, "nagle_delack_stall", warning,
        "The end of a write waited for an ACK that the receiver delayed.",
        "{count|time|times} the {sender} held back the end of a write until the {receiver}'s "
        "delayed ACK came: {total_delay_ns} in all, {longest_delay_ns} at most."},
    AnomalyKind{pmtud_blackhole, "pmtud_blackhole", error,
                "Large segments are lost again and again where smaller ones pass.",
                "Segments of {largest_bytes} did not pass in {tries|try|tries} where smaller ones "
                "did: something on the way drops large packets without a word."},
    AnomalyKind{mss_exceeded, "mss_exceeded", warning,
                "Segments are longer than the receiver said it takes, and not by offload.",
                "The {sender} sent segments of up to {largest_bytes} where the {receiver} takes "
                "{expected|byte|bytes}."},
    AnomalyKind{urgent_odd, "urgent_odd", note,
                "Urgent data, or an urgent pointer that makes no sense (RFC 6093).",
                "The {sender} used the urgent pointer in {count|segment|segments}."},
};

/// RFC 1122 section 4.2.3.5: R1, after which a sender may believe the way broken.
constexpr std::uint32_t first_threshold = 3;

void note_refused(const VerdictFacts& facts, Findings& findings) {
  const JudgedSegment& judged = facts.judged;
  const Acceptance acceptance = judged.verdict.acceptance;
  if (judged.payload_octets != 0 && acceptance == Acceptance::out_of_window) {
    Anomaly& found = findings.note(out_of_window_data, sent_by(judged.from), facts.moment());
    found.evidence.add(EvidenceName::segments, 1);
    if (const Transfer* const transfer = facts.transfer(judged.from);
        transfer != nullptr && transfer->window.scaled) {
      found.evidence.set_once(EvidenceName::distance, judged.begin - transfer->window.right_edge);
    }
    found.consider(Alternative::injection).consider(Alternative::capture_loss);
  }
  if (acceptance == Acceptance::old_duplicate) {
    findings.note(old_duplicate, sent_by(judged.from), facts.moment())
        .consider(Alternative::reordering)
        .evidence.add(EvidenceName::segments, 1);
  }
}

void note_capture_loss(const VerdictFacts& facts, Findings& findings, Side sender,
                       std::uint32_t octets) {
  Anomaly& found = findings.note(capture_loss, sent_by(sender), facts.moment());
  found.evidence.add(EvidenceName::bytes, octets);
  found.consider(Alternative::network_loss);
}

void on_verdict(const VerdictFacts& facts, Findings& findings) {
  const JudgedSegment& judged = facts.judged;
  const Verdict& verdict = judged.verdict;
  if (verdict.origin == Origin::retransmission) note_retransmission(facts, findings);
  // A gap that was filled before it opened shows records of the capture out of order.
  if (verdict.origin == Origin::out_of_order && judged.gap_open_ns >= 0) {
    Anomaly& found = findings.note(reordering, sent_by(judged.from), facts.moment());
    found.evidence.add(EvidenceName::segments, 1);
    if (judged.gap_open_ns > 0) {
      found.evidence.raise(EvidenceName::longest_delay_ns, judged.gap_open_ns);
    }
    found.confidence = verdict.confidence;
    found.consider(Alternative::network_loss).consider(Alternative::capture_loss);
  }
  if (judged.gap_not_captured) {
    note_capture_loss(facts, findings, judged.from, judged.gap_octets);
  }
  if (verdict.not_captured && verdict.ack == AckVerdict::acks_unseen_data) {
    note_capture_loss(facts, findings, other(judged.from), judged.unseen_octets);
  }
  // A FIN alone, where there was data, holds nothing that could differ.
  if (judged.conflicts && judged.payload_octets != 0) {
    Anomaly& found = findings.note(inconsistent_overlap, sent_by(judged.from), facts.moment());
    found.evidence.set_once(EvidenceName::other_frame,
                            static_cast<std::int64_t>(judged.earlier_frame));
    found.evidence.add(EvidenceName::bytes, judged.payload_octets);
    found.confidence = Confidence::high;
    found.consider(Alternative::middlebox);
  }
  note_refused(facts, findings);
}

/// Segments that say nothing new, one behind the other.
void note_empty(const SegmentFacts& facts, Findings& findings) {
  constexpr std::uint32_t storm = 20;               // segments
  constexpr std::int64_t storm_ns = 1'000'000'000;  // faster than any timer repeats itself
  if ((facts.signs & Sign::empty) == 0) return;
  auto& empty = facts.watch.keep<EmptyWatch>(Side::client);
  if (!facts.watch->empty_run || facts.watch->silence_ns() > storm_ns / storm) {
    empty = {.run = 0, .by = {}, .first = facts.moment};
  }
  facts.watch->empty_run = true;
  ++empty.run;
  ++empty.by[index_of(facts.from)];
  if (empty.run < storm) return;
  const auto [client, server] = empty.by;
  const bool traded = std::min(client, server) * 4 >= std::max(client, server);
  Anomaly& found = traded ? findings.note(ack_storm, AnomalyDirection::both, facts.moment)
                          : findings.note(zero_len_storm, sent_by(facts.from), facts.moment);
  found.include(empty.first);
  found.count = std::max<std::uint64_t>(found.count, empty.run);
}

void on_segment(const SegmentFacts& facts, Findings& findings) {
  note_empty(facts, findings);
  const bool urgent = facts.segment.has(TcpFlags::urg);
  if (!urgent && facts.segment.urgent_pointer == 0) return;
  if (facts.segment.has(TcpFlags::rst)) return;
  findings.note(urgent_odd, sent_by(facts.from), facts.moment)
      .evidence.set(EvidenceName::found, facts.segment.urgent_pointer);
}

void note_small(const EndFacts& facts, Findings& findings, Side side) {
  constexpr std::uint32_t many = 20, quarter = 4;
  const SideWatch& pace = facts.watch->of(side);
  if (pace.small < many || pace.small * quarter < pace.segments) return;
  Anomaly& found = note_whole(facts, findings, tinygram, sent_by(side));
  found.count = pace.small;
  found.evidence.set(EvidenceName::segments, pace.segments);
  found.evidence.set(EvidenceName::share_percent, pace.small * 100 / pace.segments);
}

/// A pause of this length before the rest of a write may be chance once, or now and then.
void note_stalls(const EndFacts& facts, Findings& findings, Side side) {
  constexpr std::uint32_t few = 2;
  const auto& stall = facts.watch.of<StallWatch>(side);
  if (stall.stalls < few || stall.stalls * 2 < stall.bursts) return;
  Anomaly& found = findings.note(nagle_delack_stall, sent_by(side), stall.first);
  found.include(stall.last);
  found.count = stall.stalls;
  found.evidence.set(EvidenceName::total_delay_ns, stall.stalled_ns);
  found.evidence.set(EvidenceName::longest_delay_ns, stall.longest_ns);
  found.consider(Alternative::slow_application);
}

/// The same bytes again and again, no answer, and then silence or a reset.
void note_abort(const EndFacts& facts, Findings& findings, Side side) {
  const Transfer* const transfer = facts.transfer(side);
  const SendSpace& sent = facts.sent_by(side);
  if (transfer == nullptr || !sent.has_snd_una() || !precedes(sent.snd_una(), sent.snd_nxt())) {
    return;
  }
  const SentSegments& segments = transfer->sent;
  const std::size_t place = segments.find_ending_after(sent.snd_una());
  if (place == segments.size()) return;
  const SentSegment& stuck = segments[place];
  const bool only_fin = facts.machine(side).sent_fin && stuck.begin == facts.machine(side).fin;
  const bool only_syn = sent.has_iss() && stuck.begin == sent.iss();
  const std::uint32_t tries = sendings_of(facts, side, sent.snd_una()).count;
  if (tries <= first_threshold || only_fin || only_syn) return;
  const Moment last = facts.last();
  if (elapsed_ns(stuck.first_ns, last.time_ns) < least_timeout_ns) return;
  Anomaly& found = findings.note(connection_stalled_abort, sent_by(side),
                                 {.frame = stuck.frame, .time_ns = stuck.last_ns});
  found.include(last);
  found.evidence.set(EvidenceName::tries, tries);
  found.evidence.set(EvidenceName::idle_ns, elapsed_ns(stuck.first_ns, last.time_ns));
  found.confidence = Confidence::medium;
  found.consider(Alternative::capture_end).consider(Alternative::network_loss);
}

/// Only where no segment shows that a network card cuts and joins them.
void note_too_long(const EndFacts& facts, Findings& findings, Side side) {
  constexpr std::uint32_t ethernet_payload = 1'460;
  const Transfer* const transfer = facts.transfer(side);
  const auto taken = side == Side::client ? facts.connection.handshake().server_options()
                                          : facts.connection.handshake().client_options();
  if (transfer == nullptr || !taken || !taken->maximum_segment_size) return;
  const std::uint32_t largest = transfer->largest_payload;
  const std::uint32_t allowed = *taken->maximum_segment_size;
  if (largest <= allowed || largest > ethernet_payload || largest == 2 * allowed) return;
  if (transfer->sends_offloaded || allowed == 0) return;
  Anomaly& found = note_whole(facts, findings, mss_exceeded, sent_by(side));
  found.evidence.set(EvidenceName::largest_bytes, largest);
  found.evidence.set(EvidenceName::expected, allowed);
  found.confidence = Confidence::low;
  found.consider(Alternative::offload).consider(Alternative::middlebox);
}

void on_end_of_side(const EndFacts& facts, Findings& findings, Side side) {
  note_small(facts, findings, side);
  note_stalls(facts, findings, side);
  note_abort(facts, findings, side);
  note_too_long(facts, findings, side);
}

}  // namespace

constinit const AnomalyFamily data_family{.name = "data",
                                          .kinds = kinds,
                                          .signs = Sign::empty | Sign::urgent,
                                          .on_segment = on_segment,
                                          .on_verdict = on_verdict,
                                          .on_end_of_side = on_end_of_side};

}  // namespace tapdeck
