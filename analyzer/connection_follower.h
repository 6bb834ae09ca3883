// Follows one connection through a capture, picked by its id or by its ends: its report, and its
// ladder. Of what else there is it keeps the first few, to be named where the pick isn't clear.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "analyzer/analysis.h"
#include "analyzer/report/ladder_builder.h"

namespace tapdeck {

/// What was asked for; nothing: any TCP connection.
struct ConnectionPick {
  std::optional<std::uint64_t> id;
  std::vector<Socket> ends;  // at most two; a socket without port fits every port

  [[nodiscard]] bool fits(std::uint64_t connection, const Socket& one, const Socket& other) const;
};

class ConnectionFollower {
 public:
  static constexpr std::size_t most_named = 20;

  /// The first connections by id, of all that there were.
  struct Found {
    std::uint64_t count = 0;
    std::vector<ConnectionReport> first;  // at most `most_named`

    void add(const ConnectionReport& connection);
  };

  ConnectionFollower(ConnectionPick pick, const LadderOptions& options);

  void add(const PacketBatch& batch);
  /// Call once, last.
  void finish(const std::vector<CaptureInfo>& captures);

  /// Those that fit the pick, of TCP alone unless it names an id.
  [[nodiscard]] const Found& fitting() const { return x_writer.fitting; }
  /// All TCP connections.
  [[nodiscard]] const Found& all() const { return x_writer.all; }
  /// The connection in which the frame of the picked id was found, if that isn't its id.
  [[nodiscard]] std::optional<std::uint64_t> holder_of_id() const { return x_holder; }

  /// Of the connection whose first segment that fitted came first: the one, if fitting().count
  /// is 1. Requires: finish() was called. Call once.
  [[nodiscard]] Ladder ladder() { return x_builder.finish(); }

 private:
  struct Writer final : public ReportWriter {
    [[nodiscard]] ConnectionOrder order() const override { return ConnectionOrder::by_end; }
    void begin(const Summary&) override {}
    void connection(const ConnectionReport& connection) override;
    void end(const Summary&) override {}

    ConnectionPick pick;
    Found fitting, all;
  };

  void follow(const Trace& trace);
  [[nodiscard]] bool is_followed(const TracedSegment& traced);

  Writer x_writer;
  Analysis x_analysis;
  LadderBuilder x_builder;
  std::optional<std::uint64_t> x_followed;  // the first that fitted
  std::optional<std::uint64_t> x_holder;
};

}  // namespace tapdeck
