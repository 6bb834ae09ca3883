#include "tools/bench/tcp_script.h"

#include <algorithm>

#include "tools/bench/frame_maker.h"

namespace tapdeck {
namespace {

constexpr std::int64_t microsecond = 1'000;
constexpr std::int64_t smallest_timeout_ns = 200'000'000;

[[nodiscard]] GeneratedSide other(GeneratedSide side) {
  return side == GeneratedSide::client ? GeneratedSide::server : GeneratedSide::client;
}

}  // namespace

TcpScript::TcpScript(const GeneratedPath& path, std::int64_t start_ns, std::uint64_t seed)
    : x_path(path), x_random(seed), x_now_ns(start_ns) {
  for (Side& one : x_sides) {
    one.snd_nxt = static_cast<std::uint32_t>(x_random.next());
    one.identification = static_cast<std::uint16_t>(x_random.next());
  }
}

void TcpScript::handshake() {
  emit(GeneratedSide::client, tcp_bits::syn);
  x_now_ns += x_path.round_trip_ns;
  emit(GeneratedSide::server, tcp_bits::syn | tcp_bits::ack);
  x_now_ns += 20 * microsecond;
  emit(GeneratedSide::client, tcp_bits::ack);
  x_now_ns += 30 * microsecond;
}

void TcpScript::send(GeneratedSide from, std::uint32_t octets) {
  bool first = true;
  while (octets > 0) {
    std::uint32_t& window = side(from).window_segments;
    const std::uint32_t part = std::min(octets, window * x_path.segment_octets);
    std::vector<InFlight> sent = burst(from, part, first);
    octets -= part;
    if (octets == 0) sent.back().segment.flags |= tcp_bits::psh;
    deliver(sent);
    std::erase_if(sent, [](const InFlight& one) { return one.fate == Fate::arrives; });
    window = sent.empty() ? std::min(x_path.window_limit, window * 2) : std::max(4U, window / 2);
    send_again(std::move(sent));
    // A client's burst ended with the server's last ACK; the server has yet to see the client's.
    if (from == GeneratedSide::server) x_now_ns += x_path.round_trip_ns;
    first = false;
  }
}

void TcpScript::close(GeneratedSide first) {
  emit(first, tcp_bits::fin | tcp_bits::ack);
  x_now_ns += answer_delay_ns(other(first));
  emit(other(first), tcp_bits::fin | tcp_bits::ack);
  x_now_ns += answer_delay_ns(first);
  emit(first, tcp_bits::ack);
}

void TcpScript::reset(GeneratedSide from) { emit(from, tcp_bits::rst | tcp_bits::ack); }

std::vector<ScriptedSegment> TcpScript::take() {
  std::stable_sort(x_script.begin(), x_script.end(),
                   [](const auto& a, const auto& b) { return a.seen_ns < b.seen_ns; });
  return std::exchange(x_script, {});
}

/// The client answers at once; what the server answers has the path to travel.
std::int64_t TcpScript::answer_delay_ns(GeneratedSide receiver) {
  if (receiver == GeneratedSide::server) return x_path.round_trip_ns;
  return (15 + x_random.below(20)) * microsecond;
}

/// The sender's next segment, as of now.
ScriptedSegment TcpScript::make(GeneratedSide from, std::uint8_t flags, std::uint32_t octets) {
  Side& sender = side(from);
  ScriptedSegment segment{.seen_ns = x_now_ns,
                          .sent_ns = x_now_ns,
                          .echo_ns = sender.echo_ns,
                          .seq = sender.snd_nxt,
                          .ack = (flags & tcp_bits::ack) != 0 ? sender.rcv_nxt : 0,
                          .payload_octets = octets,
                          .identification = sender.identification++,
                          .from = from,
                          .flags = flags};
  const bool takes_a_number = (flags & (tcp_bits::syn | tcp_bits::fin)) != 0;
  sender.snd_nxt += octets + (takes_a_number ? 1 : 0);
  return segment;
}

/// A segment without data, which always arrives.
void TcpScript::emit(GeneratedSide from, std::uint8_t flags) {
  const ScriptedSegment segment = make(from, flags, 0);
  side(other(from)).rcv_nxt = side(from).snd_nxt;
  side(other(from)).echo_ns = segment.sent_ns;
  x_script.push_back(segment);
}

std::vector<TcpScript::InFlight> TcpScript::burst(GeneratedSide from, std::uint32_t octets,
                                                  bool first) {
  std::vector<InFlight> sent;
  while (octets > 0) {
    const std::uint32_t size = std::min(octets, x_path.segment_octets);
    octets -= size;
    InFlight one{.segment = make(from, tcp_bits::ack, size)};
    one.segment.starts_message = first && sent.empty();
    draw_fate(one, octets == 0);
    sent.push_back(one);
    x_now_ns += x_path.gap_ns + x_random.below(static_cast<std::uint32_t>(x_path.gap_ns / 2 + 1));
  }
  std::stable_sort(sent.begin(), sent.end(), [](const auto& a, const auto& b) {
    return a.segment.seen_ns < b.segment.seen_ns;
  });
  return sent;
}

void TcpScript::draw_fate(InFlight& sent, bool last) {
  const std::uint32_t drawn = x_random.below(1'000'000);
  if (drawn < x_path.lost / 2) {
    sent.fate = Fate::lost_before_capture;
  } else if (drawn < x_path.lost) {
    sent.fate = Fate::lost_after_capture;
  } else if (drawn < x_path.lost + x_path.overtaken && !last) {
    sent.segment.seen_ns += 3 * x_path.gap_ns;
  }
}

void TcpScript::deliver(const std::vector<InFlight>& sent) {
  for (const InFlight& one : sent) {
    if (one.fate != Fate::lost_before_capture) x_script.push_back(one.segment);
    if (one.fate == Fate::arrives) receive(one.segment);
  }
}

void TcpScript::send_again(std::vector<InFlight> lost) {
  if (lost.empty()) return;
  const Side& receiver = side(other(lost.front().segment.from));
  // Without anything behind the gap there are no duplicate ACKs: only the timer helps.
  x_now_ns += receiver.held.empty() ? smallest_timeout_ns : x_path.round_trip_ns;
  for (InFlight& one : lost) {
    Side& sender = side(one.segment.from);
    one.segment.seen_ns = one.segment.sent_ns = x_now_ns;
    one.segment.identification = sender.identification++;
    x_script.push_back(one.segment);
    receive(one.segment);
    x_now_ns += x_path.gap_ns;
  }
}

void TcpScript::receive(const ScriptedSegment& segment) {
  Side& receiver = side(other(segment.from));
  const bool in_order = segment.seq == receiver.rcv_nxt;
  if (in_order) {
    receiver.rcv_nxt += segment.payload_octets;
    receiver.echo_ns = segment.sent_ns;
  } else {
    receiver.held.emplace_back(segment.seq, segment.seq + segment.payload_octets);
  }
  const auto fits = [&](const auto& range) { return range.first == receiver.rcv_nxt; };
  bool filled = false;
  for (auto range = std::find_if(receiver.held.begin(), receiver.held.end(), fits);
       range != receiver.held.end();
       range = std::find_if(receiver.held.begin(), receiver.held.end(), fits)) {
    receiver.rcv_nxt = range->second;
    receiver.held.erase(range);
    filled = true;
  }
  acknowledge(segment, in_order && !filled);
}

/// Every second segment in order, and at once the end of a message and whatever is out of order.
void TcpScript::acknowledge(const ScriptedSegment& segment, bool in_order) {
  const GeneratedSide from = other(segment.from);
  Side& receiver = side(from);
  const bool message_ends = (segment.flags & tcp_bits::psh) != 0;
  if (in_order && !message_ends && ++receiver.not_acknowledged < 2) return;
  receiver.not_acknowledged = 0;
  ScriptedSegment answer = make(from, tcp_bits::ack, 0);
  answer.seen_ns = segment.seen_ns + answer_delay_ns(from);
  answer.sent_ns = answer.seen_ns;
  if (!receiver.held.empty()) {
    answer.sack_begin = receiver.held.back().first;
    answer.sack_end = receiver.held.back().second;
  }
  x_script.push_back(answer);
  x_now_ns = std::max(x_now_ns, answer.seen_ns);
}

}  // namespace tapdeck
