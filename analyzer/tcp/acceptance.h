// Whether the receiver of a segment would accept it: RFC 9293 §3.10.7.3 and §3.10.7.4, RFC 5961 §3
// and §5, RFC 7323 §5. An observer knows the receiver's variables within bounds only, and says
// something else than `acceptable` only where every value within them says so:
//
// - RCV.NXT lies between what the receiver acknowledged and all that was sent to it.
// - The window's right edge is no further than one greatest window behind the highest that was
//   ever seen offered: a lost sight of one update explains that much. Unscaled windows of unknown
//   scale bound nothing.
// - TS.Recent is at least what the receiver has echoed.
//
// So octets below RCV.NXT, which RFC 9293 refuses with an ACK, are `acceptable` here while their
// sender could still hold them for unacknowledged: to send again is the ordinary thing to do, and
// other verdicts tell of it. A window probe at the edge is too.
#pragma once

#include <cstdint>

#include "analyzer/tcp/receiver_view.h"
#include "analyzer/tcp/segment.h"
#include "analyzer/tcp/send_space.h"
#include "analyzer/tcp/state.h"
#include "analyzer/tcp/verdict.h"

namespace tapdeck {

/// One end of a connection before the segment at hand.
struct KnownEnd {
  TcpState state{};
  bool sent_syn = false;
  bool sent_fin = false;
  SeqNum fin;  // position of the FIN, if sent_fin
  const SendSpace& sent;
  const ReceiverView& view;
};

[[nodiscard]] Acceptance judge_acceptance(const Segment& segment, const KnownEnd& sender,
                                          const KnownEnd& receiver, std::int64_t time_ns);

/// A reset that the receiver obeys. In SYN-SENT it must acknowledge the SYN; later it must sit at
/// RCV.NXT (RFC 5961 §3.2), or on the FIN before it, where macOS puts it and Linux obeys.
[[nodiscard]] bool is_exact_reset(const Segment& segment, const KnownEnd& sender,
                                  const KnownEnd& receiver);

/// Whether a SYN on the sockets of a connection that the receiver holds in TIME-WAIT may open
/// another one: RFC 9293 §3.6.1, RFC 6191 §2. `acceptable`, else `old_duplicate` by its clock or
/// `out_of_window` by its sequence number.
[[nodiscard]] Acceptance judge_reopening(const Segment& syn, const KnownEnd& sender);

}  // namespace tapdeck
