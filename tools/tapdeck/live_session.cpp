#include "tools/tapdeck/live_session.h"

#include <chrono>
#include <utility>

#include "captures/elapsed.h"
#include "captures/failure.h"

namespace tapdeck {
namespace {

constexpr std::chrono::milliseconds patience{100};
constexpr std::int64_t between_advances_ns = 1'000'000'000;

}  // namespace

LiveSession::LiveSession(const LiveSettings& settings, LiveParts parts)
    : x_settings(settings),
      x_parts(std::move(parts)),
      x_advanced_ns(x_parts.clock()),
      x_flushed_ns(x_advanced_ns) {}

void LiveSession::run() {
  PacketBatch batch;
  guarded([&] { batch = x_parts.writer->take_batch(); });
  while (x_parts.source.next(batch, patience)) {
    const std::int64_t now_ns = x_parts.clock();
    if (!batch.packets.empty()) {
      x_parts.analysis.add(batch);
      if (x_parts.on_packets) x_parts.on_packets(batch);
    }
    pass_time(now_ns);
    hand_over(batch, now_ns);
    const LiveWish wish = x_parts.on_tick(now_ns);
    if (wish == LiveWish::end_at_once) break;
    if (wish == LiveWish::end || x_write_failure) x_parts.source.stop(now_ns);
  }
  finish();
}

void LiveSession::pass_time(std::int64_t now_ns) {
  // A clock that was set back begins anew.
  if (now_ns < x_advanced_ns) x_advanced_ns = now_ns;
  if (elapsed_ns(x_advanced_ns, now_ns) < between_advances_ns) return;
  x_advanced_ns = now_ns;
  x_parts.analysis.advance(now_ns);
}

/// Half of the time of flushing is for the way through the ring and to the disk.
void LiveSession::hand_over(PacketBatch& batch, std::int64_t now_ns) {
  if (x_parts.writer == nullptr || x_write_failure) return;
  const bool flush =
      elapsed_ns(x_flushed_ns, now_ns) * 2 >= x_settings.flush_ns || now_ns < x_flushed_ns;
  if (batch.packets.empty() && !flush) return;
  if (flush) x_flushed_ns = now_ns;
  (void)x_parts.source.counts();
  guarded([&] {
    CaptureJob job{.batch = std::move(batch),
                   .remarks = {},
                   .statistics = x_parts.source.captures().front().interfaces.front().statistics,
                   .now_ns = now_ns,
                   .flush = flush};
    if (!job.batch.packets.empty()) job.remarks = x_parts.news.take_remarks();
    x_parts.writer->write(std::move(job));
    batch = x_parts.writer->take_batch();
  });
}

void LiveSession::finish() {
  (void)x_parts.source.counts();
  const std::int64_t now_ns = x_parts.clock();
  guarded([&] {
    PacketBatch none = x_parts.writer->take_batch();
    x_parts.writer->write(
        {.batch = std::move(none),
         .remarks = {},
         .statistics = x_parts.source.captures().front().interfaces.front().statistics,
         .now_ns = now_ns,
         .flush = true});
  });
  x_parts.analysis.finish(x_parts.source.captures());
  std::string last_words;
  for (const PacketRemark& remark : x_parts.news.take_remarks()) {
    last_words += (last_words.empty() ? "" : "\n") + remark.text;
  }
  guarded([&] { x_parts.writer->finish(last_words); });
}

/// What writing throws ends the capture; what was analyzed is told all the same.
template <class Work>
void LiveSession::guarded(Work work) {
  if (x_parts.writer == nullptr || x_write_failure) return;
  try {
    work();
  } catch (const Failure&) {
    x_write_failure = std::current_exception();
  }
}

}  // namespace tapdeck
