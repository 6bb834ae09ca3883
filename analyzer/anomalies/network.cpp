// What IP, ICMP, UDP and the link show.
#include "analyzer/anomalies/family.h"

namespace tapdeck {
namespace {

using enum AnomalyType;
using enum Severity;

constexpr std::array kinds{
    AnomalyKind{
        ip_fragmented_tcp, "ip_fragmented_tcp", note, "TCP travels in IP fragments.",
        "{count|datagram|datagrams} of TCP came in IP fragments[, of which {conflicts|holds|hold} "
        "different bytes for the same place][; the smallest first fragment holds {smallest_bytes} "
        "only]."},
    AnomalyKind{frag_incomplete, "frag_incomplete", warning,
                "A fragmented datagram never became whole.",
                "{count|fragmented datagram|fragmented datagrams} never became whole."},
    AnomalyKind{icmp_error_on_flow, "icmp_error_on_flow", warning,
                "An ICMP error quotes a packet of the conversation.",
                "{count|ICMP error|ICMP errors} about what the {sender} sent ({icmp_meaning}[, MTU "
                "{mtu}])[; {never_sent|quotes|quote} bytes that were never sent]."},
    AnomalyKind{ttl_change, "ttl_change", note,
                "The hop limit of a side's packets changed in mid-flow.",
                "The hop limit of the {sender}'s packets changed from {expected} to {found}."},
    AnomalyKind{
        route_change, "route_change", note, "The way of a side's packets changed.",
        "The way of the {sender}'s packets changed: their hop limit went from {expected} to "
        "{found} and stayed."},
    AnomalyKind{routing_loop, "routing_loop", error,
                "The same packet came past again and again with a falling hop limit.",
                "A packet came past {count|time|times} with a falling hop limit."},
    AnomalyKind{
        checksum_bad, "checksum_bad", error, "Wrong checksums that offload does not explain.",
        "{count|packet|packets} of the {sender} had a wrong checksum above IP here[, and none a "
        "right one{never_right?}: they were not kept, or never filled in][; {repeats|was|were} "
        "sent again][; {answers|was|were} accepted all the same]."},
    AnomalyKind{
        checksum_offload, "checksum_offload", info,
        "Packets were captured before the network card had filled in the checksum.",
        "{count|packet was|packets were} captured before the network card had filled in the "
        "checksum."},
    AnomalyKind{length_mismatch, "length_mismatch", note,
                "Lengths in headers contradict each other.",
                "{count|packet|packets} with lengths that contradict each other."},
    AnomalyKind{udp_no_reply, "udp_no_reply", note, "A request over UDP was not answered.",
                "The {sender} sent {tries|datagram|datagrams} and nothing came back."},
    AnomalyKind{icmp_port_unreach, "icmp_port_unreach", note,
                "The host says that nothing listens on the UDP port.",
                "Nothing listens on the port that the {sender} sent to."},
    AnomalyKind{udp_checksum_zero_v6, "udp_checksum_zero_v6", warning,
                "UDP over IPv6 without a checksum (RFC 6935).",
                "The {sender} sent {count|datagram|datagrams} without a checksum over IPv6."},
    AnomalyKind{udp_len_mismatch, "udp_len_mismatch", warning,
                "The length in the UDP header is not that of the datagram.",
                "{count|datagram|datagrams} of the {sender} {count?declares a length that is not "
                "its own|declare lengths that are not their own}."},
    AnomalyKind{
        duplicate_frame, "duplicate_frame", info, "The capture holds frames twice.",
        "{count|frame is a copy|frames are copies} that the capture made[, {other_interfaces} on "
        "another interface][, {other_vlans} in another VLAN][, {routed} behind a router][, "
        "{mirrored} by a mirror that sees {mirrored?it|them} twice]."},
    AnomalyKind{mac_flap, "mac_flap", warning, "An address moved between hardware addresses.",
                "The address {address} moved {count|time|times} between hardware addresses, "
                "{count?|lastly }from {other_hardware_address} to {hardware_address}."},
    AnomalyKind{
        arp_conflict, "arp_conflict", warning, "Two hosts claim one address.",
        "Two hosts claim the address {address}: {other_hardware_address} and {hardware_address}."},
    AnomalyKind{
        vlan_asymmetric, "vlan_asymmetric", info, "The two directions travel in different VLANs.",
        "The two directions travel in different VLANs ({client_value} and {server_value})."},
};

}  // namespace

constinit const AnomalyFamily network_family{.name = "network", .kinds = kinds};

}  // namespace tapdeck
