// What is wrong with the capture itself.
#include "analyzer/anomalies/episodes.h"
#include "analyzer/anomalies/facts.h"
#include "analyzer/anomalies/family.h"

namespace tapdeck {
namespace {

using enum AnomalyType;
using enum Severity;

constexpr std::array kinds{
    AnomalyKind{clock_step, "clock_step", warning, "The capture's clock was set while it ran.",
                "The capture's clock[ went back by {delay_ns}][ leapt ahead by {gap_ns}][, or it "
                "paused: data of {connections|connection|connections} was acknowledged only then, "
                "and nobody had sent it again], after frame {after_frame}."},
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
void find_one_sided(const EndFacts& facts, Findings& findings, Side side) {
  const bool acknowledges = facts.sent_by(other(side)).has_snd_una();
  const bool alone = facts.traffic(other(side)).packets == 0;
  if (!alone || facts.traffic(side).packets < one_sided_segments || !acknowledges) return;
  note_whole(facts, findings, one_sided, sent_by(side));
}

void find_offload(const EndFacts& facts, Findings& findings, Side side) {
  const Transfer* const transfer = facts.transfer(side);
  if (transfer == nullptr || !transfer->sends_offloaded) return;
  note_whole(facts, findings, offload, sent_by(side))
      .evidence.set(EvidenceName::largest_bytes, transfer->largest_payload);
}

void on_end_of_side(const EndFacts& facts, Findings& findings, Side side) {
  find_one_sided(facts, findings, side);
  find_offload(facts, findings, side);
}

void find_midstream(const EndFacts& facts, Findings& findings) {
  const Handshake& handshake = facts.connection.handshake();
  const bool both_spoke =
      facts.traffic(Side::client).packets != 0 && facts.traffic(Side::server).packets != 0;
  const bool opened = handshake.syn_frame() || handshake.synack_frame() ||
                      facts.sent_by(Side::client).has_iss() ||
                      facts.sent_by(Side::server).has_iss();
  if (opened || !(facts.has_data() || both_spoke)) return;
  findings.note_alone(midstream_start, AnomalyDirection::both, facts.first());
}

}  // namespace

constinit const AnomalyFamily capture_family{
    .name = "capture", .kinds = kinds, .on_end_of_side = on_end_of_side, .on_end = find_midstream};

}  // namespace tapdeck
