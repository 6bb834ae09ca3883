#include "analyzer/tcp/acceptance.h"

#include <algorithm>

namespace tapdeck {
namespace {

/// SEG.ACK within (ISS, SND.NXT].
bool acknowledges_opening(const Segment& segment, const SendSpace& opened) {
  if (!segment.has(TcpFlags::ack) || !opened.has_iss()) return false;
  const SeqNum top = opened.has_sent() ? opened.snd_nxt() : opened.iss() + 1;
  return precedes(opened.iss(), segment.seg_ack) && at_or_before(segment.seg_ack, top);
}

/// What lies further than a window behind the edge that `view`'s end offered.
bool is_beyond(SeqNum position, const ReceiverView& view) {
  constexpr std::uint32_t least_slack = 1'460;
  const std::uint32_t slack = std::max(view.greatest_window(), least_slack);
  return view.knows_window() && position - view.right_edge() > static_cast<std::int32_t>(slack);
}

bool is_out_of_window(const Segment& segment, const KnownEnd& sender, const KnownEnd& receiver) {
  if (!receiver.view.knows_window()) return false;
  if (is_beyond(segment.seg_seq, receiver.view)) return true;
  if (!sender.sent.has_snd_una()) return false;
  // No sender has more unacknowledged than the greatest window that it was offered.
  constexpr std::uint32_t least_memory = 0xffff;
  const std::uint32_t memory = std::max(receiver.view.greatest_window(), least_memory);
  const SeqNum end = segment.seg_seq + segment.seg_len();
  return precedes(end, sender.sent.snd_una() - memory);
}

/// Empty segments overtake each other all the time, and even what PAWS says of them changes
/// nothing (RFC 7323 §5.3 would only have them answered).
bool is_old_duplicate(const Segment& segment, const KnownEnd& receiver, std::int64_t time_ns) {
  return segment.options.has_timestamps && segment.seg_len() != 0 && !segment.has(TcpFlags::syn) &&
         receiver.view.refuses_timestamp(segment.options.timestamp_value, time_ns);
}

/// RFC 5961 §5.2: SND.UNA - MAX.SND.WND <= SEG.ACK <= SND.NXT. Above what was seen of the receiver
/// this capture may have missed something, as far as the window allowed it to be sent.
bool is_unacceptable_ack(const Segment& segment, const KnownEnd& sender, const KnownEnd& receiver) {
  const SendSpace& acknowledged = receiver.sent;
  if (receiver.state == TcpState::syn_received && acknowledged.has_iss()) {
    return !acknowledges_opening(segment, acknowledged);
  }
  const bool of_seen =
      acknowledged.has_sent() && at_or_before(segment.seg_ack, acknowledged.snd_nxt());
  if (!of_seen && is_beyond(segment.seg_ack, sender.view)) return true;
  if (!acknowledged.has_snd_una() || !sender.view.knows_window()) return false;
  constexpr std::uint32_t least_memory = 0xffff;
  const std::uint32_t memory = std::max(sender.view.greatest_window(), least_memory);
  return precedes(segment.seg_ack, acknowledged.snd_una() - memory);
}

/// RFC 9293 §3.10.7.3. Once the peer's own SYN was seen, what acknowledges more than this capture
/// saw may answer what it missed.
Acceptance judge_in_syn_sent(const Segment& segment, const KnownEnd& sender,
                             const KnownEnd& receiver) {
  const bool acknowledges = acknowledges_opening(segment, receiver.sent);
  if (segment.has(TcpFlags::rst)) {
    return acknowledges ? Acceptance::acceptable : Acceptance::unacceptable_rst;
  }
  if (!segment.has(TcpFlags::ack) || acknowledges || !receiver.sent.has_iss()) {
    return Acceptance::acceptable;
  }
  const bool may_answer_more = sender.sent_syn && !segment.has(TcpFlags::syn) &&
                               precedes(receiver.sent.iss(), segment.seg_ack);
  return may_answer_more ? Acceptance::acceptable : Acceptance::unacceptable_ack;
}

bool has_connection(TcpState state) {
  return state != TcpState::closed && state != TcpState::listen && state != TcpState::unknown;
}

}  // namespace

bool is_exact_reset(const Segment& segment, const KnownEnd& sender, const KnownEnd& receiver) {
  if (receiver.state == TcpState::syn_sent) return acknowledges_opening(segment, receiver.sent);
  const SendSpace& sent = sender.sent;
  if (!sent.has_sent() && !sent.has_snd_una()) return true;
  const bool has_fin = receiver.state == TcpState::close_wait ||
                       receiver.state == TcpState::closing || receiver.state == TcpState::last_ack;
  if (has_fin && segment.seg_seq == sender.fin) return true;
  const SeqNum one = sent.has_sent() ? sent.snd_nxt() : sent.snd_una();
  const SeqNum two = sent.has_snd_una() ? sent.snd_una() : one;
  return at_or_before(earlier(one, two), segment.seg_seq) &&
         at_or_before(segment.seg_seq, later(one, two));
}

Acceptance judge_acceptance(const Segment& segment, const KnownEnd& sender,
                            const KnownEnd& receiver, std::int64_t time_ns) {
  if (!has_connection(receiver.state)) return Acceptance::acceptable;
  if (receiver.state == TcpState::syn_sent) return judge_in_syn_sent(segment, sender, receiver);
  if (segment.has(TcpFlags::rst)) {
    return is_exact_reset(segment, sender, receiver) ? Acceptance::acceptable
                                                     : Acceptance::unacceptable_rst;
  }
  if (is_old_duplicate(segment, receiver, time_ns)) return Acceptance::old_duplicate;
  if (is_out_of_window(segment, sender, receiver)) return Acceptance::out_of_window;
  if (segment.has(TcpFlags::ack) && is_unacceptable_ack(segment, sender, receiver)) {
    return Acceptance::unacceptable_ack;
  }
  return Acceptance::acceptable;
}

Acceptance judge_reopening(const Segment& syn, const KnownEnd& sender) {
  const bool higher = !sender.sent.has_sent() || at_or_before(sender.sent.snd_nxt(), syn.seg_seq);
  const Acceptance by_sequence = higher ? Acceptance::acceptable : Acceptance::out_of_window;
  if (!syn.options.has_timestamps || !sender.view.has_timestamp()) return by_sequence;
  const std::int32_t ticks =
      timestamp_distance(sender.view.latest_timestamp(), syn.options.timestamp_value);
  if (ticks == 0) return by_sequence;
  return ticks > 0 ? Acceptance::acceptable : Acceptance::old_duplicate;
}

}  // namespace tapdeck
