#include "tools/lab/link/frame_fate.h"

#include <algorithm>
#include <fstream>

#include <fmt/format.h>

#include "captures/failure.h"
#include "tools/lab/link/settings.h"

namespace tapdeck {
namespace {

constexpr std::size_t fate_columns = 10;

std::string header_line() {
  std::string line =
      "way\tordinal\tseq\tseq_octets\tsent_ns\tdelivered_ns\tlost\tcopies\tcopy_delivered_"
      "ns\ttrigger";
  for (const CapturePoint point : capture_points) {
    line += fmt::format("\t{0}_frame\t{0}_copy", to_string(point));
  }
  return line;
}

std::string number_or_nothing(std::uint64_t number) {
  return number == 0 ? std::string() : std::to_string(number);
}

std::string time_or_nothing(const std::optional<std::int64_t>& time_ns) {
  return time_ns ? std::to_string(*time_ns) : std::string();
}

std::string line_of(const FrameFate& fate) {
  std::string line = fmt::format(
      "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}", to_string(fate.way), fate.ordinal, fate.seq,
      fate.seq_octets, fate.sent_ns, time_or_nothing(fate.delivered_ns), to_string(fate.loss),
      fate.copy_delivered_ns ? 1 : 0, time_or_nothing(fate.copy_delivered_ns), fate.trigger);
  for (const CapturedAs& captured : fate.captured) {
    line += fmt::format("\t{}\t{}", number_or_nothing(captured.frame),
                        number_or_nothing(captured.copy));
  }
  return line;
}

std::uint64_t read_number(const std::string& cell) { return cell.empty() ? 0 : std::stoull(cell); }

std::optional<std::int64_t> read_time(const std::string& cell) {
  if (cell.empty()) return std::nullopt;
  return std::stoll(cell);
}

Loss read_loss(const std::string& cell) {
  for (const Loss loss : {Loss::loss, Loss::queue, Loss::blackout}) {
    if (cell == to_string(loss)) return loss;
  }
  return Loss::none;
}

FrameFate read_line(const std::vector<std::string>& cells) {
  FrameFate fate{.way = cells[0] == to_string(Way::up) ? Way::up : Way::down,
                 .ordinal = read_number(cells[1]),
                 .seq = static_cast<std::uint32_t>(read_number(cells[2])),
                 .seq_octets = static_cast<std::uint32_t>(read_number(cells[3])),
                 .sent_ns = std::stoll(cells[4]),
                 .delivered_ns = read_time(cells[5]),
                 .loss = read_loss(cells[6]),
                 .copy_delivered_ns = read_time(cells[8]),
                 .trigger = cells[9]};
  for (std::size_t i = 0; i < fate.captured.size(); ++i) {
    const std::size_t column = fate_columns + 2 * i;
    fate.captured[i] = {.frame = read_number(cells[column]),
                        .copy = read_number(cells[column + 1])};
  }
  return fate;
}

}  // namespace

std::string_view to_string(CapturePoint point) {
  switch (point) {
    case CapturePoint::client:
      return "client";
    case CapturePoint::server:
      return "server";
    case CapturePoint::missing:
      return "missing";
  }
  return "invalid";
}

std::string_view to_string(Way way) {
  switch (way) {
    case Way::up:
      return "up";
    case Way::down:
      return "down";
  }
  return "invalid";
}

void write_fates(const std::string& path, const std::vector<FrameFate>& fates) {
  std::ofstream file(path);
  file << header_line() << '\n';
  for (const FrameFate& fate : fates) file << line_of(fate) << '\n';
  file.close();
  if (!file) throw Failure(ExitCode::unwritable_output, path + " can't be written");
}

std::vector<FrameFate> read_fates(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line) || line != header_line()) {
    throw Failure(ExitCode::unreadable_input, path + " is no table of fates");
  }
  std::vector<FrameFate> fates;
  while (std::getline(file, line)) {
    const std::vector<std::string> cells = split_at(line, '\t');
    if (cells.size() != fate_columns + 2 * capture_points.size()) {
      throw Failure(ExitCode::unreadable_input, path + " has a line cut short");
    }
    fates.push_back(read_line(cells));
  }
  return fates;
}

}  // namespace tapdeck
