// How a connection opens, and what can be wrong with that.
#include <algorithm>
#include <optional>

#include "analyzer/anomalies/facts.h"
#include "analyzer/anomalies/family.h"
#include "analyzer/anomalies/thresholds.h"
#include "captures/elapsed.h"
#include "dissectors/tcp_options.h"

namespace tapdeck {
namespace {

using enum AnomalyType;
using enum Severity;

constexpr std::array kinds{
    AnomalyKind{
        syn_no_answer, "syn_no_answer", warning,
        "A SYN was sent, perhaps several times, and the host did not answer; a note if ICMP says "
        "why.",
        "The {sender} sent {tries|SYN|SYNs} and the {receiver} never answered[; the longest "
        "pause between them was {longest_silence_ns}][; frame {answer_frame} says why]."},
    AnomalyKind{connection_refused, "connection_refused", note,
                "A reset answered the SYN: nothing listens on the port, or a firewall says so.",
                "The {sender} refused the connection with a reset, {delay_ns} after the SYN."},
    AnomalyKind{syn_retransmission, "syn_retransmission", note,
                "The same SYN was sent again, for want of an answer.",
                "The {sender} sent its SYN again {count|time|times}; the longest wait was "
                "{longest_silence_ns}."},
    AnomalyKind{
        synack_retransmission, "synack_retransmission", warning,
        "The SYN+ACK was sent again, for want of the last ACK of the handshake.",
        "The {sender} sent its SYN+ACK again {count|time|times}: it did not get the ACK, or "
        "the {receiver} did not get the SYN+ACK."},
    AnomalyKind{syn_different_isn, "syn_different_isn", warning,
                "A second SYN on the same sockets, with another initial sequence number, while the "
                "first was not answered yet.",
                "The {sender} sent another SYN with a different initial sequence number[, {gap_ns} "
                "after the first], while the first was still being opened."},
    AnomalyKind{synack_different_isn, "synack_different_isn", error,
                "Two SYN+ACKs with different initial sequence numbers answered one SYN.",
                "Two different SYN+ACKs answered the SYN[, {gap_ns} apart][ (the other is frame "
                "{other_frame})]: two hosts answer, or one forgot the first."},
    AnomalyKind{synack_bad_ack, "synack_bad_ack", error,
                "A SYN+ACK acknowledges something else than the SYN.",
                "The {sender}'s SYN+ACK acknowledges {found} where {expected} was to be "
                "acknowledged[, {distance} off]; the {receiver} must answer with a reset."},
    AnomalyKind{simultaneous_open, "simultaneous_open", info,
                "Both ends sent a SYN before they had the other's.",
                "Both ends opened the connection at once: their SYNs crossed."},
    AnomalyKind{
        slow_handshake, "slow_handshake", warning,
        "The SYN+ACK came later than both a second and five times what is usual for the "
        "host.",
        "The {sender} answered the SYN only after {delay_ns}[; {round_trip_ns} is the round "
        "trip to it][; most others it answers within {usual_ns}]."},
    AnomalyKind{handshake_incomplete, "handshake_incomplete", warning,
                "The SYN was answered, but the handshake never ended.",
                "The {sender} answered the SYN, but the handshake never ended[: no ACK of its "
                "SYN+ACK in {idle_ns}]."},
    AnomalyKind{syn_with_data, "syn_with_data", info, "A SYN carries data (RFC 7413 or not).",
                "The {sender}'s SYN carried {bytes}[, of which {acknowledged_bytes} "
                "{acknowledged_bytes?was|were} accepted with it]."},
    AnomalyKind{option_mismatch, "option_mismatch", note,
                "The two ends offered different options, or odd ones.",
                "[Only the {sender} offered {option}: it holds for neither.][The {sender} offered "
                "{odd_option} with the odd value {found}.]"},
    AnomalyKind{half_open_recovery, "half_open_recovery", warning,
                "A SYN came to an end that believed the connection open: one side had restarted "
                "(RFC 9293 section 3.5.1).",
                "The {sender} opened a connection that the {receiver} believed open: the {sender} "
                "had restarted or given up without a word."},
    AnomalyKind{time_wait_reuse, "time_wait_reuse", info,
                "A new connection on the sockets of one that had just ended.",
                "The {sender} used the sockets again {idle_ns} after their last connection had "
                "ended[; the initial sequence number lies {distance} {distance<below|above} the "
                "last one]."},
    AnomalyKind{data_before_established, "data_before_established", warning,
                "Data came before the handshake was over, and not by TCP Fast Open.",
                "The {sender} sent {bytes} before the handshake was over."},
};

/// RFC 1122 section 4.2.3.5: an opening is given up after three minutes at the earliest.
constexpr std::int64_t opening_lasts_ns = 180'000'000'000;
/// RFC 6691 and RFC 9293 section 3.7.1: the least that any host takes over IPv4.
constexpr std::uint16_t least_segment_size = 536;

bool acknowledges_syn(const SendSpace& opened, SeqNum seg_ack) {
  return !opened.has_iss() || !opened.has_sent() ||
         (precedes(opened.iss(), seg_ack) && at_or_before(seg_ack, opened.snd_nxt()));
}

void note_refusal(const SegmentFacts& facts, Findings& findings) {
  const Side receiver = other(facts.from);
  const bool refused = facts.segment.has(TcpFlags::rst) &&
                       facts.before(receiver) == TcpState::syn_sent &&
                       facts.machine(receiver).state == TcpState::closed;
  if (!refused) return;
  Anomaly& found =
      findings.note(connection_refused, sent_by(facts.from), facts.moment, opening_lasts_ns);
  found.evidence.set_once(EvidenceName::delay_ns, facts.watch->silence_ns());
  found.consider(Alternative::packet_filter);
}

void note_data_in_syn(const SegmentFacts& facts, Findings& findings) {
  if (facts.segment.is_syn() && facts.segment.payload_octets != 0) {
    Anomaly& found = findings.note(syn_with_data, sent_by(facts.from), facts.moment);
    found.evidence.raise(EvidenceName::bytes, facts.segment.payload_octets);
    if (!facts.segment.options.has_fast_open) found.at_least(warning);
  }
  if (!facts.segment.is_syn_ack()) return;
  const Side opener = other(facts.from);
  Anomaly* const found = findings.newest(syn_with_data, sent_by(opener));
  const SendSpace& opened = facts.sent_by(opener);
  if (found == nullptr || !opened.has_iss()) return;
  const std::int32_t taken = facts.segment.seg_ack - opened.iss() - 1;
  found->evidence.set(EvidenceName::acknowledged_bytes, std::max(taken, 0));
}

void note_option(const SegmentFacts& facts, Findings& findings, Side offers, OddOption option,
                 std::optional<std::int64_t> value = {}) {
  Anomaly& found = findings.note_alone(option_mismatch, sent_by(offers), facts.moment);
  found.evidence.set(value ? EvidenceName::odd_option : EvidenceName::option,
                     static_cast<std::int64_t>(option));
  if (value) found.evidence.set(EvidenceName::found, *value);
  // A server may decline what the client offers; it must not bring it up itself (RFC 7323 §2.5).
  if (!value && offers == Side::client) found.severity = info;
  found.consider(Alternative::middlebox);
}

/// Requires: the segment is the first SYN+ACK.
void note_options(const SegmentFacts& facts, Findings& findings) {
  const auto client = facts.connection.handshake().client_options();
  const auto server = facts.connection.handshake().server_options();
  if (!client || !server) return;
  const auto compare = [&](bool one, bool two, OddOption option) {
    if (one != two) note_option(facts, findings, one ? Side::client : Side::server, option);
  };
  compare(client->window_scale.has_value(), server->window_scale.has_value(),
          OddOption::window_scale);
  compare(client->sack_permitted, server->sack_permitted, OddOption::sack_permitted);
  compare(client->timestamps, server->timestamps, OddOption::timestamps);
  for (const Side side : {Side::client, Side::server}) {
    const SynOptions& offered = side == Side::client ? *client : *server;
    if (offered.maximum_segment_size.value_or(least_segment_size) < least_segment_size) {
      note_option(facts, findings, side, OddOption::maximum_segment_size,
                  *offered.maximum_segment_size);
    }
    if (offered.window_scale.value_or(0) > greatest_window_shift) {
      note_option(facts, findings, side, OddOption::window_scale, *offered.window_scale);
    }
  }
}

void note_syn_ack(const SegmentFacts& facts, Findings& findings) {
  if (!facts.segment.is_syn_ack() || facts.segment.has(TcpFlags::rst)) return;
  const SendSpace& own = facts.sent_by(facts.from);
  const SendSpace& opened = facts.sent_by(other(facts.from));
  if (!acknowledges_syn(opened, facts.segment.seg_ack)) {
    const SeqNum expected = opened.iss() + 1;
    Anomaly& found = findings.note(synack_bad_ack, sent_by(facts.from), facts.moment);
    found.evidence.set(EvidenceName::found, facts.segment.seg_ack.value);
    found.evidence.set(EvidenceName::expected, expected.value);
    found.evidence.set(EvidenceName::distance, facts.segment.seg_ack - expected);
    found.consider(Alternative::connection_reuse).consider(Alternative::injection);
    return;
  }
  if (!facts.watch->of(facts.from).sent_syn_ack) {
    if (!facts.watch->of(other(facts.from)).sent_syn_ack)
      facts.watch->since_ns = facts.moment.time_ns;
    facts.watch->of(facts.from).sent_syn_ack = true;
    note_options(facts, findings);
  } else if (own.has_iss() && !(own.iss() == facts.segment.seg_seq)) {
    Anomaly& found = findings.note(synack_different_isn, sent_by(facts.from), facts.moment);
    const auto first = facts.connection.handshake().synack_frame();
    if (first && facts.from == Side::server && !facts.watch->of(Side::client).lingers) {
      found.evidence.set(EvidenceName::gap_ns,
                         elapsed_ns(facts.watch->since_ns, facts.moment.time_ns));
      found.evidence.set(EvidenceName::other_frame, static_cast<std::int64_t>(*first));
    }
    found.consider(Alternative::host_restart).consider(Alternative::injection);
  }
}

/// Data without an ACK belongs to no connection yet; an ACK would show a SYN+ACK that the capture
/// missed.
void note_early_data(const SegmentFacts& facts, Findings& findings) {
  const Segment& segment = facts.segment;
  const bool early = segment.payload_octets != 0 &&
                     !segment.has(TcpFlags::syn | TcpFlags::ack | TcpFlags::rst) &&
                     facts.before(facts.from) == TcpState::syn_sent;
  const auto offered = facts.connection.handshake().client_options();
  if (!early || (offered && offered->fast_open)) return;
  findings.note(data_before_established, sent_by(facts.from), facts.moment)
      .evidence.add(EvidenceName::bytes, segment.payload_octets);
}

void on_segment(const SegmentFacts& facts, Findings& findings) {
  note_refusal(facts, findings);
  note_early_data(facts, findings);
  if (!facts.segment.has(TcpFlags::syn)) return;
  note_data_in_syn(facts, findings);
  note_syn_ack(facts, findings);
}

void note_repeat(const VerdictFacts& facts, Findings& findings) {
  const JudgedSegment& judged = facts.judged;
  auto& opening = facts.watch.keep<OpeningWatch>(judged.from);
  if (opening.repeats != 0xffff) ++opening.repeats;
  opening.longest_wait_ns = std::max(opening.longest_wait_ns, judged.silence_ns);
  const AnomalyType type =
      facts.watch->of(judged.from).sent_syn_ack ? synack_retransmission : syn_retransmission;
  Anomaly& found = findings.note(type, sent_by(judged.from), facts.moment(), opening_lasts_ns);
  found.evidence.raise(EvidenceName::longest_silence_ns, judged.silence_ns);
  found.consider(Alternative::network_loss);
  constexpr std::uint64_t many = 3;
  if (found.count >= many) found.at_least(warning);
}

void on_verdict(const VerdictFacts& facts, Findings& findings) {
  const JudgedSegment& judged = facts.judged;
  const Moment moment = facts.moment();
  const std::uint16_t words = judged.verdict.connection_words;
  if (judged.verdict.origin == Origin::retransmission && facts.is_syn()) {
    note_repeat(facts, findings);
  }
  if ((words & ConnectionWord::simultaneous_open) != 0) {
    findings.note(simultaneous_open, AnomalyDirection::both, moment, opening_lasts_ns);
  }
  if ((words & ConnectionWord::half_open) != 0) {
    const bool answers_opener = judged.verdict.ack == AckVerdict::challenge_ack;
    const Side opener = answers_opener ? other(judged.from) : judged.from;
    findings.note(half_open_recovery, sent_by(opener), moment, opening_lasts_ns)
        .consider(Alternative::host_restart)
        .consider(Alternative::connection_reuse);
  }
}

/// RFC 6191: the new number lies above the last one, or the clock went on.
bool may_reuse(const ReopeningFacts& facts) {
  const SendSpace& sent = facts.sent_by(facts.from);
  const Transfer* const transfer = facts.transfer(facts.from);
  const bool above = !sent.has_sent() || at_or_before(sent.snd_nxt(), facts.segment.seg_seq);
  const bool later =
      transfer != nullptr && transfer->clock.known() && facts.segment.options.has_timestamps &&
      timestamp_distance(transfer->clock.latest(), facts.segment.options.timestamp_value) > 0;
  return above || later;
}

void on_reopening(const ReopeningFacts& facts, Findings& findings) {
  if (!facts.segment.is_syn()) return;
  const std::int64_t idle_ns = elapsed_ns(facts.conversation.end_ns, facts.moment.time_ns);
  const EndpointMachine& own = facts.machine(facts.from);
  const EndpointMachine& peer = facts.machine(other(facts.from));
  const SendSpace& sent = facts.sent_by(facts.from);
  const bool opening = own.state == TcpState::syn_sent || own.state == TcpState::syn_received;
  if (opening && peer.state != TcpState::closed && sent.has_iss() && idle_ns < opening_lasts_ns) {
    Anomaly& found = findings.note_alone(syn_different_isn, sent_by(facts.from), facts.moment);
    found.evidence.set(EvidenceName::gap_ns, idle_ns);
    found.evidence.set(EvidenceName::distance, facts.segment.seg_seq - sent.iss());
    found.consider(Alternative::host_restart).consider(Alternative::connection_reuse);
    return;
  }
  const bool waits = own.state == TcpState::time_wait || peer.state == TcpState::time_wait;
  if (!waits) return;
  Anomaly& found = findings.note_alone(time_wait_reuse, sent_by(facts.from), facts.moment);
  found.evidence.set(EvidenceName::idle_ns, idle_ns);
  if (sent.has_sent()) {
    found.evidence.set(EvidenceName::distance, facts.segment.seg_seq - sent.snd_nxt());
  }
  if (peer.state == TcpState::time_wait && !may_reuse(facts)) found.at_least(error);
}

bool is_long(const EndFacts& facts, Side side, std::int64_t since_ns) {
  return facts.watch.of<OpeningWatch>(side).repeats != 0 ||
         elapsed_ns(since_ns, facts.end.time_ns) >= initial_timeout_ns;
}

/// One that the client acknowledges came by another way than this capture's.
void note_no_answer(const EndFacts& facts, Findings& findings) {
  const TcpState client = facts.machine(Side::client).state;
  const bool tried = client == TcpState::syn_sent || client == TcpState::fin_wait_1;
  const bool answered =
      facts.traffic(Side::server).packets != 0 || facts.sent_by(Side::server).has_snd_una();
  if (answered || !tried) return;
  if (!is_long(facts, Side::client, facts.first().time_ns)) return;
  Anomaly& found = note_whole(facts, findings, syn_no_answer, AnomalyDirection::client_to_server);
  const auto& opening = facts.watch.of<OpeningWatch>(Side::client);
  found.count = opening.repeats + 1U;
  found.evidence.set(EvidenceName::tries, opening.repeats + 1);
  if (opening.repeats != 0) {
    found.evidence.set(EvidenceName::longest_silence_ns, opening.longest_wait_ns);
  }
  found.consider(Alternative::packet_filter).consider(Alternative::network_loss);
  if (opening.repeats == 0) found.confidence = Confidence::low;
}

void note_incomplete(const EndFacts& facts, Findings& findings) {
  const bool waits = facts.machine(Side::server).state == TcpState::syn_received &&
                     facts.machine(Side::client).state == TcpState::syn_sent;
  if (facts.traffic(Side::client).packets == 0 || !waits) return;
  if (!is_long(facts, Side::server, facts.watch->since_ns)) return;
  Anomaly& found =
      note_whole(facts, findings, handshake_incomplete, AnomalyDirection::server_to_client);
  found.evidence.set(EvidenceName::tries, facts.watch.of<OpeningWatch>(Side::server).repeats + 1);
  const std::int64_t idle_ns = elapsed_ns(facts.last().time_ns, facts.end.time_ns);
  if (idle_ns != 0) found.evidence.set(EvidenceName::idle_ns, idle_ns);
  found.consider(Alternative::network_loss).consider(Alternative::capture_loss);
}

/// Slow for a handshake, and beside what the same way took later.
void note_slow(const EndFacts& facts, Findings& findings) {
  const auto took_ns = facts.connection.handshake().server_rtt_ns();
  const Transfer* const transfer = facts.transfer(Side::client);
  if (!took_ns || *took_ns <= slow_answer_ns || transfer == nullptr) return;
  const std::int64_t usual_ns = transfer->round_trip.least();
  if (transfer->round_trip.samples() < 2 || *took_ns <= slow_answer_factor * usual_ns) return;
  const Handshake& handshake = facts.connection.handshake();
  Anomaly& found = findings.note(
      slow_handshake, AnomalyDirection::server_to_client,
      {.frame = handshake.synack_frame().value_or(0), .time_ns = handshake.synack_ns()});
  found.evidence.set(EvidenceName::delay_ns, *took_ns);
  found.evidence.set(EvidenceName::round_trip_ns, usual_ns);
  found.consider(Alternative::slow_application).consider(Alternative::slow_network);
}

void on_end(const EndFacts& facts, Findings& findings) {
  note_no_answer(facts, findings);
  note_incomplete(facts, findings);
  note_slow(facts, findings);
}

}  // namespace

constinit const AnomalyFamily handshake_family{.name = "handshake",
                                               .kinds = kinds,
                                               .signs = Sign::syn | Sign::reset | Sign::no_ack,
                                               .on_segment = on_segment,
                                               .on_verdict = on_verdict,
                                               .on_reopening = on_reopening,
                                               .on_end = on_end};

}  // namespace tapdeck
