#include "tools/tapdeck/terminal/capture_view.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "analyzer/report/connection_report.h"
#include "captures/elapsed.h"
#include "captures/pcapng_writer.h"
#include "captures/rotating_capture.h"

namespace tapdeck {
namespace {

const std::string row_of_saved = "tapdeck.pcapng";

constexpr std::size_t tables = 4;
constexpr std::size_t for_ladders = std::size_t{24} << 20U;
static_assert(KeptPackets::most_octets + RecentSegments::most_octets +
                  tables * LiveTableTaker::most_octets + for_ladders <=
              CaptureView::most_octets);

}  // namespace

CaptureView::CaptureView(ViewedCapture capture, const Style& style, std::int64_t begin_ns)
    : x_capture(std::move(capture)),
      x_begin_ns(begin_ns),
      x_view({.connection = [this](std::uint64_t connection) { return report_of(connection); },
              .create = [this](std::uint64_t number) { return create(number); }},
             style) {}

/// A clock that was set back counts as a second, too.
bool CaptureView::turn(std::int64_t now_ns) {
  constexpr std::int64_t between_tables_ns = 1'000'000'000;
  const bool is_due =
      !x_taken_ns || now_ns < *x_taken_ns || elapsed_ns(*x_taken_ns, now_ns) >= between_tables_ns;
  if (is_due) take_table(now_ns);
  return x_view.turn();
}

void CaptureView::take_table(std::int64_t now_ns) {
  x_taken_ns = now_ns;
  LiveTable table = x_capture.table.take(x_capture.analysis, now_ns);
  table.begin_ns = x_begin_ns;
  table.counts = x_capture.source.counts();
  x_capture.complete(table);
  x_view.add(std::move(table));
}

std::optional<ConnectionReport> CaptureView::report_of(std::uint64_t connection) const {
  std::optional<ConnectionReport> report;
  x_capture.analysis.visit_open(LiveTableTaker::most_considered,
                                [&](const FlowTable& shard, const Conversation& conversation) {
                                  if (conversation.first_frame != connection) return;
                                  report = make_connection_report(shard, conversation,
                                                                  x_capture.analysis.tunnels());
                                });
  return report;
}

SavedCapture CaptureView::create(std::uint64_t number) const {
  const std::string path = saved_path(x_begin_ns, number);
  const std::vector<CaptureInfo>& captures = x_capture.source.captures();
  const int descriptor = x_capture.folder.create(path, PcapngWriter::beginning(captures));
  return {path, std::make_unique<PcapngWriter>(path, descriptor, captures)};
}

std::string saved_path(std::int64_t begin_ns, std::uint64_t number) {
  return rotated_name(row_of_saved, number, begin_ns);
}

bool is_saved_path(const std::string& path) { return is_rotated_name(row_of_saved, path); }

}  // namespace tapdeck
