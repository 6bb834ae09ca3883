#include "tools/lab/truth/receiver.h"

#include <map>
#include <optional>

#include "dissectors/tcp.h"

namespace tapdeck {
namespace {

/// Ticks by which a timestamp may be older than the latest (TCP_PAWS_WINDOW).
constexpr std::int32_t tolerated_ticks = 1;

/// What the receiver of one stream keeps, with the names of Linux' struct tcp_sock.
struct Receiver {
  std::optional<std::uint32_t> ts_recent;
  std::int64_t rcv_wup = 0;  // the last acknowledgment sent
  std::int64_t right_edge = 0;
  bool has_right_edge = false;
  SeqNum highest_ack;  // of what it sent itself, as far as accepted
  bool has_ack = false;
  SequenceSet received;
};

std::int32_t ticks_older(const Receiver& receiver, const TcpFrame& frame) {
  if (!receiver.ts_recent || *receiver.ts_recent == 0 || !frame.timestamp_value) return 0;
  return static_cast<std::int32_t>(*receiver.ts_recent - *frame.timestamp_value);
}

class DeliveryJudge {
 public:
  DeliveryJudge(Recording& recording, Way way)
      : x_recording(recording), x_way(way), x_receivers(recording.streams.size()) {}

  ReceiverCounts run() {
    const CapturePoint point = receiver_of(x_way);
    const auto& sightings = x_recording.sightings_at(point);
    for (std::size_t i = 0; i < sightings.size(); ++i) {
      if (sightings[i].transmissions.empty()) continue;
      Transmission& transmission = x_recording.transmissions[sightings[i].transmissions.front()];
      const TcpFrame& frame = *x_recording.frames_at(point)[i];
      if (transmission.fate.way == x_way) {
        arrive(transmission, frame);
      } else {
        answer(transmission, frame);
      }
    }
    return x_counts;
  }

 private:
  /// A frame that the receiver sent: it tells what it has acknowledged and where its window ends.
  void answer(const Transmission& own, const TcpFrame& frame) {
    const Stream& own_stream = x_recording.streams[own.stream];
    if (frame.has(TcpFlags::syn)) {
      x_scales[own_stream.connection] = frame.window_scale;
    }
    const auto found = x_current.find(own_stream.connection);
    if (found == x_current.end() || !frame.has(TcpFlags::ack) || frame.has(TcpFlags::rst)) return;
    const Stream& stream = x_recording.streams[found->second];
    Receiver& receiver = x_receivers[found->second];
    const std::int64_t acknowledged = stream.position_of(frame.seg_ack);
    // An answer to a connection that this SYN would replace acknowledges the old one's octets.
    if (acknowledged < 0 || acknowledged > stream.highest_end) return;
    receiver.rcv_wup = acknowledged;
    const auto scale = frame.has(TcpFlags::syn) || !x_peer_scales[own_stream.connection]
                           ? std::uint8_t{0}
                           : x_scales[own_stream.connection].value_or(0);
    receiver.right_edge = acknowledged + (std::int64_t{frame.window_field} << scale);
    receiver.has_right_edge = true;
  }

  void arrive(Transmission& transmission, const TcpFrame& frame) {
    const Stream& stream = x_recording.streams[transmission.stream];
    Receiver& receiver = x_receivers[transmission.stream];
    if (frame.has(TcpFlags::syn)) {
      x_current[stream.connection] = transmission.stream;
      x_peer_scales[stream.connection] = frame.window_scale;
      if (!receiver.ts_recent) receiver.ts_recent = frame.timestamp_value;
      transmission.accepted = true;
      receiver.received.add(transmission.range);
      return;
    }
    if (frame.has(TcpFlags::rst)) return;
    if (ticks_older(receiver, frame) > tolerated_ticks &&
        !passes_late(receiver, transmission, frame)) {
      // Old pure ACKs have a counter of their own.
      if (!is_ack_from_before(receiver, transmission)) ++x_counts.old_timestamps;
      return;
    }
    if (lies_beyond_window(receiver, transmission)) {
      ++x_counts.beyond_window;
      return;
    }
    transmission.accepted = true;
    if (transmission.range.end >= receiver.rcv_wup) update(receiver, transmission, frame);
    receiver.received.add(transmission.range);
  }

  /// A duplicate ACK that others overtook passes although its timestamp is old.
  static bool passes_late(const Receiver& receiver, const Transmission& transmission,
                          const TcpFrame& frame) {
    return transmission.range.empty() &&
           transmission.range.begin == receiver.received.end_of_run(0) && receiver.has_ack &&
           frame.seg_ack == receiver.highest_ack;
  }

  static bool is_ack_from_before(const Receiver& receiver, const Transmission& transmission) {
    return transmission.range.empty() && transmission.range.begin < receiver.received.end_of_run(0);
  }

  static bool lies_beyond_window(const Receiver& receiver, const Transmission& transmission) {
    const SequenceRange& range = transmission.range;
    return receiver.has_right_edge && !range.empty() && range.begin >= receiver.right_edge &&
           range.begin > 0;
  }

  static void update(Receiver& receiver, const Transmission& transmission, const TcpFrame& frame) {
    const bool is_old_ack = frame.seg_ack - receiver.highest_ack < 0 && receiver.has_ack;
    if (!is_old_ack) {
      receiver.highest_ack = frame.seg_ack;
      receiver.has_ack = true;
    }
    if (!frame.timestamp_value || is_old_ack) return;
    if (transmission.range.begin <= receiver.rcv_wup && ticks_older(receiver, frame) <= 0) {
      receiver.ts_recent = frame.timestamp_value;
    }
  }

  Recording& x_recording;
  Way x_way;
  std::vector<Receiver> x_receivers;             // by stream
  std::map<std::size_t, std::size_t> x_current;  // by connection: the stream received now
  std::map<std::size_t, std::optional<std::uint8_t>>
      x_scales;  // by connection: offered by the receiver
  std::map<std::size_t, std::optional<std::uint8_t>> x_peer_scales;
  ReceiverCounts x_counts;
};

}  // namespace

ReceiverCounts judge_deliveries(Recording& recording, Way way) {
  return DeliveryJudge(recording, way).run();
}

void find_needless_repeats(Recording& recording) {
  std::vector<SequenceSet> arrived(recording.streams.size());
  for (Transmission& transmission : recording.transmissions) {
    SequenceSet& before = arrived[transmission.stream];
    transmission.needless = transmission.is_repeat && before.covers(transmission.range);
    if (transmission.accepted) before.add(transmission.range);
  }
}

}  // namespace tapdeck
