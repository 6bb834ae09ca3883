#include "tools/lab/scoring/missed_segments.h"

#include <algorithm>
#include <optional>

#include "dissectors/tcp.h"

namespace tapdeck {
namespace {

constexpr CapturePoint missing = CapturePoint::missing;

/// A capture that misses frames, seen frame by frame.
class MissingCapture {
 public:
  explicit MissingCapture(const Recording& recording) : x_recording(recording) {
    x_seen.resize(recording.streams.size());
    for (const Transmission& transmission : recording.transmissions) {
      const CapturedAs& captured = transmission.fate.captured_at(missing);
      if (captured.frame != 0 || captured.copy != 0) {
        x_seen[transmission.stream].add(transmission.range);
      }
    }
  }

  [[nodiscard]] bool ever_saw(const Transmission& transmission) const {
    return x_seen[transmission.stream].overlaps(transmission.range);
  }

  /// The numbers of the frames that can show that the segment is missing: the first behind it, and
  /// the first ACK of it. Empty where nothing before it was captured, or nothing shows it.
  [[nodiscard]] std::vector<std::uint64_t> frames_that_show(
      const Transmission& transmission) const {
    const auto& sightings = x_recording.sightings_at(missing);
    bool has_begun = false;
    std::optional<std::uint64_t> behind;
    std::optional<std::uint64_t> acknowledged;
    for (std::size_t i = 0; i < sightings.size() && !(behind && acknowledged); ++i) {
      if (sightings[i].transmissions.empty()) continue;
      const Transmission& seen = x_recording.transmissions[sightings[i].transmissions.front()];
      const Stream& stream = x_recording.streams[transmission.stream];
      if (x_recording.streams[seen.stream].connection != stream.connection) continue;
      if (seen.stream == transmission.stream) {
        if (seen.range.end <= transmission.range.begin) has_begun = true;
        if (has_begun && !behind && seen.range.begin >= transmission.range.end) behind = i + 1;
      } else if (has_begun && !acknowledged && acknowledges(i, stream, transmission.range.end)) {
        acknowledged = i + 1;
      }
    }
    std::vector<std::uint64_t> frames;
    if (behind) frames.push_back(*behind);
    if (acknowledged) frames.push_back(*acknowledged);
    return frames;
  }

 private:
  [[nodiscard]] bool acknowledges(std::size_t index, const Stream& stream, std::int64_t end) const {
    const TcpFrame& frame = *x_recording.frames_at(missing)[index];
    const std::int64_t acknowledged = stream.position_of(frame.seg_ack);
    return frame.has(TcpFlags::ack) && acknowledged >= end && acknowledged <= stream.highest_end;
  }

  const Recording& x_recording;
  std::vector<SequenceSet> x_seen;  // by stream
};

/// Passed the point where `missing.pcap` was taken, but isn't in it.
bool was_missed(const Transmission& transmission, CapturePoint missing_of) {
  const CapturedAs& there = transmission.fate.captured_at(missing_of);
  const CapturedAs& here = transmission.fate.captured_at(missing);
  return there.frame != 0 && here.frame == 0 && here.copy == 0;
}

/// The capture that `missing.pcap` is a copy of: the one with the same times.
CapturePoint original_of_missing(const Recording& recording) {
  for (const Transmission& transmission : recording.transmissions) {
    const std::uint64_t here = transmission.fate.captured_at(missing).frame;
    const std::uint64_t there = transmission.fate.captured_at(CapturePoint::client).frame;
    if (here == 0) continue;
    const bool same =
        there != 0 && recording.frames_at(missing)[here - 1]->time_ns ==
                          recording.frames_at(CapturePoint::client)[there - 1]->time_ns;
    return same ? CapturePoint::client : CapturePoint::server;
  }
  return CapturePoint::server;
}

}  // namespace

MissedScore& MissedScore::operator+=(const MissedScore& other) {
  segments += other.segments;
  told += other.told;
  as_loss += other.as_loss;
  return *this;
}

MissedScore score_missed(const Recording& recording, const VerdictList* said) {
  const CapturePoint missing_of = original_of_missing(recording);
  const MissingCapture capture(recording);
  MissedScore score;
  for (const Transmission& transmission : recording.transmissions) {
    if (transmission.range.empty() || !transmission.accepted ||
        !was_missed(transmission, missing_of) || capture.ever_saw(transmission)) {
      continue;
    }
    const std::vector<std::uint64_t> frames = capture.frames_that_show(transmission);
    if (frames.empty()) continue;
    const auto any_says = [&](std::string_view word) {
      return said != nullptr && std::any_of(frames.begin(), frames.end(), [&](std::uint64_t frame) {
               return said->says(frame, word);
             });
    };
    ++score.segments;
    if (any_says("not_captured")) {
      ++score.told;
    } else {
      score.untold_at.push_back(frames.front());
    }
    const std::uint64_t shown_at = frames.front();
    const std::size_t there = recording.sightings_at(missing)[shown_at - 1].transmissions.front();
    if (said != nullptr && !recording.transmissions[there].is_repeat &&
        (said->says(shown_at, "lost_upstream") || said->says(shown_at, "lost_downstream"))) {
      ++score.as_loss;
    }
  }
  return score;
}

}  // namespace tapdeck
