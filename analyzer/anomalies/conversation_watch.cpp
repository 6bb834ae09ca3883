#include "analyzer/anomalies/conversation_watch.h"

#include <algorithm>
#include <array>
#include <limits>

#include "captures/elapsed.h"
#include "dissectors/icmp_errors.h"
#include "dissectors/ip_protocol.h"

namespace tapdeck {
namespace {

using enum AnomalyType;

/// Lower ones are chosen by who counts hops, as traceroute does.
constexpr std::uint8_t lowest_usual_hop_limit = 32;
/// As many packets in a row stay on another way: it is no stray.
constexpr std::uint8_t way_has_changed = 3;
/// An error may come late: about bytes so far below what this capture began with.
constexpr std::uint32_t late_octets = 1U << 20U;
constexpr std::int64_t answer_time_ns = 5'000'000'000;
constexpr std::int64_t always_ns = std::numeric_limits<std::int64_t>::max();

/// Services whose every request is answered from the port that it went to.
constexpr std::array<std::uint16_t, 14> answering_ports{53,  88,  123,  161,  389,  443,  464,
                                                        500, 623, 1812, 1813, 3478, 4500, 5060};

void note_way(WayOfSide& way, const Datagram& datagram, AnomalyDirection direction,
              Findings& findings) {
  const std::uint8_t hop_limit = datagram.mark.hop_limit;
  // Whoever resets a connection in another's name stands elsewhere: that is no change of the way.
  const bool reset = datagram.kind == Datagram::Kind::tcp && datagram.segment.has(TcpFlags::rst);
  if (way.hop_limit == 0) way.hop_limit = hop_limit;
  if (hop_limit == way.hop_limit || reset) {
    if (hop_limit == way.hop_limit) way.others_in_row = 0;
    return;
  }
  const bool routed =
      datagram.kind == Datagram::Kind::tcp || datagram.key.ip_protocol == IpProtocol::udp;
  if (!routed || std::min(hop_limit, way.hop_limit) < lowest_usual_hop_limit) return;
  way.others_in_row = hop_limit == way.other_hop_limit
                          ? static_cast<std::uint8_t>(way.others_in_row + 1)
                          : std::uint8_t{1};
  way.other_hop_limit = hop_limit;
  const bool stays = way.others_in_row == way_has_changed;
  Anomaly& change = stays ? findings.note_alone(route_change, direction, moment_of(datagram))
                          : findings.note(ttl_change, direction, moment_of(datagram));
  change.evidence.set_once(EvidenceName::expected, way.hop_limit);
  change.evidence.set_once(EvidenceName::found, hop_limit);
  if (!stays) return;
  way.hop_limit = hop_limit;
  way.others_in_row = 0;
}

void note_fragments(const Datagram& datagram, AnomalyDirection direction, Findings& findings) {
  const bool conflict = (datagram.oddities & Oddity::fragments_conflict) != 0;
  const bool overlap = (datagram.oddities & Oddity::fragments_overlap) != 0;
  if (datagram.kind != Datagram::Kind::tcp && !conflict && !overlap) return;
  Anomaly& found = findings.note(ip_fragmented_tcp, direction, moment_of(datagram));
  found.evidence.add(EvidenceName::fragments, datagram.frames);
  if (overlap) found.at_least(Severity::warning).evidence.add(EvidenceName::overlaps, 1);
  if (conflict) {
    found.at_least(Severity::error).consider(Alternative::injection);
    found.evidence.add(EvidenceName::conflicts, 1);
  }
}

/// From its first packet on, until a right one comes. What can't be verified says nothing.
void note_trust(WayOfSide& way, const Datagram& datagram) {
  using enum WayOfSide::Checksums;
  const bool is_first = way.vlan == WayOfSide::no_vlan_yet;
  if ((datagram.oddities & Oddity::bad_checksum) != 0) {
    if (is_first) way.checksums = never_right;
  } else if (datagram.kind != Datagram::Kind::tcp || datagram.segment.has_payload_sum) {
    way.checksums = right_once;
  }
}

void note_bad_checksum(WayOfSide& way, const Datagram& datagram, AnomalyDirection direction,
                       Findings& findings) {
  const bool never_right = way.checksums == WayOfSide::Checksums::never_right;
  Anomaly& bad = findings.note(checksum_bad, direction, moment_of(datagram),
                               never_right ? always_ns : Findings::one_episode_ns);
  bad.severity = Severity::warning;
  bad.confidence = Confidence::medium;
  bad.consider(Alternative::offload);
  if (datagram.kind != Datagram::Kind::tcp || datagram.segment.seg_len() == 0) return;
  way.damaged = WayOfSide::Damaged::waits;
  way.damaged_end = datagram.segment.seg_seq + datagram.segment.seg_len();
}

/// The sender is told the size that fits: how the size of a path is found (RFC 1191, RFC 8201).
bool is_too_big(const IcmpNotice& notice) {
  return notice.version == 4 ? notice.type == 3 && notice.code == 4 : notice.type == 2;
}

/// What it quotes did not arrive.
bool is_undelivered(const IcmpNotice& notice) {
  constexpr std::uint8_t unreachable_v4 = 3, expired_v4 = 11, unreachable_v6 = 1, expired_v6 = 3;
  if (notice.version == 4) {
    return (notice.type == unreachable_v4 && !is_too_big(notice)) || notice.type == expired_v4;
  }
  return notice.type == unreachable_v6 || notice.type == expired_v6;
}

/// Another message is another story, however soon it comes.
Anomaly& note_icmp_error(const IcmpErrors::Entry& entry, AnomalyType type,
                         AnomalyDirection direction, Findings& findings) {
  const Moment moment{.frame = entry.frame, .time_ns = entry.time_ns};
  const Anomaly* const newest = findings.newest(type, direction);
  const bool same = newest != nullptr &&
                    newest->evidence.get(EvidenceName::icmp_type) == entry.notice.type &&
                    newest->evidence.get(EvidenceName::icmp_code) == entry.notice.code;
  Anomaly& found =
      same ? findings.note(type, direction, moment) : findings.note_alone(type, direction, moment);
  found.evidence.set(EvidenceName::icmp_version, entry.notice.version);
  found.evidence.set(EvidenceName::icmp_type, entry.notice.type);
  found.evidence.set(EvidenceName::icmp_code, entry.notice.code);
  if (entry.notice.mtu != 0) found.evidence.lower(EvidenceName::mtu, entry.notice.mtu);
  if (is_too_big(entry.notice) && found.count == 1) found.severity = Severity::note;
  if (entry.more != 0) {
    found.count += entry.more;
    found.include(entry.last);
  }
  return found;
}

/// The host did not answer the SYN, but somebody on the way said why.
void explain_silence(const IcmpErrors::Entry& entry, AnomalyDirection direction,
                     Findings& findings) {
  if (!is_undelivered(entry.notice) || entry.place == QuotedPlace::never_sent) return;
  Anomaly* const silence = findings.newest(syn_no_answer, direction);
  if (silence == nullptr) return;
  silence->severity = Severity::note;
  silence->confidence = Confidence::high;
  silence->considered = {};
  silence->evidence.set_once(EvidenceName::answer_frame, static_cast<std::int64_t>(entry.frame));
}

void find_icmp_errors(const EndOfConversation& ended, Findings& findings) {
  if (ended.icmp_errors == nullptr) return;
  const std::size_t kept = std::min<std::size_t>(ended.icmp_errors->count, IcmpErrors::bound);
  const bool udp = ended.conversation.key.ip_protocol == IpProtocol::udp;
  for (const IcmpErrors::Entry& entry : std::span(ended.icmp_errors->entries).first(kept)) {
    const AnomalyDirection direction = sent_by(ended.conversation.side_of(entry.direction));
    const bool refused =
        udp && is_port_unreachable(entry.notice.version, entry.notice.type, entry.notice.code);
    Anomaly& found = note_icmp_error(entry, refused ? icmp_port_unreach : icmp_error_on_flow,
                                     direction, findings);
    explain_silence(entry, direction, findings);
    if (entry.place == QuotedPlace::never_sent) {
      found.at_least(Severity::warning).consider(Alternative::injection);
      found.evidence.add(EvidenceName::never_sent, static_cast<std::int64_t>(1 + entry.more));
    }
  }
}

/// Nothing on the wire damages every packet of a host: their checksums were not kept where
/// addresses were rewritten, or are left to an interface.
void find_unkept_checksums(const Conversation& conversation, Findings& findings) {
  constexpr std::uint64_t few = 3;  // may be chance
  for (const Side side : {Side::client, Side::server}) {
    const WayOfSide& way = conversation.details->ways[index_of(side)];
    Anomaly* const found = findings.newest(checksum_bad, sent_by(side));
    if (way.checksums != WayOfSide::Checksums::never_right || found == nullptr) continue;
    if (found->count < few) continue;
    found->severity = Severity::info;
    found->confidence = Confidence::high;
    found->evidence.set(EvidenceName::never_right, static_cast<std::int64_t>(found->count));
  }
}

/// A lone datagram to a service that answers, while the capture went on long enough.
void find_unanswered(const EndOfConversation& ended, Findings& findings) {
  const Conversation& conversation = ended.conversation;
  const Socket server = conversation.socket_of(Side::server);
  // Of a subnet, most often.
  const bool is_broadcast = server.address.version == 4 && server.address.octets[3] == 255;
  const Traffic& asked = conversation.details->traffic[index_of(Side::client)];
  const Traffic& answered = conversation.details->traffic[index_of(Side::server)];
  if (conversation.key.ip_protocol != IpProtocol::udp || !server.address.is_unicast() ||
      is_broadcast || answered.packets != 0 || ended.icmp_errors != nullptr ||
      std::ranges::find(answering_ports, server.port.value_or(0)) == answering_ports.end() ||
      elapsed_ns(conversation.end_ns, ended.end.time_ns) < answer_time_ns) {
    return;
  }
  Anomaly& found = findings.note_alone(
      udp_no_reply, AnomalyDirection::client_to_server,
      {.frame = conversation.first_frame, .time_ns = conversation.details->start_ns});
  found.include({.frame = conversation.details->last_frame, .time_ns = conversation.end_ns});
  found.count = asked.packets - std::min(asked.packets, ended.copies.total());
  found.evidence.set(EvidenceName::tries, static_cast<std::int64_t>(found.count));
  found.consider(Alternative::packet_filter).consider(Alternative::network_loss);
}

}  // namespace

void look_at(Conversation& conversation, const Datagram& datagram, Findings& findings) {
  const Side side = conversation.side_of(datagram.direction);
  WayOfSide& way = conversation.details->ways[index_of(side)];
  const AnomalyDirection direction = sent_by(side);
  note_trust(way, datagram);
  if (way.vlan == WayOfSide::no_vlan_yet) {
    way.vlan = datagram.vlan_count == 0 ? std::uint16_t{0} : datagram.vlans[0];
  }
  note_way(way, datagram, direction, findings);
  if (datagram.frames > 1) note_fragments(datagram, direction, findings);
  const auto has = [&](std::uint8_t oddity) { return (datagram.oddities & oddity) != 0; };
  if (has(Oddity::bad_checksum)) note_bad_checksum(way, datagram, direction, findings);
  if (has(Oddity::no_udp_checksum)) {
    findings.note(udp_checksum_zero_v6, direction, moment_of(datagram));
  }
  if (has(Oddity::udp_length_differs)) {
    findings.note(udp_len_mismatch, direction, moment_of(datagram));
  }
}

/// Sent again before it was acknowledged: the receiver dropped it, it was damaged on the way. An
/// acknowledgment without that: only the capture saw a wrong checksum.
void look_at_damage(Conversation& conversation, const Datagram& datagram, Findings& findings) {
  using enum WayOfSide::Damaged;
  const Segment& segment = datagram.segment;
  const bool bad = (datagram.oddities & Oddity::bad_checksum) != 0;
  const Side from = conversation.side_of(datagram.direction);
  WayOfSide& own = conversation.details->ways[index_of(from)];
  WayOfSide& peers = conversation.details->ways[index_of(other(from))];
  const SeqNum end = segment.seg_seq + segment.seg_len();
  if (own.damaged == waits && !bad && precedes(segment.seg_seq, own.damaged_end) &&
      at_or_before(own.damaged_end, end)) {
    own.damaged = repeated;
    if (Anomaly* const found = findings.newest(checksum_bad, sent_by(from))) {
      found->severity = Severity::error;
      found->confidence = Confidence::high;
      found->evidence.add(EvidenceName::repeats, 1);
    }
  }
  if (peers.damaged == waits && segment.has(TcpFlags::ack) &&
      at_or_before(peers.damaged_end, segment.seg_ack)) {
    peers.damaged = accepted;
    if (Anomaly* const found = findings.newest(checksum_bad, sent_by(other(from)))) {
      if (!found->evidence.get(EvidenceName::repeats)) found->severity = Severity::note;
      found->evidence.add(EvidenceName::answers, 1);
    }
  }
}

void find_at_end(const EndOfConversation& ended, Findings& findings) {
  const Conversation& conversation = ended.conversation;
  const Moment first{.frame = conversation.first_frame, .time_ns = conversation.details->start_ns};
  find_icmp_errors(ended, findings);
  find_unkept_checksums(conversation, findings);
  find_unanswered(ended, findings);
  if (ended.copies.loop_passes != 0) {
    Anomaly& loop =
        findings.note_alone(routing_loop, AnomalyDirection::none, ended.copies.first_loop);
    loop.include(ended.copies.last_loop);
    loop.count = ended.copies.loop_passes + 2;
  }
  const auto [client, server] =
      std::pair{conversation.details->ways[0].vlan, conversation.details->ways[1].vlan};
  const bool both = client != WayOfSide::no_vlan_yet && server != WayOfSide::no_vlan_yet;
  if (both && client != server && ended.copies.other_vlan == 0) {
    Anomaly& asymmetric = findings.note_alone(vlan_asymmetric, AnomalyDirection::both, first);
    asymmetric.evidence.set(EvidenceName::client_value, client);
    asymmetric.evidence.set(EvidenceName::server_value, server);
  }
}

QuotedPlace place_of_quote(const SendSpace& sent, const IcmpNotice& notice) {
  if (!notice.quotes_sequence || !sent.has_sent()) return QuotedPlace::unknown;
  const SeqNum quoted = notice.quoted_seq;
  if (precedes(sent.snd_nxt(), quoted) ||
      precedes(quoted, SeqNum{sent.lowest().value - late_octets})) {
    return QuotedPlace::never_sent;
  }
  const bool unacknowledged = !sent.has_snd_una() || at_or_before(sent.snd_una(), quoted);
  return unacknowledged ? QuotedPlace::in_flight : QuotedPlace::acknowledged;
}

}  // namespace tapdeck
