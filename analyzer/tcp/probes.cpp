#include "analyzer/tcp/probes.h"

namespace tapdeck {

void judge_probe(Hearing& hearing, bool was_probing) {
  const Case& at_hand = hearing.at_hand;
  const SendSpace& own = at_hand.own_space();
  const Segment& segment = at_hand.segment;
  if (!own.has_sent() || !own.has_snd_una() || !segment.has(TcpFlags::ack)) return;
  const bool below = segment.seg_seq + 1 == own.snd_una() && own.snd_una() == own.snd_nxt();
  const bool brings_byte = segment.payload_octets == 1 && segment.seg_seq == own.snd_una();
  const PathView path = path_of(hearing);
  const bool sent_earlier = path.ip_ids_count_up && segment.ip_id != 0 &&
                            ip_id_distance(hearing.own.ip_ids.highest(), segment.ip_id) < 0;
  // A sender that goes on probing didn't get the word that the window is open.
  const bool closed = hearing.own.window.closed() || (was_probing && !brings_byte);
  if (closed && (brings_byte || segment.seg_seq + 1 == own.snd_una()) && !sent_earlier) {
    hearing.own.probing = true;
    hearing.own.probe_answered = false;
    if (brings_byte) {
      const bool again =
          hearing.own.probed_with_byte && hearing.own.probe_end == segment.seg_seq + 1;
      if (segment.seg_seq == own.snd_nxt() && !again) {
        hearing.judged.verdict.placement = Placement::in_order;
      }
      hearing.own.probed_with_byte = true;
      hearing.own.probe_end = segment.seg_seq + 1;
    }
    hearing.judged.verdict.origin = Origin::window_probe;
  } else if (below && !sent_earlier) {
    hearing.own.asking = true;
    hearing.judged.verdict.origin = Origin::keep_alive;
  }
}

void accept_probe(Hearing& hearing) {
  const Case& at_hand = hearing.at_hand;
  SendSpace& probed = at_hand.peer_space();
  if (!hearing.peers.probed_with_byte) return;
  const SeqNum end = hearing.peers.probe_end;
  if (at_or_before(end, probed.snd_nxt())) hearing.peers.probed_with_byte = false;
  if (!(probed.snd_nxt() + 1 == end) || precedes(at_hand.segment.seg_ack, end)) return;
  Segment byte;
  byte.seg_seq = end - 1;
  byte.payload_octets = 1;
  (void)probed.on_sent(at_hand.slabs.missing, byte, {});
  hearing.peers.probed_with_byte = false;
}

}  // namespace tapdeck
