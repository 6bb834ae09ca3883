// What is wrong with the capture itself.
#include "analyzer/anomalies/episodes.h"
#include "analyzer/anomalies/facts.h"
#include "analyzer/anomalies/family.h"

namespace tapdeck {
namespace {

using enum AnomalyType;
using enum Severity;

Moment begin_of(const Conversation& conversation) {
  return {.frame = conversation.first_frame, .time_ns = conversation.start_ns};
}
Moment end_of(const ConnectionFacts& facts) {
  return {.frame = facts.conversation.last_frame, .time_ns = facts.conversation.end_ns};
}
bool both_spoke(const Conversation& conversation) {
  return conversation.traffic[0].packets != 0 && conversation.traffic[1].packets != 0;
}

constexpr std::array kinds{
    AnomalyKind{clock_step, "clock_step", warning, "The capture's clock was set while it ran.",
                "The capture's clock went back by {delay_ns} after frame {after_frame}."},
    AnomalyKind{capture_drops, "capture_drops", warning,
                "The capture says that it dropped packets.",
                "The capture missed packets[ of {connections|connection|connections} at one time]: "
                "{count|gap or drop is|gaps or drops are} its own."},
    AnomalyKind{truncated_packets, "truncated_packets", info,
                "Packets were cut by the snap length.",
                "{count|packet was|packets were} cut by the snap length."},
    AnomalyKind{one_sided, "one_sided", info,
                "Only one direction of the conversation was captured.",
                "Only what the {sender} sent was captured."},
    AnomalyKind{
        offload, "offload", info,
        "Segments are longer than the wire allows: the capture saw them before or behind a "
        "network card that cuts and joins them.",
        "Segments of the {sender} were longer than the wire allows, up to {largest_bytes}: the "
        "network card cuts or joins them."},
    AnomalyKind{midstream_start, "midstream_start", info,
                "The beginning of the connection was not captured.",
                "The beginning of the connection was not captured."},
    AnomalyKind{file_truncated, "file_truncated", warning, "The capture file ends in a packet.",
                "The capture file was cut short."},
};

/// Fewer may be the beginning of what the other side never answered.
constexpr std::uint64_t one_sided_segments = 3;

/// Segments of one side alone that acknowledge what the other must have sent.
void find_one_sided(const EndFacts& facts, Findings& findings) {
  const Conversation& conversation = facts.conversation;
  for (const Side side : {Side::client, Side::server}) {
    const Traffic& sent = conversation.traffic[index_of(side)];
    if (conversation.traffic[index_of(other(side))].packets != 0) continue;
    const bool acknowledges = facts.sent_by(other(side)).has_snd_una();
    if (sent.packets < one_sided_segments || !acknowledges) continue;
    findings.note_alone(one_sided, sent_by(side), begin_of(conversation)).include(end_of(facts));
  }
}

void find_offload(const EndFacts& facts, Findings& findings) {
  for (const Side side : {Side::client, Side::server}) {
    const Transfer* const transfer = facts.transfer(side);
    if (transfer == nullptr || !transfer->sends_offloaded) continue;
    Anomaly& found = findings.note_alone(offload, sent_by(side), begin_of(facts.conversation));
    found.include(end_of(facts));
    found.evidence.set(EvidenceName::largest_bytes, transfer->largest_payload);
  }
}

void find_midstream(const EndFacts& facts, Findings& findings) {
  const Handshake& handshake = facts.connection.handshake();
  const bool data = facts.conversation.traffic[0].payload_octets != 0 ||
                    facts.conversation.traffic[1].payload_octets != 0;
  const bool opened = handshake.syn_frame() || handshake.synack_frame() ||
                      facts.sent_by(Side::client).has_iss() ||
                      facts.sent_by(Side::server).has_iss();
  if (opened || !(data || both_spoke(facts.conversation))) return;
  findings.note_alone(midstream_start, AnomalyDirection::both, begin_of(facts.conversation));
}

void on_end(const EndFacts& facts, Findings& findings) {
  find_one_sided(facts, findings);
  find_offload(facts, findings);
  find_midstream(facts, findings);
}

}  // namespace

constinit const AnomalyFamily capture_family{.name = "capture", .kinds = kinds, .on_end = on_end};

}  // namespace tapdeck
