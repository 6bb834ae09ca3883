#include "tools/bench/generated_capture.h"

#include <algorithm>

namespace tapdeck {
namespace {

constexpr std::int64_t begin_ns = 1'704'067'200'000'000'000;  // 2024-01-01T00:00:00Z

}  // namespace

GeneratedCapture::GeneratedCapture(const std::string& path, std::uint32_t snap_length,
                                   std::uint64_t packets)
    : x_writer(create_capture(path, x_no_captures)),
      x_snap_length(snap_length),
      x_packets(packets) {}

void GeneratedCapture::write(std::int64_t time_ns, Bytes frame) {
  if (full()) return;
  x_writer->write({.number = ++x_written,
                   .time_ns = begin_ns + time_ns,
                   .wire_length = static_cast<std::uint32_t>(frame.size()),
                   .time_digits = 9,
                   .bytes = frame.first(std::min<std::size_t>(frame.size(), x_snap_length))});
}

}  // namespace tapdeck
