#include "tools/lab/truth/frame_class.h"

#include <algorithm>
#include <array>
#include <fstream>

#include <fmt/format.h>

#include "captures/failure.h"
#include "tools/lab/link/settings.h"

namespace tapdeck {
namespace {

constexpr std::string_view header_line =
    "frame\tway\tconnection\tbegin\tend\tclass\tspurious\tlost\ttrigger";

class Classifier {
 public:
  Classifier(const Recording& recording, CapturePoint point)
      : x_recording(recording),
        x_point(point),
        x_latest_first(recording.streams.size()),
        x_seen(recording.streams.size()) {}

  std::vector<ClassifiedFrame> run() {
    std::vector<ClassifiedFrame> result;
    const auto& sightings = x_recording.sightings_at(x_point);
    for (std::size_t i = 0; i < sightings.size(); ++i) {
      if (sightings[i].transmissions.empty()) continue;
      result.push_back(classify_frame(i + 1, sightings[i]));
    }
    return result;
  }

 private:
  ClassifiedFrame classify_frame(std::uint64_t number, const Sighting& sighting) {
    const Transmission& first = x_recording.transmissions[sighting.transmissions.front()];
    const Transmission& last = x_recording.transmissions[sighting.transmissions.back()];
    ClassifiedFrame result{.frame = number,
                           .way = first.fate.way,
                           .connection = x_recording.streams[first.stream].connection,
                           .range = {first.range.begin, last.range.end}};
    if (sighting.is_copy) {
      result.frame_class = FrameClass::duplicate;
      return result;
    }
    const auto of_any = [&](auto predicate) {
      return std::any_of(sighting.transmissions.begin(), sighting.transmissions.end(),
                         [&](std::size_t at) { return predicate(x_recording.transmissions[at]); });
    };
    if (of_any([](const Transmission& one) { return one.is_repeat; })) {
      result.frame_class = FrameClass::retransmission;
      result.trigger = first.fate.trigger;
      result.spurious = !of_any([](const Transmission& one) { return !one.needless; });
      if (!result.spurious) result.lost = where_lost(first.stream, result.range, first.fate.way);
    } else if (!result.range.empty()) {
      std::size_t& latest = x_latest_first[first.stream];
      if (latest > sighting.transmissions.front()) result.frame_class = FrameClass::out_of_order;
      latest = std::max(latest, sighting.transmissions.back());
    }
    x_seen[first.stream].add(result.range);
    return result;
  }

  /// What had passed here went missing behind; what had not, before. What passed and was delivered,
  /// but thrown away by the receiver, was lost nowhere.
  [[nodiscard]] std::string_view where_lost(std::size_t stream, const SequenceRange& range,
                                            Way way) const {
    if (!x_seen[stream].covers(range)) return x_point == sender_of(way) ? "" : "upstream";
    return x_point == receiver_of(way) ? "" : "downstream";
  }

  const Recording& x_recording;
  CapturePoint x_point;
  std::vector<std::size_t> x_latest_first;  // by stream: the last sent first transmission seen
  std::vector<SequenceSet> x_seen;          // by stream
};

}  // namespace

std::string_view to_string(FrameClass frame_class) {
  switch (frame_class) {
    case FrameClass::plain:
      return "";
    case FrameClass::retransmission:
      return "retransmission";
    case FrameClass::out_of_order:
      return "out_of_order";
    case FrameClass::duplicate:
      return "duplicate";
  }
  return "invalid";
}

std::vector<ClassifiedFrame> classify(const Recording& recording, CapturePoint point) {
  return Classifier(recording, point).run();
}

void write_classes(const std::string& path, const std::vector<ClassifiedFrame>& frames) {
  std::ofstream file(path);
  file << header_line << '\n';
  for (const ClassifiedFrame& frame : frames) {
    file << fmt::format("{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n", frame.frame, to_string(frame.way),
                        frame.connection, frame.range.begin, frame.range.end,
                        to_string(frame.frame_class), frame.spurious ? "spurious" : "", frame.lost,
                        frame.trigger);
  }
  file.close();
  if (!file) throw Failure(ExitCode::unwritable_output, path + " can't be written");
}

std::vector<ClassifiedFrame> read_classes(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line) || line != header_line) {
    throw Failure(ExitCode::unreadable_input, path + " is no table of classes");
  }
  std::vector<ClassifiedFrame> frames;
  while (std::getline(file, line)) {
    const std::vector<std::string> cells = split_at(line, '\t');
    if (cells.size() != 9) throw Failure(ExitCode::unreadable_input, path + ": a line is cut");
    ClassifiedFrame& frame = frames.emplace_back(
        ClassifiedFrame{.frame = std::stoull(cells[0]),
                        .way = cells[1] == to_string(Way::up) ? Way::up : Way::down,
                        .connection = std::stoull(cells[2]),
                        .range = {std::stoll(cells[3]), std::stoll(cells[4])},

                        .spurious = !cells[6].empty(),
                        .trigger = cells[8]});
    for (const FrameClass one :
         {FrameClass::retransmission, FrameClass::out_of_order, FrameClass::duplicate}) {
      if (cells[5] == to_string(one)) frame.frame_class = one;
    }
    for (const std::string_view one : {"upstream", "downstream"}) {
      if (cells[7] == one) frame.lost = one;
    }
  }
  return frames;
}

}  // namespace tapdeck
