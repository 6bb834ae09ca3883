// What a running analysis looks like at one moment, as plain data for whoever shows it: the
// connections, the newest anomalies, totals and drops. Taken about once a second, never per packet.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "analyzer/analysis.h"
#include "analyzer/report/report.h"
#include "analyzer/tcp/state.h"
#include "captures/live_source.h"

namespace tapdeck {

struct LiveDirection {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;             // of the frames on the wire
  std::uint64_t bytes_per_second = 0;  // since the table before
  std::uint64_t packets_per_second = 0;
  std::uint64_t payload_bytes = 0;  // of TCP, what was seen twice counted twice
  std::uint64_t retransmitted_bytes = 0;
  TcpState state{};  // of its sender, if it is TCP
};

struct LiveRow {
  std::uint64_t id = 0;  // number of its first frame
  std::uint8_t ip_protocol = 0;
  bool is_tcp = false;
  Socket client, server;
  std::array<LiveDirection, 2> directions;  // client to server, server to client
  std::int64_t start_ns = 0, last_ns = 0;   // of its first and its newest packet
  /// The least from the client to the server and back that was seen; 0: none was.
  std::int64_t round_trip_ns = 0;
  std::uint32_t anomalies = 0;
  std::optional<Severity> worst;  // of these anomalies

  [[nodiscard]] std::uint64_t packets() const {
    return directions[0].packets + directions[1].packets;
  }
  [[nodiscard]] std::uint64_t bytes() const { return directions[0].bytes + directions[1].bytes; }
  [[nodiscard]] std::uint64_t payload_bytes() const {
    return directions[0].payload_bytes + directions[1].payload_bytes;
  }
  [[nodiscard]] std::uint64_t retransmitted_bytes() const {
    return directions[0].retransmitted_bytes + directions[1].retransmitted_bytes;
  }
};

struct LiveTotals {
  std::uint64_t packets = 0, bytes = 0;
  std::uint64_t packets_per_second = 0, bytes_per_second = 0;  // since the table before
  std::uint64_t open = 0;                                      // conversations
  std::array<std::uint64_t, severity_count> anomalies{};       // found since the beginning
};

struct LiveTable {
  std::int64_t time_ns = 0;   // when it was taken, and …
  std::int64_t begin_ns = 0;  // … when the capture began
  std::string interface;
  std::string filter;         // of packets, not of rows
  std::vector<LiveRow> rows;  // at most LiveTableTaker::most_considered, in no order
  LiveTotals totals;
  LiveCounts counts;              // of packets captured, and dropped
  std::deque<Anomaly> anomalies;  // the newest last, at most LiveTableTaker::anomalies_kept
  std::string writing_to;         // the file that is written now, empty: none
};

/// Makes tables of one analysis, and keeps what the next one is compared with.
class LiveTableTaker {
 public:
  static constexpr std::size_t anomalies_kept = 100;
  /// Past this many conversations only the most recently active are looked at.
  static constexpr std::size_t most_considered = 65'536;

  /// Of a table.
  static constexpr std::size_t most_octets = most_considered * sizeof(LiveRow);

  /// An anomaly that was just found.
  void add(const Anomaly& anomaly);

  /// The parts that an analysis knows; the caller fills in the rest.
  [[nodiscard]] LiveTable take(Analysis& analysis, std::int64_t now_ns);

 private:
  struct Counted {
    std::array<std::uint64_t, 2> packets{}, bytes{};
  };

  void set_rates(LiveRow& row, std::int64_t elapsed_ns) const;

  std::unordered_map<std::uint64_t, Counted> x_before;  // by the row's id
  std::optional<std::int64_t> x_before_ns;
  std::uint64_t x_packets_before = 0, x_bytes_before = 0;
  std::deque<Anomaly> x_anomalies;
  std::array<std::uint64_t, severity_count> x_anomaly_counts{};
};

}  // namespace tapdeck
