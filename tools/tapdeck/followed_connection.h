// One connection of a running analysis, followed from now on: its newest segments as a ladder, and
// their packets, to be saved. Both are bounded: what is older goes.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/analysis.h"
#include "analyzer/report/ladder.h"
#include "captures/capture_folder.h"
#include "captures/capture_info.h"

namespace tapdeck {

class FollowedConnection {
 public:
  static constexpr std::size_t most_segments = 2'000;
  static constexpr std::size_t most_octets = std::size_t{16} << 20U;

  /// `connection` is the number of its first frame. The analysis follows no other meanwhile; both
  /// it and this end when this one ends.
  FollowedConnection(Analysis& analysis, std::uint64_t connection);
  ~FollowedConnection();
  FollowedConnection(const FollowedConnection&) = delete;
  FollowedConnection& operator=(const FollowedConnection&) = delete;

  /// After each batch that the analysis got.
  void add(const PacketBatch& batch);

  [[nodiscard]] std::uint64_t connection() const { return x_connection; }
  [[nodiscard]] std::size_t packets() const { return x_packets.size(); }
  /// What is kept, drawn; empty before its first segment.
  [[nodiscard]] Ladder ladder() const;
  /// As it is now; once it has ended, as it was seen last. Empty if there is none.
  [[nodiscard]] std::optional<ConnectionReport> report();

  /// Writes what is kept as pcapng. Throws Failure(unwritable_output, or no_permission).
  void save(const std::string& path, CaptureFolder& folder,
            const std::vector<CaptureInfo>& captures) const;

 private:
  struct Kept {
    Packet packet;  // its bytes are those below
    std::vector<std::byte> bytes;
  };

  void keep(const Packet& packet);

  Analysis& x_analysis;
  std::uint64_t x_connection;
  std::deque<TracedSegment> x_segments;
  std::deque<FrameVerdict> x_verdicts;
  std::deque<Kept> x_packets;
  std::size_t x_octets = 0;
  std::optional<ConnectionReport> x_report;
};

}  // namespace tapdeck
