// The report as plain data: all that any output format sees. Numbers and enumerators only; words
// are made by the formats.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/anomalies/anomaly.h"
#include "analyzer/flow/side.h"
#include "analyzer/flow/socket.h"
#include "analyzer/tcp/connection.h"
#include "analyzer/tcp/handshake.h"
#include "analyzer/tcp/state.h"
#include "captures/capture_info.h"

namespace tapdeck {

struct TunnelReport {
  std::string_view type;  // the dissector's name
  std::optional<std::uint64_t> id;
};

struct HandshakeReport {
  bool complete = false;
  std::optional<std::uint64_t> syn_frame, synack_frame, ack_frame;
  std::optional<std::uint32_t> client_isn, server_isn;
  std::optional<SynOptions> client_options, server_options;
  std::optional<AgreedOptions> agreed;
  /// SYN to the client's ACK of the SYN+ACK; its parts between the capture point and the server
  /// (SYN to SYN+ACK) and between the capture point and the client (SYN+ACK to ACK).
  std::optional<std::int64_t> rtt_ns, client_rtt_ns, server_rtt_ns;
};

/// Bytes that this capture passed over and never held.
struct MissingReport {
  std::uint32_t begin = 0;  // relative to the initial sequence number, or to the lowest one seen
  std::uint32_t bytes = 0;
  /// What the receiver said of them.
  enum class Fate : std::uint8_t { unknown, not_captured, lost_upstream };
  Fate fate{};
  std::uint64_t first_frame = 0;                     // the segment or ACK that showed the gap
  std::optional<std::uint64_t> evidence_frame = {};  // the ACK that tells the fate
};

/// From this capture point to the receiver and back.
struct RoundTripReport {
  std::int64_t min = 0, p50 = 0, p95 = 0, max = 0;
  std::uint64_t samples = 0;
};

/// What held the sender back while something was unacknowledged.
struct InFlightReport {
  std::uint64_t greatest_bytes = 0;
  std::uint64_t greatest_window_bytes = 0;  // that the receiver offered; 0: its scale isn't known
  std::int64_t time_ns = 0;
  std::int64_t receiver_limited_ns = 0;  // the offered window was used up
  std::int64_t recovering_ns = 0;        // a loss was being repaired
};

struct TcpDirectionReport {
  /// Payload octets of the sequence space that were seen at least once, and the rest: the octets
  /// that this capture saw again, whatever the reason.
  std::uint64_t unique_bytes = 0;
  std::uint64_t repeated_bytes = 0;
  VerdictCounters counters = {};
  std::vector<MissingReport> missing = {};  // the lowest first
  std::uint64_t missing_ranges = 0;         // all of them
  std::optional<RoundTripReport> round_trip = {};
  InFlightReport in_flight = {};
};

struct DirectionReport {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;          // of the frames on the wire
  std::uint64_t payload_bytes = 0;  // of the transport, as sent, repeats included
  std::optional<TcpDirectionReport> tcp;
};

struct StateChangeReport {
  std::uint64_t frame = 0;
  std::uint64_t confirmed_frame = 0;  // the endpoint's own segment that shows it; 0: none does
  std::int64_t time_ns = 0;
  Side side{};
  TcpState from{}, to{};
  StateChangeReason reason{};
};

struct StatesReport {
  TcpState client{}, server{};
  std::vector<StateChangeReport> changes;
  std::uint64_t changes_dropped = 0;  // past the bound on changes kept
};

enum class TeardownBy : std::uint8_t { nobody, client, server, both };

struct TeardownReport {
  TeardownKind kind{};
  TeardownBy by{};  // who sent the first FIN, or the reset; both: FINs that crossed
  std::optional<std::uint64_t> frame;  // of that FIN or reset
  bool half_closed = false;  // one side went on sending data after the other's FIN was acknowledged
  TeardownBy time_wait{};    // who was left in TIME_WAIT
};

struct TcpReport {
  HandshakeReport handshake;
  StatesReport states;
  TeardownReport teardown;
};

/// An ICMP or ICMPv6 error that quotes a packet of the conversation.
struct IcmpErrorReport {
  std::uint64_t frame = 0;
  std::int64_t time_ns = 0;
  IpAddress from;
  std::uint8_t version = 4;  // 4: ICMP, 6: ICMPv6
  std::uint8_t type = 0;
  std::uint8_t code = 0;
  std::optional<std::uint32_t> mtu;  // that fits, if it was too big
};

struct ConnectionReport {
  std::uint64_t id = 0;           // number of its first frame
  std::uint64_t ended_frame = 0;  // number of the frame that ended or expired it, else the last
  std::string community_id;       // version 1, seed 0; empty where the protocol has none
  std::uint8_t ip_protocol = 0;
  Socket client, server;
  ClientKnownBy client_known_by{};
  std::vector<std::uint16_t> vlans;   // ids seen, in order, bounded
  std::vector<TunnelReport> tunnels;  // outermost first
  std::int64_t start_ns = 0, end_ns = 0;
  std::string history;                        // letters as Zeek writes them
  std::string_view conn_state;                // as Zeek names them
  std::array<DirectionReport, 2> directions;  // client to server, server to client
  std::optional<TcpReport> tcp;
  std::vector<IcmpErrorReport> icmp_errors;  // the first few
  std::uint64_t icmp_error_count = 0;
  std::vector<AnomalyType> anomaly_types;  // of its anomalies, each once, in order
  std::vector<std::uint64_t> anomalies;    // indexes into the report's
};

/// What is wrong with the capture itself; read first, since it colours everything else.
struct Hygiene {
  std::uint64_t duplicate_frames = 0;  // of packets that the capture holds twice
  std::uint64_t timestamps_backwards = 0;
  std::uint64_t truncated_packets = 0;  // by the snap length
  std::uint64_t bad_checksums = 0;
  std::uint64_t offloaded_checksums = 0;
  std::optional<std::uint64_t> dropped_by_capture;  // empty: the files don't say
  std::uint64_t captured_over_snap_length = 0;
  std::uint64_t captured_over_wire_length = 0;
  std::uint64_t zero_length_packets = 0;
  std::uint64_t subsecond_overflows = 0;
  std::uint64_t unknown_blocks = 0;
  std::uint64_t packets_without_time = 0;  // the file has none for them: they take the one before
  std::uint64_t incomplete_datagrams = 0;  // fragments that never made a whole
  std::uint64_t fragment_overlaps = 0;
  std::uint64_t fragment_conflicts = 0;  // overlaps with different bytes
  std::uint64_t connections_shed = 0;    // gave way at the bounds on open conversations, and so …
  std::uint64_t shed_attempts = 0;       // … of TCP, with nothing but the first SYN
  std::uint64_t shed_over = 0;           // … of TCP, closed
  std::uint64_t shed_idle = 0;           // … of other protocols
  std::uint64_t shed_open = 0;           // … of TCP, open
  // Gaps, changes of state, letters of history, VLANs and tunnels past the bounds on what is kept
  // of one conversation; and conversations whose doubled packets found no room.
  std::uint64_t details_dropped = 0;
};

struct UndissectedLinkType {
  LinkType link_type{};
  std::uint64_t packets = 0;
};

struct Totals {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
  std::optional<std::int64_t> first_ns, last_ns;
  std::uint64_t tcp_connections = 0;
  std::uint64_t udp_flows = 0;
  std::uint64_t other_flows = 0;  // ICMP, SCTP and other IP protocols
  std::uint64_t tcp_packets = 0;
  std::uint64_t udp_packets = 0;
  std::uint64_t icmp = 0;          // packets, ICMPv6 included
  std::uint64_t arp = 0;           // packets
  std::uint64_t other = 0;         // packets of none of these
  std::uint64_t malformed = 0;     // packets with a header that contradicts itself
  std::uint64_t ip_fragments = 0;  // packets
  std::vector<UndissectedLinkType> undissected;
  std::array<std::uint64_t, severity_count> anomalies{};  // by Severity
};

struct Summary {
  std::vector<CaptureInfo> captures;
  Hygiene hygiene;
  Totals totals;
  std::uint8_t time_digits = 6;  // the most that any interface has
  bool filtered = false;
};

}  // namespace tapdeck
