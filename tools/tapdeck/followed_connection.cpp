#include "tools/tapdeck/followed_connection.h"

#include <algorithm>
#include <utility>

#include "analyzer/report/connection_report.h"
#include "analyzer/report/ladder_builder.h"
#include "captures/pcapng_writer.h"

namespace tapdeck {

FollowedConnection::FollowedConnection(Analysis& analysis, std::uint64_t connection)
    : x_analysis(analysis), x_connection(connection) {
  x_analysis.follow(connection);
}

FollowedConnection::~FollowedConnection() {
  x_analysis.follow(0);
  (void)x_analysis.take_trace();
}

void FollowedConnection::add(const PacketBatch& batch) {
  const Trace trace = x_analysis.take_trace();
  for (const TracedSegment& segment : trace.segments) {
    if (segment.connection != x_connection) continue;
    x_segments.push_back(segment);
    const auto at = std::ranges::lower_bound(batch.packets, segment.frame, {}, &Packet::number);
    if (at != batch.packets.end() && at->number == segment.frame) keep(*at);
  }
  for (const FrameVerdict& verdict : trace.verdicts) x_verdicts.push_back(verdict);
  while (x_segments.size() > most_segments) x_segments.pop_front();
  while (x_verdicts.size() > most_segments) x_verdicts.pop_front();
}

void FollowedConnection::keep(const Packet& packet) {
  x_packets.push_back({.packet = packet, .bytes = {packet.bytes.begin(), packet.bytes.end()}});
  x_packets.back().packet.bytes = x_packets.back().bytes;
  x_octets += packet.bytes.size();
  while (x_packets.size() > most_segments || x_octets > most_octets) {
    x_octets -= x_packets.front().bytes.size();
    x_packets.pop_front();
  }
}

Ladder FollowedConnection::ladder() const {
  LadderBuilder builder(LadderOptions{});
  for (const TracedSegment& segment : x_segments) builder.add(segment);
  for (const FrameVerdict& verdict : x_verdicts) builder.settle(verdict);
  return builder.finish();
}

std::optional<ConnectionReport> FollowedConnection::report() {
  x_analysis.visit_all([this](const FlowTable& table, const Conversation& conversation) {
    if (conversation.first_frame != x_connection) return;
    x_report = make_connection_report(table, conversation, x_analysis.tunnels());
  });
  return x_report;
}

void FollowedConnection::save(const std::string& path, CaptureFolder& folder,
                              const std::vector<CaptureInfo>& captures) const {
  PcapngWriter writer(path, folder.create(path, PcapngWriter::beginning(captures)), captures);
  for (const Kept& kept : x_packets) writer.write(kept.packet);
  writer.close();
}

}  // namespace tapdeck
