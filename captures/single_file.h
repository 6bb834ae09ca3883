// One capture file as a packet source: its batches go out as they were read.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "captures/capture_file.h"
#include "captures/packet_source.h"

namespace tapdeck {

class SingleFile final : public PacketSource {
 public:
  SingleFile(std::string path, FileOpener& opener)
      : x_captures{named(std::move(path))},
        x_file(0, x_captures.front(), default_block_octets, opener) {}

  [[nodiscard]] bool next(PacketBatch& batch) override { return x_file.next(batch); }
  [[nodiscard]] const std::vector<CaptureInfo>& captures() const override { return x_captures; }
  [[nodiscard]] ReadProgress progress() const override {
    return {.octets_read = x_file.octets_read(), .octets_total = x_file.octets_total()};
  }

 private:
  [[nodiscard]] static CaptureInfo named(std::string path) {
    CaptureInfo info;
    info.file = std::move(path);
    return info;
  }

  std::vector<CaptureInfo> x_captures;
  CaptureFile x_file;
};

}  // namespace tapdeck
