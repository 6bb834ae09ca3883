// One capture file as a packet source: its batches go out as they were read.
#pragma once

#include <utility>
#include <vector>

#include "captures/capture_file.h"
#include "captures/packet_source.h"

namespace tapdeck {

class SingleFile final : public PacketSource {
 public:
  /// Requires: captures.size() == 1.
  explicit SingleFile(std::vector<CaptureInfo> captures)
      : x_captures(std::move(captures)), x_file(0, x_captures.front()) {}

  [[nodiscard]] bool next(PacketBatch& batch) override { return x_file.next(batch); }
  [[nodiscard]] const std::vector<CaptureInfo>& captures() const override { return x_captures; }
  [[nodiscard]] ReadProgress progress() const override {
    return {.octets_read = x_file.octets_read(), .octets_total = x_file.octets_total()};
  }

 private:
  std::vector<CaptureInfo> x_captures;
  CaptureFile x_file;
};

}  // namespace tapdeck
