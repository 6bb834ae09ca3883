#include "captures/background_capture.h"

#include <algorithm>
#include <utility>

namespace tapdeck {

BackgroundCapture::BackgroundCapture(RotatingCapture& capture)
    : x_capture(capture), x_file(capture.file()), x_thread([this] { run(); }) {}

BackgroundCapture::~BackgroundCapture() { stop(); }

PacketBatch BackgroundCapture::take_batch() {
  std::unique_lock lock(x_mutex);
  x_changed.wait(lock, [this] { return !x_used.empty() || x_batches < most_waiting || x_thrown; });
  if (x_thrown) std::rethrow_exception(std::exchange(x_thrown, {}));
  if (x_used.empty()) {
    ++x_batches;
    return {};
  }
  PacketBatch batch = std::move(x_used.back());
  x_used.pop_back();
  return batch;
}

void BackgroundCapture::write(CaptureJob job) {
  {
    const std::lock_guard lock(x_mutex);
    x_jobs.push_back(std::move(job));
  }
  x_changed.notify_all();
}

void BackgroundCapture::stop() {
  if (!x_thread.joinable()) return;
  {
    const std::lock_guard lock(x_mutex);
    x_is_over = true;
  }
  x_changed.notify_all();
  x_thread.join();
}

std::string BackgroundCapture::file() {
  const std::lock_guard lock(x_mutex);
  return x_file;
}

void BackgroundCapture::finish(std::string_view remark) {
  stop();
  if (x_thrown) std::rethrow_exception(std::exchange(x_thrown, {}));
  if (!x_failed) x_capture.close(remark);
}

/// After a failure jobs are only taken away.
void BackgroundCapture::run() {
  std::unique_lock lock(x_mutex);
  while (true) {
    x_changed.wait(lock, [this] { return !x_jobs.empty() || x_is_over; });
    if (x_jobs.empty()) return;
    CaptureJob job = std::move(x_jobs.front());
    x_jobs.pop_front();
    const bool works = !x_failed;
    lock.unlock();
    std::exception_ptr thrown;
    try {
      if (works) do_job(job);
    } catch (...) {
      thrown = std::current_exception();
    }
    job.batch.packets.clear();
    job.batch.buffer.clear();
    lock.lock();
    if (x_file != x_capture.file()) x_file = x_capture.file();
    if (thrown) {
      x_thrown = thrown;
      x_failed = true;
    }
    x_used.push_back(std::move(job.batch));
    x_changed.notify_all();
  }
}

void BackgroundCapture::do_job(CaptureJob& job) {
  x_capture.tick(job.statistics, job.now_ns);
  std::ranges::stable_sort(job.remarks, {}, &PacketRemark::number);
  auto remark = job.remarks.begin();
  for (const Packet& packet : job.batch.packets) {
    std::string comment;
    for (; remark != job.remarks.end() && remark->number <= packet.number; ++remark) {
      comment += (comment.empty() ? "" : "\n") + remark->text;
    }
    x_capture.write(packet, comment);
  }
  if (job.flush) x_capture.flush();
}

}  // namespace tapdeck
