// Segments and verdicts as the tracker traces them, for the tests of ladders: the client is
// 192.0.2.1:50000, the server 192.0.2.2:80.
#pragma once

#include <cstdint>
#include <vector>

#include "analyzer/report/ladder_builder.h"
#include "tests/support/sample_report.h"
#include "tests/support/story.h"

namespace tapdeck::test {

class LadderStory {
 public:
  explicit LadderStory(const LadderOptions& options = {}) : x_builder(options) {}

  std::uint32_t client_isn = 1000, server_isn = 5000;
  std::int64_t step_ns = milliseconds;  ///< Passes before each segment.
  TracedSegment next;                   ///< What the coming segments are besides what is told.
  Verdict verdict;                      ///< Of the coming segments.

  void client(std::string_view flags, std::uint32_t seq, std::uint32_t ack = 0,
              std::uint32_t payload = 0) {
    tell(Side::client, flags, client_isn + seq, server_isn + ack, payload);
  }
  void server(std::string_view flags, std::uint32_t seq, std::uint32_t ack = 0,
              std::uint32_t payload = 0) {
    tell(Side::server, flags, server_isn + seq, client_isn + ack, payload);
  }
  void handshake() {
    client("S", 0);
    server("S.", 0, 1);
    next.window_shift = 0;
    client(".", 1, 1);
  }
  /// The client sends, the server acknowledges.
  void upload(std::uint32_t segments, std::uint32_t begin = 1) {
    for (std::uint32_t i = 0; i < segments; ++i) {
      client(".", begin + 1000 * i, 1, 1000);
      server(".", 1, begin + 1000 * (i + 1));
    }
  }
  void wait(std::int64_t ns) { x_now_ns += ns; }

  [[nodiscard]] std::uint64_t last_frame() const { return next.frame; }
  [[nodiscard]] Ladder ladder() { return x_builder.finish(); }

  /// A report for it: not more than a ladder needs.
  [[nodiscard]] static ConnectionReport report() {
    ConnectionReport connection = web_connection();
    connection.client = socket_at("192.0.2.1", 50'000);
    connection.server = socket_at("192.0.2.2", 80);
    connection.start_ns = noon;
    return connection;
  }

 private:
  void tell(Side from, std::string_view flags, std::uint32_t seq, std::uint32_t ack,
            std::uint32_t payload) {
    ++next.frame;
    next.connection = 1;
    next.from = from;
    next.time_ns = x_now_ns;
    next.segment.seg_seq = {seq};
    next.segment.flags = flags_of(flags);
    next.segment.seg_ack = {next.segment.has(TcpFlags::ack) ? ack : 0};
    next.segment.payload_octets = payload;
    if (next.segment.window_field == 0) next.segment.window_field = 1000;
    x_builder.add(next);
    x_builder.settle({next.frame, 1, verdict});
    x_now_ns += step_ns;
  }

  LadderBuilder x_builder;
  std::int64_t x_now_ns = noon;
};

}  // namespace tapdeck::test
