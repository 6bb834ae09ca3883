// A packet source behind a filter and a limit on the packets that pass it.
#pragma once

#include <memory>
#include <string>

#include "captures/packet_filter.h"
#include "captures/packet_source.h"

namespace tapdeck {

class FilteredSource final : public PacketSource {
 public:
  /// `packet_limit` 0: no limit.
  FilteredSource(std::unique_ptr<PacketSource> source, PacketFilter filter,
                 std::uint64_t packet_limit);

  [[nodiscard]] bool next(PacketBatch& batch) override;
  [[nodiscard]] const std::vector<CaptureInfo>& captures() const override {
    return x_source->captures();
  }
  [[nodiscard]] ReadProgress progress() const override { return x_source->progress(); }
  [[nodiscard]] FilterCounts filter_counts() const override { return x_counts; }

 private:
  std::unique_ptr<PacketSource> x_source;
  PacketFilter x_filter;
  std::uint64_t x_packet_limit;
  FilterCounts x_counts;
};

}  // namespace tapdeck
