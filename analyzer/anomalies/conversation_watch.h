// What conversations of every protocol show beyond TCP: of IP, ICMP, UDP and the link.
#pragma once

#include "analyzer/anomalies/episodes.h"
#include "analyzer/flow/conversation.h"
#include "analyzer/tcp/connection.h"

namespace tapdeck {

/// Nothing of a datagram calls for a closer look.
[[nodiscard]] inline bool is_usual(const WayOfSide& way, const Datagram& datagram) {
  return datagram.oddities == 0 && datagram.frames == 1 && way.others_in_row == 0 &&
         way.checksums != WayOfSide::Checksums::never_right &&
         way.hop_limit == datagram.mark.hop_limit && way.vlan != WayOfSide::no_vlan_yet;
}

/// A datagram that isn't usual.
void look_at(Conversation& conversation, const Datagram& datagram, Findings& findings);

/// A segment while one before it waits for what its bad checksum means.
void look_at_damage(Conversation& conversation, const Datagram& datagram, Findings& findings);

struct EndOfConversation {
  const Conversation& conversation;
  const IcmpErrors* icmp_errors = nullptr;
  CopyCounters copies;
  Moment end;  // the last packet of any conversation
};

void find_at_end(const EndOfConversation& ended, Findings& findings);

/// Where the sequence number that an ICMP error quotes lies (RFC 5927 §4.1).
[[nodiscard]] QuotedPlace place_of_quote(const SendSpace& sent, const IcmpNotice& notice);

}  // namespace tapdeck
