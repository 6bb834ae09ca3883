// What looks like an attack, seen across conversations.
#include "analyzer/anomalies/episodes.h"
#include "analyzer/anomalies/facts.h"
#include "analyzer/anomalies/family.h"

namespace tapdeck {
namespace {

using enum AnomalyType;
using enum Severity;

constexpr std::array kinds{
    AnomalyKind{syn_flood, "syn_flood", error,
                "Many SYNs to one port, few of which become connections (RFC 4987).",
                "{count|attempt|attempts} at port {port} of {address} from {hosts|host|hosts} "
                "within {duration}, up to {most_in_a_second} a second, of which {share_percent} "
                "became connections."},
    AnomalyKind{port_scan, "port_scan", warning, "One host tries many ports or many hosts.",
                "The host {address} tried {ports|port|ports} on {hosts|host|hosts}[, "
                "{peer_address},] within {duration}: {tries|attempt|attempts} failed."},
    AnomalyKind{blind_attack_probe, "blind_attack_probe", error,
                "A series of guesses at a connection's sequence numbers (RFC 5961).",
                "{count|guess|guesses} at the connection's sequence numbers[, {distance} apart]."},
    AnomalyKind{rst_flood, "rst_flood", warning, "Resets in masses.",
                "The host {address} sent {count|reset|resets} within {duration}, up to "
                "{most_in_a_second} a second."},
    AnomalyKind{fin_storm, "fin_storm", warning, "FINs in masses.",
                "The host {address} sent {count|FIN|FINs} within {duration}, up to "
                "{most_in_a_second} a second."},
    AnomalyKind{slow_client, "slow_client", warning,
                "A host keeps many connections open with hardly a byte on them.",
                "The host {address} kept {count|connection|connections} to port {port} of "
                "{peer_address} open with hardly a byte on them."},
};

/// As many, each elsewhere, are no leftovers of a connection's own …
constexpr std::uint32_t enough_guesses = 8;
/// … and so many are not if each lies as far from the one before.
constexpr std::uint32_t enough_even_guesses = 4;

/// What an attacker who sees nothing of a connection sends: resets and data, here and there, in the
/// hope that one hits the window.
void on_verdict(const VerdictFacts& facts, Findings& findings) {
  const JudgedSegment& judged = facts.judged;
  const bool ahead = judged.verdict.acceptance == Acceptance::out_of_window &&
                     precedes(facts.sent_by(judged.from).snd_nxt(), judged.begin);
  if (judged.verdict.acceptance != Acceptance::unacceptable_rst && !ahead) return;
  auto& guess = facts.watch.keep<GuessWatch>(judged.from);
  const Moment moment{.frame = judged.frame, .time_ns = judged.time_ns};
  const auto step = static_cast<std::int32_t>(judged.begin.value - guess.last.value);
  if (guess.count != 0 && step == 0) return;
  if (guess.count == 0) guess.first = moment;
  if (guess.count == 1) guess.step = step;
  if (guess.count > 1) guess.even &= step == guess.step;
  guess.last = judged.begin;
  ++guess.count;
  if (guess.count < (guess.even ? enough_even_guesses : enough_guesses)) return;
  const AnomalyDirection direction = sent_by(judged.from);
  Anomaly* found = findings.newest(blind_attack_probe, direction);
  if (found == nullptr) found = &findings.note_alone(blind_attack_probe, direction, guess.first);
  found->include(moment);
  found->count = guess.count;
  found->confidence = guess.even ? Confidence::high : Confidence::medium;
  if (guess.even) found->evidence.set(EvidenceName::distance, guess.step);
}

}  // namespace

constinit const AnomalyFamily security_family{
    .name = "security", .kinds = kinds, .on_verdict = on_verdict};

}  // namespace tapdeck
