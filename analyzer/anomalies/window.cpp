// What the receiver lets the sender send, and what the sender makes of it.
#include <array>
#include <limits>

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
        zero_window, "zero_window", note,
        "The receiver closed its window: its application does not read.",
        "The {sender} closed its window for [{closed_frame?}at least ]{total_delay_ns}[, in "
        "{count|stall|stalls}]: its application did not read[; the {receiver} probed "
        "{probes|time|times}][; the window never opened again in this capture, up to frame "
        "{closed_frame}]."},
    AnomalyKind{zwp, "zwp", note, "The sender asks whether a closed window is still closed.",
                "The {sender} probed the {receiver}'s closed window {count|time|times}."},
    AnomalyKind{zwp_unanswered, "zwp_unanswered", error,
                "Probes of a closed window were not answered.",
                "The {receiver} did not answer the last {unanswered|probe|probes} of its closed "
                "window."},
    AnomalyKind{window_update_lost, "window_update_lost", warning,
                "The window was opened again, but the sender stayed silent until it asked.",
                "The {sender} did not hear that the window was open again and stayed silent for "
                "{delay_ns}."},
    AnomalyKind{
        window_shrunk, "window_shrunk", warning,
        "The window's right edge moved left (RFC 9293 section 3.8.6).",
        "The {sender} took back {count|time|times} a part of the window that it had offered."},
    AnomalyKind{window_full, "window_full", note, "The sender used the offered window up.",
                "The {sender} filled the {receiver}'s window {count|time|times}[, of up to "
                "{window_bytes}]."},
    AnomalyKind{receiver_limited, "receiver_limited", note,
                "The receiver's window held the sender back for most of the time.",
                "The {receiver}'s window held the {sender} back for {share_percent} of the time "
                "that data was under way."},
    AnomalyKind{small_window_no_scale, "small_window_no_scale", note,
                "Without window scaling the window is too small for the path (RFC 7323).",
                "Without window scaling the {sender} can have 65,535 bytes under way, and used up "
                "all of it[ over a round trip of {round_trip_ns}]."},
    AnomalyKind{keep_alive, "keep_alive", info,
                "A silent connection was asked whether its peer is still there; a warning if the "
                "peer did not answer.",
                "The {sender} asked {count|time|times} whether the {receiver} is still there[, "
                "after {idle_ns} of silence][; {unanswered|question was|questions were} not "
                "answered]."},
    AnomalyKind{idle_slow_start, "idle_slow_start", note,
                "After a pause the sender began slowly again (RFC 5681 section 4.1).",
                "After {idle_ns} of silence the {sender} began again with {bytes} under way, "
                "where it had had {flight_bytes}."},
    AnomalyKind{cwnd_collapse, "cwnd_collapse", note,
                "After a timeout the sender began slowly again.",
                "After a timeout the {sender} began again with {bytes} under way, where it had "
                "had {flight_bytes}."},
};

/// Keep-alives come hours apart, and are one story all the same.
constexpr std::int64_t always_ns = std::numeric_limits<std::int64_t>::max();
/// A persist timer backs off to a minute or two (RFC 9293 section 3.8.6.1, Linux).
constexpr std::int64_t longest_persist_ns = 120'000'000'000;
/// The least that a retransmission or persist timer runs in wide use (Linux).
constexpr std::int64_t least_timer_ns = 200'000'000;
/// A shorter stall is flow control at work; a longer one is noticed by whoever waits.
constexpr std::int64_t noticed_ns = 1'000'000'000;
/// So many questions in a row without an answer: one may get lost.
constexpr std::uint32_t telling_silence = 2;

/// Somebody waits for the window to open.
void tell_stall(Findings& findings, Side closer, AnswerWatch& answer) {
  if (answer.told) return;
  answer.told = true;
  findings.note(zero_window, sent_by(closer), answer.closed_at)
      .consider(Alternative::slow_application);
}

void note_zero(const VerdictFacts& facts, Findings& findings) {
  const JudgedSegment& judged = facts.judged;
  auto& answer = facts.watch.keep<AnswerWatch>(judged.from);
  facts.watch->alert = true;
  if (!answer.closed) {
    answer.closed = true;
    answer.told = false;
    answer.closed_at = facts.moment();
    answer.reopened = false;
    answer.probes_of_stall = 0;
    return;
  }
  // Who says it again was asked, whether that was seen or not.
  tell_stall(findings, judged.from, answer);
  if (Anomaly* const found = findings.newest(zero_window, sent_by(judged.from))) {
    found->include(facts.moment());
  }
}

void note_probe(const VerdictFacts& facts, Findings& findings) {
  const JudgedSegment& judged = facts.judged;
  const Side closed = other(judged.from);
  auto& answer = facts.watch.keep<AnswerWatch>(closed);
  facts.watch->alert = true;
  findings.note(zwp, sent_by(judged.from), facts.moment(), longest_persist_ns);
  if (answer.closed) tell_stall(findings, closed, answer);
  if (Anomaly* const stall = findings.newest(zero_window, sent_by(closed))) {
    stall->evidence.add(EvidenceName::probes, 1);
  }
  ++answer.probes_of_stall;
  if (++answer.probes <= telling_silence) return;
  findings.note(zwp_unanswered, sent_by(judged.from), facts.moment(), longest_persist_ns)
      .consider(Alternative::network_loss)
      .evidence.raise(EvidenceName::unanswered, answer.probes);
}

void note_question(const VerdictFacts& facts, Findings& findings) {
  const JudgedSegment& judged = facts.judged;
  auto& answer = facts.watch.keep<AnswerWatch>(other(judged.from));
  facts.watch->alert = true;
  Anomaly& found = findings.note(keep_alive, sent_by(judged.from), facts.moment(), always_ns);
  found.evidence.raise(EvidenceName::idle_ns, facts.watch->silence_ns());
  if (++answer.questions < telling_silence) return;
  found.evidence.raise(EvidenceName::unanswered, answer.questions);
  found.at_least(warning).consider(Alternative::network_loss);
}

/// Behind the peer's FIN nothing more has to fit: that alone is no trouble, but it counts with what
/// was.
void note_shrunk(const VerdictFacts& facts, Findings& findings) {
  const JudgedSegment& judged = facts.judged;
  const AnomalyDirection direction = sent_by(judged.from);
  if (!facts.machine(judged.from).peer_fin_received) {
    findings.note(window_shrunk, direction, facts.moment()).consider(Alternative::middlebox);
  } else if (Anomaly* const found = findings.newest(window_shrunk, direction)) {
    found->include(facts.moment());
    ++found->count;
  }
}

void on_verdict(const VerdictFacts& facts, Findings& findings) {
  const JudgedSegment& judged = facts.judged;
  if (judged.verdict.origin == Origin::window_probe) note_probe(facts, findings);
  if (judged.verdict.origin == Origin::keep_alive) note_question(facts, findings);
  switch (judged.verdict.window) {
    case WindowVerdict::none:
    case WindowVerdict::window_update:
      return;
    case WindowVerdict::zero_window:
      return note_zero(facts, findings);
    case WindowVerdict::window_full: {
      Anomaly& found = findings.note(window_full, sent_by(judged.from), facts.moment());
      if (const Transfer* const transfer = facts.transfer(judged.from)) {
        found.evidence.raise(EvidenceName::window_bytes, transfer->flight.greatest_window);
      }
      return;
    }
    case WindowVerdict::window_shrunk:
      return note_shrunk(facts, findings);
  }
}

void end_stall(Findings& findings, Side side, AnswerWatch& answer, Moment moment, bool opens) {
  tell_stall(findings, side, answer);
  if (Anomaly* const found = findings.newest(zero_window, sent_by(side))) {
    found->include(moment);
    found->evidence.add(EvidenceName::total_delay_ns,
                        elapsed_ns(answer.closed_at.time_ns, moment.time_ns));
    if (!opens) {
      found->evidence.set(EvidenceName::closed_frame, static_cast<std::int64_t>(moment.frame));
    }
    if (found->evidence.get(EvidenceName::total_delay_ns).value_or(0) >= noticed_ns) {
      found->at_least(warning);
    }
  }
  answer.closed = false;
}

/// The peer of `facts.from` had opened its window again, and `facts.from` didn't hear it: it goes
/// on asking, in its timer's rhythm.
void note_unheard(const SegmentFacts& facts, Findings& findings) {
  if (!facts.watch.of<AnswerWatch>(other(facts.from)).reopened) return;
  auto& peers = facts.watch.keep<AnswerWatch>(other(facts.from));
  const Segment& segment = facts.segment;
  const SendSpace& sent = facts.sent_by(facts.from);
  const bool asks = segment.payload_octets <= 1 &&
                    (segment.payload_octets == 1 || segment.seg_seq + 1 == sent.snd_una());
  const std::int64_t delay_ns = elapsed_ns(peers.reopened_ns, facts.moment.time_ns);
  if (segment.payload_octets == 0 && !asks) return;
  peers.reopened = false;
  if (!asks || delay_ns <= least_timer_ns + facts.round_trip_ns()) return;
  if (delay_ns > longest_persist_ns || peers.probes_of_stall == 0) return;
  findings.note(window_update_lost, sent_by(facts.from), facts.moment)
      .consider(Alternative::slow_application)
      .evidence.raise(EvidenceName::delay_ns, delay_ns);
}

/// Who is waited for speaks.
void note_answer(const SegmentFacts& facts, Findings& findings) {
  const Segment& segment = facts.segment;
  auto& own = facts.watch.keep<AnswerWatch>(facts.from);
  own.probes = own.questions = 0;
  const bool opens =
      own.closed && segment.window_field != 0 && !segment.has(TcpFlags::syn | TcpFlags::rst);
  const bool ends = own.closed && segment.has(TcpFlags::rst);
  if (!opens && !ends) return;
  end_stall(findings, facts.from, own, facts.moment, opens);
  own.reopened = opens;
  own.reopened_ns = facts.moment.time_ns;
}

/// Data for a closed window: its sender can't wait.
void note_pressing(const SegmentFacts& facts, Findings& findings) {
  const Side closer = other(facts.from);
  if (facts.segment.payload_octets == 0 || !facts.watch.of<AnswerWatch>(closer).closed) return;
  tell_stall(findings, closer, facts.watch.keep<AnswerWatch>(closer));
}

void on_segment(const SegmentFacts& facts, Findings& findings) {
  note_pressing(facts, findings);
  note_unheard(facts, findings);
  if (facts.watch.of<AnswerWatch>(facts.from).waits()) note_answer(facts, findings);
  for (const Side side : {Side::client, Side::server}) {
    if (facts.watch.of<AnswerWatch>(side).waits()) facts.watch->alert = true;
  }
}

void note_limits(const EndFacts& facts, Findings& findings, Side side) {
  constexpr std::int64_t worth_a_word_ns = 1'000'000'000;  // of waiting
  const Transfer* const transfer = facts.transfer(side);
  if (transfer == nullptr) return;
  const FlightTimes& flight = transfer->flight;
  if (flight.receiver_limited_ns < worth_a_word_ns ||
      flight.receiver_limited_ns < flight.in_flight_ns / 2) {
    return;
  }
  Anomaly& found = note_whole(facts, findings, receiver_limited, sent_by(side));
  found.evidence.set(EvidenceName::share_percent,
                     percent_of(flight.receiver_limited_ns, flight.in_flight_ns));
  found.evidence.set(EvidenceName::window_bytes, flight.greatest_window);
  const auto agreed = facts.connection.handshake().agreed();
  const bool all_of_it = flight.greatest_flight + 2U * transfer->largest_payload > unscaled_window;
  if (!agreed || agreed->window_scale || !all_of_it) return;
  note_whole(facts, findings, small_window_no_scale, sent_by(side))
      .evidence.set(EvidenceName::round_trip_ns, facts.round_trip_ns());
}

void note_restarts(const EndFacts& facts, Findings& findings, Side side) {
  constexpr std::array types{idle_slow_start, cwnd_collapse};
  for (std::size_t i = 0; i < types.size(); ++i) {
    const RestartWatch::Slow& slow = facts.watch.of<RestartWatch>(side).slow[i];
    if (slow.count == 0) continue;
    Anomaly& found = findings.note(types[i], sent_by(side), slow.first);
    found.include(slow.last);
    found.count = slow.count;
    found.evidence.set(EvidenceName::bytes, slow.flight);
    found.evidence.set(EvidenceName::flight_bytes, slow.flight_before);
    found.evidence.set(EvidenceName::idle_ns, slow.idle_ns);
    found.confidence = Confidence::medium;
    found.consider(Alternative::slow_application);
  }
}

void on_end_of_side(const EndFacts& facts, Findings& findings, Side side) {
  const auto& answer = facts.watch.of<AnswerWatch>(side);
  if (answer.closed && answer.told) {
    end_stall(findings, side, facts.watch.keep<AnswerWatch>(side), facts.last(), false);
  }
  note_limits(facts, findings, side);
  note_restarts(facts, findings, side);
}

}  // namespace

constinit const AnomalyFamily window_family{.name = "window",
                                            .kinds = kinds,
                                            .signs = Sign::awaited,
                                            .on_segment = on_segment,
                                            .on_verdict = on_verdict,
                                            .on_end_of_side = on_end_of_side};

}  // namespace tapdeck
