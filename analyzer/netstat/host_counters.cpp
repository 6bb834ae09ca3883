#include "analyzer/netstat/host_counters.h"

namespace tapdeck {
namespace {

using enum HostCounter;

constexpr std::array words{
    HostCounterWords{ip_received, "Ip", "total packets received", "packets_received"},
    HostCounterWords{ip_bad_headers, "Ip", "with invalid headers", "invalid_headers"},
    HostCounterWords{ip_fragments_received, "Ip", "fragments received", "fragments_received"},
    HostCounterWords{ip_sent, "Ip", "requests sent out", "packets_sent"},
    HostCounterWords{ip_fragments_sent, "Ip", "fragments created", "fragments_sent"},
    HostCounterWords{ip6_received, "Ip6", "total packets received", "packets_received"},
    HostCounterWords{ip6_fragments_received, "Ip6", "fragments received", "fragments_received"},
    HostCounterWords{ip6_sent, "Ip6", "requests sent out", "packets_sent"},
    HostCounterWords{ip6_fragments_sent, "Ip6", "fragments created", "fragments_sent"},
    HostCounterWords{icmp_received, "Icmp", "ICMP messages received", "messages_received"},
    HostCounterWords{icmp_unreachable_received, "Icmp", "destination unreachable received",
                     "unreachable_received"},
    HostCounterWords{icmp_time_exceeded_received, "Icmp", "timeouts in transit received",
                     "time_exceeded_received"},
    HostCounterWords{icmp_redirect_received, "Icmp", "redirects received", "redirects_received"},
    HostCounterWords{icmp_echo_received, "Icmp", "echo requests received",
                     "echo_requests_received"},
    HostCounterWords{icmp_echo_reply_received, "Icmp", "echo replies received",
                     "echo_replies_received"},
    HostCounterWords{icmp_sent, "Icmp", "ICMP messages sent", "messages_sent"},
    HostCounterWords{icmp_unreachable_sent, "Icmp", "destination unreachable sent",
                     "unreachable_sent"},
    HostCounterWords{icmp_time_exceeded_sent, "Icmp", "timeouts in transit sent",
                     "time_exceeded_sent"},
    HostCounterWords{icmp_redirect_sent, "Icmp", "redirects sent", "redirects_sent"},
    HostCounterWords{icmp_echo_sent, "Icmp", "echo requests sent", "echo_requests_sent"},
    HostCounterWords{icmp_echo_reply_sent, "Icmp", "echo replies sent", "echo_replies_sent"},
    HostCounterWords{tcp_active_openings, "Tcp", "active connection openings", "active_openings"},
    HostCounterWords{tcp_passive_openings, "Tcp", "passive connection openings",
                     "passive_openings"},
    HostCounterWords{tcp_failed_attempts, "Tcp", "failed connection attempts", "failed_attempts"},
    HostCounterWords{tcp_resets_of_open, "Tcp", "connection resets received", "open_reset"},
    HostCounterWords{tcp_established, "Tcp", "connections established", "established"},
    HostCounterWords{tcp_received, "Tcp", "segments received", "segments_received"},
    HostCounterWords{tcp_sent, "Tcp", "segments sent out", "segments_sent"},
    HostCounterWords{tcp_retransmitted, "Tcp", "segments retransmitted", "segments_retransmitted"},
    HostCounterWords{tcp_bad, "Tcp", "bad segments received", "bad_segments_received"},
    HostCounterWords{tcp_resets_sent, "Tcp", "resets sent", "resets_sent"},
    HostCounterWords{udp_received, "Udp", "packets received", "packets_received"},
    HostCounterWords{udp_unknown_port, "Udp", "packets to unknown port received",
                     "unknown_port_received"},
    HostCounterWords{udp_bad, "Udp", "packet receive errors", "receive_errors"},
    HostCounterWords{udp_sent, "Udp", "packets sent", "packets_sent"},
    HostCounterWords{extended_timeouts, "TcpExt", "other TCP timeouts", "timeouts"},
    HostCounterWords{extended_fast, "TcpExt", "fast retransmits", "fast_retransmits"},
    HostCounterWords{extended_slow_start, "TcpExt", "retransmits in slow start",
                     "slow_start_retransmits"},
    HostCounterWords{extended_loss_probes, "TcpExt", "TCP loss probes", "loss_probes"},
};
static_assert(words.size() == host_counter_count);

}  // namespace

std::span<const HostCounterWords> host_counter_words() { return words; }

}  // namespace tapdeck
