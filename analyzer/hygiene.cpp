#include "analyzer/hygiene.h"

#include <algorithm>
#include <numeric>

#include "dissectors/ip_protocol.h"
#include "dissectors/registry.h"

namespace tapdeck {
namespace {

void add_capture(const CaptureInfo& capture, Hygiene& hygiene) {
  const CaptureOddities& oddities = capture.oddities;
  hygiene.timestamps_backwards += oddities.times_backwards;
  hygiene.captured_over_snap_length += oddities.captured_over_snap_length;
  hygiene.captured_over_wire_length += oddities.captured_over_wire_length;
  hygiene.zero_length_packets += oddities.zero_length;
  hygiene.subsecond_overflows += oddities.subsecond_overflow;
  hygiene.unknown_blocks += oddities.unknown_blocks;
  hygiene.packets_without_time += oddities.no_time_stamp;
  for (const CaptureInterface& interface : capture.interfaces) {
    if (const auto dropped = interface.dropped()) {
      hygiene.dropped_by_capture = hygiene.dropped_by_capture.value_or(0) + *dropped;
    }
  }
}

}  // namespace

void PacketCounters::add(const Packet& packet, const Dissection& dissection,
                         const ChecksumReport& checksums) {
  ++x_totals.packets;
  x_totals.bytes += packet.wire_length;
  x_first_ns = std::min(x_first_ns, packet.time_ns);
  x_last_ns = std::max(x_last_ns, packet.time_ns);
  x_time_digits = std::max(x_time_digits, packet.time_digits);
  if (packet.bytes.size() < packet.wire_length) ++x_hygiene.truncated_packets;
  if (checksums.is_bad()) ++x_hygiene.bad_checksums;
  if (checksums.is_offloaded()) ++x_hygiene.offloaded_checksums;
  if (dissection.is_plain) {
    ++x_totals.tcp_packets;
    return;
  }
  if (dissection.layer_count == 0 && !packet.bytes.empty() && !dissection.has_fault) {
    ++x_undissected[packet.link_type];
  }
  if (dissection.has_fault && dissection.fault.kind != FaultKind::cut_short) ++x_totals.malformed;
  add_protocol(dissection);
}

void PacketCounters::add_protocol(const Dissection& dissection) {
  if (dissection.is_fragment || dissection.reassembly.frames != 0) ++x_totals.ip_fragments;
  if (dissection.network == Dissection::no_layer) {
    const auto layers = dissection.all_layers();
    const bool arp = std::ranges::any_of(
        layers, [](const Layer& layer) { return layer.protocol == protocol_of<Arp>; });
    ++(arp ? x_totals.arp : x_totals.other);
    return;
  }
  const bool has_transport = dissection.transport != Dissection::no_layer;
  if (has_transport && dissection.ip_protocol == IpProtocol::tcp) {
    ++x_totals.tcp_packets;
  } else if (has_transport && dissection.ip_protocol == IpProtocol::udp) {
    ++x_totals.udp_packets;
  } else if (has_transport && IpProtocol::is_icmp(dissection.ip_protocol)) {
    ++x_totals.icmp;
  } else {
    ++x_totals.other;
  }
}

void PacketCounters::add_conversation(const FlowTable& table, const Conversation& conversation) {
  x_hygiene.details_dropped += table.details_dropped(conversation);
  x_hygiene.duplicate_frames += table.copies(conversation).total();
  if (conversation.tcp != no_slab_index) {
    ++x_totals.tcp_connections;
  } else if (conversation.key.ip_protocol == IpProtocol::udp) {
    ++x_totals.udp_flows;
  } else {
    ++x_totals.other_flows;
  }
}

Summary PacketCounters::summary(const std::vector<CaptureInfo>& captures,
                                const ReassemblyCounters& reassembly,
                                const std::array<std::uint64_t, 4>& conversations_shed) const {
  Summary summary;
  summary.captures = captures;
  summary.hygiene = x_hygiene;
  summary.totals = x_totals;
  if (x_totals.packets != 0) {
    summary.totals.first_ns = x_first_ns;
    summary.totals.last_ns = x_last_ns;
  }
  for (const CaptureInfo& capture : captures) add_capture(capture, summary.hygiene);
  summary.hygiene.incomplete_datagrams =
      reassembly.datagrams_timed_out + reassembly.datagrams_evicted + reassembly.truncated;
  summary.hygiene.fragment_overlaps = reassembly.overlaps;
  summary.hygiene.fragment_conflicts = reassembly.conflicts;
  const auto shed = [&](Stage stage) {
    return conversations_shed[static_cast<std::size_t>(stage)];
  };
  summary.hygiene.shed_attempts = shed(Stage::attempt);
  summary.hygiene.shed_over = shed(Stage::over);
  summary.hygiene.shed_idle = shed(Stage::idle);
  summary.hygiene.shed_open = shed(Stage::open);
  summary.hygiene.connections_shed =
      std::accumulate(conversations_shed.begin(), conversations_shed.end(), std::uint64_t{0});
  for (const auto& [link_type, packets] : x_undissected) {
    summary.totals.undissected.push_back({link_type, packets});
  }
  summary.time_digits = x_time_digits == 0 ? 6 : x_time_digits;
  return summary;
}

}  // namespace tapdeck
