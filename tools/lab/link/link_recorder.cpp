#include "tools/lab/link/link_recorder.h"

#include <algorithm>

#include <fmt/format.h>

namespace tapdeck {

LinkRecorder::LinkRecorder(const RecorderOptions& options)
    : x_options(options), x_misses(options.misses, scramble(options.seed) + 3) {
  for (const CapturePoint point : capture_points) {
    x_writers[static_cast<std::size_t>(point)] =
        create_capture(fmt::format("{}/{}.pcap", options.folder, to_string(point)), x_no_captures);
  }
}

void LinkRecorder::capture(CapturePoint point, std::int64_t time_ns, Bytes frame,
                           std::uint64_t CapturedAs::*which, FrameFate& fate) {
  fate.captured_at(point).*which = write(point, time_ns, frame);
  if (point == x_options.missing_of && !x_misses.next()) {
    fate.captured_at(CapturePoint::missing).*which = write(CapturePoint::missing, time_ns, frame);
  }
}

std::uint64_t LinkRecorder::write(CapturePoint point, std::int64_t time_ns, Bytes frame) {
  const auto at = static_cast<std::size_t>(point);
  const std::size_t captured = std::min<std::size_t>(frame.size(), x_options.snap_length);
  const Packet packet{.number = ++x_written[at],
                      .time_ns = time_ns,
                      .wire_length = static_cast<std::uint32_t>(frame.size()),
                      .time_digits = 9,
                      .bytes = frame.first(captured)};
  x_writers[at]->write(packet);
  return x_written[at];
}

void LinkRecorder::close() {
  for (const auto& writer : x_writers) writer->close();
  std::vector<FrameFate> fates;
  fates.reserve(x_fates.size());
  for (const auto& fate : x_fates) fates.push_back(*fate);
  write_fates(x_options.folder + "/truth.tsv", fates);
}

}  // namespace tapdeck
