#include "analyzer/anomalies/evidence.h"

namespace tapdeck {
namespace {

using enum EvidenceUnit;

constexpr std::array kinds{
    EvidenceKind{EvidenceName::acknowledged_bytes, "acknowledged_bytes", octets},
    EvidenceKind{EvidenceName::address, "address", EvidenceUnit::address},
    EvidenceKind{EvidenceName::after_frame, "after_frame", frame},
    EvidenceKind{EvidenceName::answer_frame, "answer_frame", frame},
    EvidenceKind{EvidenceName::answers, "answers", count},
    EvidenceKind{EvidenceName::blocked_bytes, "blocked_bytes", octets},
    EvidenceKind{EvidenceName::bytes, "bytes", octets},
    EvidenceKind{EvidenceName::bytes_after, "bytes_after", octets},
    EvidenceKind{EvidenceName::client_value, "client_value", number},
    EvidenceKind{EvidenceName::closed_frame, "closed_frame", frame},
    EvidenceKind{EvidenceName::conflicts, "conflicts", count},
    EvidenceKind{EvidenceName::connections, "connections", count},
    EvidenceKind{EvidenceName::delay_ns, "delay_ns", nanoseconds},
    EvidenceKind{EvidenceName::distance, "distance", offset},
    EvidenceKind{EvidenceName::expected, "expected", number},
    EvidenceKind{EvidenceName::flight_bytes, "flight_bytes", octets},
    EvidenceKind{EvidenceName::flags, "flags", EvidenceUnit::flags},
    EvidenceKind{EvidenceName::found, "found", number},
    EvidenceKind{EvidenceName::fragments, "fragments", count},
    EvidenceKind{EvidenceName::from_frame, "from_frame", frame},
    EvidenceKind{EvidenceName::gap_ns, "gap_ns", nanoseconds},
    EvidenceKind{EvidenceName::hardware_address, "hardware_address", hardware},
    EvidenceKind{EvidenceName::hosts, "hosts", count},
    EvidenceKind{EvidenceName::icmp_code, "icmp_code", number},
    EvidenceKind{EvidenceName::icmp_type, "icmp_type", number},
    EvidenceKind{EvidenceName::icmp_version, "icmp_version", number},
    EvidenceKind{EvidenceName::idle_ns, "idle_ns", nanoseconds},
    EvidenceKind{EvidenceName::interval_ns, "interval_ns", nanoseconds},
    EvidenceKind{EvidenceName::largest_bytes, "largest_bytes", octets},
    EvidenceKind{EvidenceName::longest_delay_ns, "longest_delay_ns", nanoseconds},
    EvidenceKind{EvidenceName::longest_silence_ns, "longest_silence_ns", nanoseconds},
    EvidenceKind{EvidenceName::lost_where, "lost_where", place},
    EvidenceKind{EvidenceName::marked, "marked", count},
    EvidenceKind{EvidenceName::mirrored, "mirrored", count},
    EvidenceKind{EvidenceName::most_in_a_second, "most_in_a_second", count},
    EvidenceKind{EvidenceName::mtu, "mtu", number},
    EvidenceKind{EvidenceName::needless, "needless", count},
    EvidenceKind{EvidenceName::never_right, "never_right", count},
    EvidenceKind{EvidenceName::never_sent, "never_sent", count},
    EvidenceKind{EvidenceName::odd_option, "odd_option", EvidenceUnit::option},
    EvidenceKind{EvidenceName::option, "option", EvidenceUnit::option},
    EvidenceKind{EvidenceName::other_frame, "other_frame", frame},
    EvidenceKind{EvidenceName::other_hardware_address, "other_hardware_address", hardware},
    EvidenceKind{EvidenceName::other_interfaces, "other_interfaces", count},
    EvidenceKind{EvidenceName::other_vlans, "other_vlans", count},
    EvidenceKind{EvidenceName::overlaps, "overlaps", count},
    EvidenceKind{EvidenceName::packets_overtaken, "packets_overtaken", count},
    EvidenceKind{EvidenceName::peer_address, "peer_address", EvidenceUnit::address},
    EvidenceKind{EvidenceName::port, "port", number},
    EvidenceKind{EvidenceName::ports, "ports", count},
    EvidenceKind{EvidenceName::probes, "probes", count},
    EvidenceKind{EvidenceName::repeats, "repeats", count},
    EvidenceKind{EvidenceName::resetter_segments, "resetter_segments", count},
    EvidenceKind{EvidenceName::round_trip_ns, "round_trip_ns", nanoseconds},
    EvidenceKind{EvidenceName::routed, "routed", count},
    EvidenceKind{EvidenceName::sacked_bytes, "sacked_bytes", octets},
    EvidenceKind{EvidenceName::seen_bytes, "seen_bytes", octets},
    EvidenceKind{EvidenceName::segments, "segments", count},
    EvidenceKind{EvidenceName::server_value, "server_value", number},
    EvidenceKind{EvidenceName::share_percent, "share_percent", percent},
    EvidenceKind{EvidenceName::smallest_bytes, "smallest_bytes", octets},
    EvidenceKind{EvidenceName::timeout_ns, "timeout_ns", nanoseconds},
    EvidenceKind{EvidenceName::timeouts, "timeouts", count},
    EvidenceKind{EvidenceName::total_delay_ns, "total_delay_ns", nanoseconds},
    EvidenceKind{EvidenceName::tries, "tries", count},
    EvidenceKind{EvidenceName::unagreed, "unagreed", count},
    EvidenceKind{EvidenceName::unanswered, "unanswered", count},
    EvidenceKind{EvidenceName::unechoed, "unechoed", count},
    EvidenceKind{EvidenceName::usual_ns, "usual_ns", nanoseconds},
    EvidenceKind{EvidenceName::window_bytes, "window_bytes", octets},
};
static_assert(kinds.size() == evidence_name_count);

constexpr bool stand_in_order() {
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    if (kinds[i].name != static_cast<EvidenceName>(i)) return false;
  }
  return true;
}
static_assert(stand_in_order());

}  // namespace

const EvidenceKind& kind_of(EvidenceName name) { return kinds[static_cast<std::size_t>(name)]; }

std::span<const EvidenceKind> evidence_kinds() { return kinds; }

}  // namespace tapdeck
