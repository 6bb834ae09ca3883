// A recording of the lab in memory: the fates of its frames and what they were, told apart by
// stream: what one host sent on one connection.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "tools/lab/link/frame_fate.h"
#include "tools/lab/truth/sequence_set.h"
#include "tools/lab/truth/tcp_frame.h"

namespace tapdeck {

/// One sending of a segment.
struct Transmission {
  FrameFate fate;
  std::size_t stream = 0;  // index into Recording::streams
  SequenceRange range;     // counted from the stream's first sequence number
  bool is_repeat = false;  // some of its octets had been sent before
  bool accepted = false;   // some delivery of it passed the receiver's checks
  bool needless = false;   // is_repeat, and all its octets reached the receiver by others before it
  const TcpFrame* frame = nullptr;  // as the sender's host captured it
};

/// A way of a connection, from its SYN on.
struct Stream {
  Way way{};
  std::size_t connection = 0;  // from 1, numbered by first appearance of its sockets
  SeqNum first;
  std::int64_t highest_end = 0;

  [[nodiscard]] std::int64_t position_of(SeqNum number) const { return number - first; }
};

/// What a frame of a capture is: a transmission, or its copy.
struct Sighting {
  std::vector<std::size_t> transmissions;  // several where offloads join segments; none: not TCP
  bool is_copy = false;
};

struct Recording {
  std::array<std::vector<std::optional<TcpFrame>>, capture_points.size()> frames;
  std::array<std::vector<Sighting>, capture_points.size()> sightings;  // by frame, like `frames`
  std::vector<Transmission> transmissions;                             // in the order of sending
  std::vector<Stream> streams;

  [[nodiscard]] const std::vector<std::optional<TcpFrame>>& frames_at(CapturePoint point) const {
    return frames[static_cast<std::size_t>(point)];
  }
  [[nodiscard]] const std::vector<Sighting>& sightings_at(CapturePoint point) const {
    return sightings[static_cast<std::size_t>(point)];
  }
};

/// The frames of each capture, by CapturePoint.
using CapturedFrames = std::array<std::vector<std::optional<TcpFrame>>, capture_points.size()>;

/// Tells streams and repeats. What the receiver made of them is left to `judge_deliveries`. Throws
/// Failure(unreadable_input) where the fates name frames that aren't there.
[[nodiscard]] Recording make_recording(CapturedFrames frames, const std::vector<FrameFate>& fates);

/// Reads truth.tsv and the captures beside it. Throws Failure(unreadable_input).
[[nodiscard]] Recording read_recording(const std::string& folder);

}  // namespace tapdeck
