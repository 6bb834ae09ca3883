#include "tools/lab/truth/recording.h"

#include <map>
#include <utility>

#include <fmt/format.h>

#include "captures/failure.h"
#include "dissectors/tcp.h"

namespace tapdeck {
namespace {

using SocketPair = std::pair<SocketName, SocketName>;  // the client host's, the server host's

/// Finds the stream of each transmission; a SYN with another sequence number begins a new one.
class StreamFinder {
 public:
  explicit StreamFinder(std::vector<Stream>& streams) : x_streams(streams) {}

  std::size_t stream_of(Way way, SeqNum seq, const TcpFrame& frame) {
    const SocketPair sockets = way == Way::up ? SocketPair{frame.source, frame.destination}
                                              : SocketPair{frame.destination, frame.source};
    const auto connection = x_connections.emplace(sockets, x_connections.size() + 1).first->second;
    const auto [found, is_new] = x_current.emplace(std::pair{sockets, way}, x_streams.size());
    const bool restarts =
        !is_new && frame.has(TcpFlags::syn) && x_streams[found->second].first != seq;
    if (is_new || restarts) {
      found->second = x_streams.size();
      x_streams.push_back({.way = way, .connection = connection, .first = seq});
    }
    return found->second;
  }

 private:
  std::vector<Stream>& x_streams;
  std::map<SocketPair, std::size_t> x_connections;
  std::map<std::pair<SocketPair, Way>, std::size_t> x_current;
};

const TcpFrame& sent_frame(const Recording& recording, const FrameFate& fate) {
  const auto& frames = recording.frames_at(sender_of(fate.way));
  const std::uint64_t number = fate.captured_at(sender_of(fate.way)).frame;
  if (number == 0 || number > frames.size() || !frames[number - 1]) {
    throw Failure(ExitCode::unreadable_input,
                  fmt::format("truth.tsv names frame {} of the {}'s capture, which isn't there",
                              number, to_string(sender_of(fate.way))));
  }
  return *frames[number - 1];
}

void note_sightings(Recording& recording, std::size_t transmission) {
  const FrameFate& fate = recording.transmissions[transmission].fate;
  for (const CapturePoint point : capture_points) {
    auto& sightings = recording.sightings[static_cast<std::size_t>(point)];
    const CapturedAs& captured = fate.captured_at(point);
    if (captured.frame != 0) {
      sightings.at(captured.frame - 1).transmissions.push_back(transmission);
    }
    if (captured.copy == 0) continue;
    sightings.at(captured.copy - 1).transmissions.push_back(transmission);
    // Where the capture missed the first, the copy is all that it saw.
    sightings.at(captured.copy - 1).is_copy = captured.frame != 0;
  }
}

}  // namespace

Recording make_recording(CapturedFrames frames, const std::vector<FrameFate>& fates) {
  Recording recording;
  recording.frames = std::move(frames);
  for (std::size_t at = 0; at < recording.frames.size(); ++at) {
    recording.sightings[at].resize(recording.frames[at].size());
  }
  StreamFinder finder(recording.streams);
  std::vector<SequenceSet> sent;
  for (const FrameFate& fate : fates) {
    if (fate.ordinal == 0) continue;
    const TcpFrame& frame = sent_frame(recording, fate);
    const std::size_t number = finder.stream_of(fate.way, {fate.seq}, frame);
    sent.resize(recording.streams.size());
    Stream& stream = recording.streams[number];
    const std::int64_t begin = stream.position_of({fate.seq});
    const SequenceRange range{begin, begin + fate.seq_octets};
    recording.transmissions.push_back({.fate = fate,
                                       .stream = number,
                                       .range = range,
                                       .is_repeat = sent[number].overlaps(range),
                                       .frame = &frame});
    sent[number].add(range);
    stream.highest_end = std::max(stream.highest_end, range.end);
    note_sightings(recording, recording.transmissions.size() - 1);
  }
  return recording;
}

Recording read_recording(const std::string& folder) {
  CapturedFrames frames;
  for (const CapturePoint point : capture_points) {
    frames[static_cast<std::size_t>(point)] =
        read_tcp_frames(fmt::format("{}/{}.pcap", folder, to_string(point)));
  }
  return make_recording(std::move(frames), read_fates(folder + "/truth.tsv"));
}

}  // namespace tapdeck
