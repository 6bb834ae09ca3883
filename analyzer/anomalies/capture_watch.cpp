#include "analyzer/anomalies/capture_watch.h"

#include <algorithm>
#include <cstdlib>

#include "analyzer/anomalies/family.h"
#include "captures/elapsed.h"
#include "dissectors/ip_protocol.h"
#include "dissectors/registry.h"

namespace tapdeck {
namespace {

using enum AnomalyType;

/// Interfaces deliver in blocks, each as old as its timer allows: less than this apart.
constexpr std::int64_t disorder_ns = 1'000'000'000;
/// As many packets in a row stay behind: no stray, the clock was set.
constexpr std::uint32_t stays_behind = 3;
/// RFC 1858 §3: with less, flags and ports can hide in the next fragment.
constexpr std::uint32_t shortest_first_fragment = 20;
/// Gaps of several connections within this time are one event …
constexpr std::int64_t at_once_ns = 20'000'000;
/// … if there are so many.
constexpr std::size_t connections_at_once = 3;
constexpr std::size_t bound_of_gaps = 65'536;

bool contradicts_itself(const Dissection& dissection) {
  const FaultKind kind = dissection.fault.kind;
  return dissection.has_fault && (kind == FaultKind::too_short || kind == FaultKind::bad_length);
}

}  // namespace

/// Its own, or an unused one; where there are too many clocks, one that another loses.
ClockWatch::Clock& ClockWatch::clock_of(std::uint32_t capture, std::uint32_t interface) {
  constexpr std::uint32_t tries = 8;
  constexpr std::uint32_t apart = 67;  // more than most captures have interfaces
  const std::uint32_t home = capture * apart + interface;
  for (std::uint32_t i = 0; i < tries; ++i) {
    Clock& clock = x_clocks[(home + i) % x_clocks.size()];
    if (!clock.used || (clock.capture == capture && clock.interface == interface)) return clock;
  }
  return x_clocks[home % x_clocks.size()] = {};
}

void ClockWatch::add(Moment moment, std::uint32_t capture, std::uint32_t interface) {
  Clock& clock = clock_of(capture, interface);
  if (!clock.used) {
    clock = {
        .newest = moment, .behind = {}, .capture = capture, .interface = interface, .used = true};
    return;
  }
  if (elapsed_ns(moment.time_ns, clock.newest.time_ns) > disorder_ns) {
    add_behind(clock, moment);
    return;
  }
  clock.row = 0;
  if (moment.time_ns <= clock.newest.time_ns) return;
  if (elapsed_ns(clock.newest.time_ns, moment.time_ns) >= leap_ns) {
    // Most are silences and no details of anything: past the bound nothing is said of them.
    if (x_leaps.size() < bound_of_leaps) x_leaps.push_back({clock.newest, moment});
  }
  clock.newest = moment;
}

void ClockWatch::add_behind(Clock& clock, Moment moment) {
  if (clock.row++ == 0) {
    clock.behind = moment;
    clock.newest_behind_ns = moment.time_ns;
  }
  clock.newest_behind_ns = std::max(clock.newest_behind_ns, moment.time_ns);
  if (clock.row < stays_behind) return;
  if (x_steps.size() < bound) {
    x_steps.push_back({.before = clock.newest, .after = clock.behind});
  } else {
    ++x_dropped;
  }
  clock.newest = {.frame = moment.frame, .time_ns = clock.newest_behind_ns};
  clock.row = 0;
}

void CaptureWatch::add(const Packet& packet, const Dissection& dissection,
                       const ChecksumReport& checksums) {
  const Moment moment{.frame = packet.number, .time_ns = packet.time_ns};
  if (x_first.frame == 0) x_first = moment;
  x_last = moment;
  x_clock.add(moment, packet.capture, packet.interface);
  if (packet.bytes.size() < packet.wire_length) x_truncated.add(moment);
  if (checksums.is_offloaded()) x_offloaded.add(moment);
  if (dissection.has_fault && contradicts_itself(dissection)) x_contradicting.add(moment);
  if (dissection.is_fragment || dissection.reassembly.frames != 0) {
    add_fragment(dissection, moment);
  }
  x_neighbours.add(dissection, moment);
}

void CaptureWatch::add_fragment(const Dissection& dissection, Moment moment) {
  x_fragments.add(moment);
  if (!dissection.is_fragment || dissection.network == Dissection::no_layer) return;
  const Layer& network = dissection.layers[dissection.network];
  if (network.protocol != protocol_of<Ipv4>) return;
  const Ipv4 header(dissection.region_of(network));
  const std::uint32_t octets = network.declared - std::min(network.declared, network.header_length);
  const bool tiny = header.more_fragments() && header.fragment_offset() == 0 &&
                    header.protocol() == IpProtocol::tcp && octets < shortest_first_fragment;
  if (!tiny) return;
  x_tiniest = x_tiny_fragments.count == 0 ? octets : std::min(x_tiniest, octets);
  x_tiny_fragments.add(moment);
}

void CaptureWatch::add(const Anomaly& anomaly) {
  if (anomaly.type != capture_loss) return;
  if (x_gaps.size() < bound_of_gaps) {
    x_gaps.push_back({.moment = anomaly.first, .connection = anomaly.connection});
  } else {
    ++x_gaps_dropped;
  }
}

std::vector<Anomaly> CaptureWatch::judge(const std::vector<CaptureInfo>& captures,
                                         const ReassemblyCounters& reassembly,
                                         const std::vector<Leap>& leaps) const {
  std::vector<Anomaly> found = x_neighbours.judge();
  const auto tell = [&](AnomalyType type, const Tally& tally) {
    if (tally.count == 0) return;
    found.push_back(anomaly_of(type, tally.span.first, tally.span.last, tally.count));
  };
  tell(truncated_packets, x_truncated);
  tell(checksum_offload, x_offloaded);
  tell(length_mismatch, x_contradicting);
  tell(ip_fragmented_tcp, x_tiny_fragments);
  if (x_tiny_fragments.count != 0) {
    found.back().at_least(Severity::error).consider(Alternative::packet_filter);
    found.back().evidence.set(EvidenceName::smallest_bytes, x_tiniest);
  }
  const std::uint64_t incomplete = reassembly.datagrams_timed_out + reassembly.datagrams_evicted;
  if (incomplete != 0) {
    Anomaly holes =
        anomaly_of(frag_incomplete, x_fragments.span.first, x_fragments.span.last, incomplete);
    found.push_back(holes.consider(Alternative::capture_loss).consider(Alternative::network_loss));
  }
  judge_clock(leaps, found);
  judge_files(captures, found);
  judge_gaps(found);
  return found;
}

void ClockWatch::forget() {
  x_steps.clear();
  x_leaps.clear();
}

std::vector<Anomaly> CaptureWatch::judge_recent(const std::vector<Leap>& leaps) {
  std::vector<Anomaly> found = x_neighbours.judge();
  judge_clock(leaps, found);
  judge_gaps(found);
  x_neighbours = {};
  x_clock.forget();
  x_gaps.clear();
  return found;
}

void CaptureWatch::judge_clock(const std::vector<Leap>& leaps, std::vector<Anomaly>& found) const {
  constexpr std::int64_t at_once_behind_ns = 1'000'000'000;
  for (const auto& [before, after] : x_clock.leaps()) {
    const auto shows_it = [&](const Leap& leap) {
      return leap.before_ns <= before.time_ns && leap.after.frame >= after.frame &&
             std::abs(wait_ns(after.time_ns, leap.after.time_ns)) <= at_once_behind_ns;
    };
    const auto connections = std::ranges::count_if(leaps, shows_it);
    if (connections == 0) continue;
    Anomaly anomaly = anomaly_of(clock_step, after, after, 1);
    anomaly.evidence.set(EvidenceName::gap_ns, elapsed_ns(before.time_ns, after.time_ns));
    anomaly.evidence.set(EvidenceName::after_frame, static_cast<std::int64_t>(before.frame));
    anomaly.evidence.set(EvidenceName::connections, connections);
    if (connections == 1) anomaly.confidence = Confidence::medium;
    found.push_back(anomaly.consider(Alternative::capture_loss));
  }
  for (const ClockWatch::Step& step : x_clock.steps()) {
    Anomaly anomaly = anomaly_of(clock_step, step.after, step.after, 1);
    anomaly.evidence.set(EvidenceName::delay_ns,
                         elapsed_ns(step.after.time_ns, step.before.time_ns));
    anomaly.evidence.set(EvidenceName::after_frame, static_cast<std::int64_t>(step.before.frame));
    found.push_back(anomaly);
  }
}

void CaptureWatch::judge_files(const std::vector<CaptureInfo>& captures,
                               std::vector<Anomaly>& found) const {
  for (const CaptureInfo& capture : captures) {
    std::uint64_t dropped = 0;
    for (const CaptureInterface& interface : capture.interfaces) {
      dropped += interface.dropped().value_or(0);
    }
    if (dropped != 0) found.push_back(anomaly_of(capture_drops, x_first, x_last, dropped));
    const bool cut = std::ranges::any_of(capture.faults, [](const CaptureFault& fault) {
      return fault.kind == CaptureFaultKind::cut_short;
    });
    if (cut) found.push_back(anomaly_of(file_truncated, x_last, x_last, 1));
  }
}

/// The network loses packets of one flow or the other; what is missing of many at one instant, and
/// arrived all the same, the capture missed.
void CaptureWatch::judge_gaps(std::vector<Anomaly>& found) const {
  std::vector<Gap> gaps = x_gaps;
  std::ranges::sort(gaps, {}, [](const Gap& gap) {
    return std::tuple{gap.moment.time_ns, gap.moment.frame, gap.connection};
  });
  for (std::size_t begin = 0; begin < gaps.size();) {
    std::size_t end = begin + 1;
    while (end < gaps.size() &&
           elapsed_ns(gaps[end - 1].moment.time_ns, gaps[end].moment.time_ns) <= at_once_ns) {
      ++end;
    }
    std::vector<std::uint64_t> connections;
    for (std::size_t i = begin; i < end; ++i) connections.push_back(gaps[i].connection);
    std::ranges::sort(connections);
    connections.erase(std::ranges::unique(connections).begin(), connections.end());
    if (connections.size() >= connections_at_once) {
      Anomaly missed =
          anomaly_of(capture_drops, gaps[begin].moment, gaps[end - 1].moment, end - begin);
      missed.evidence.set(EvidenceName::connections, static_cast<std::int64_t>(connections.size()));
      found.push_back(missed);
    }
    begin = end;
  }
}

}  // namespace tapdeck
