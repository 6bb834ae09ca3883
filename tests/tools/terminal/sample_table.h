// A table of a running capture, and screens as text, for tests of the view.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "analyzer/anomalies/family.h"
#include "tests/support/story.h"
#include "tools/tapdeck/live_table.h"
#include "tools/tapdeck/terminal/screen.h"
#include "tools/tapdeck/terminal/view_state.h"

namespace tapdeck::test {

constexpr std::int64_t sample_time_ns = 1'700'000'000 * seconds;  // 22:13:20 UTC

inline LiveRow sample_row(std::uint64_t id, TcpState client, TcpState server) {
  LiveRow row{.id = id,
              .ip_protocol = 6,
              .is_tcp = true,
              .client = {.address = address(1), .port = static_cast<std::uint16_t>(40'000 + id)},
              .server = {.address = address(2), .port = 80},
              .directions = {},
              .start_ns = sample_time_ns - 60 * seconds,
              .last_ns = sample_time_ns - 2 * seconds,
              .round_trip_ns = 20 * milliseconds,
              .worst = {}};
  row.directions[0] = {.packets = 10 * id,
                       .bytes = 1'000 * id,
                       .bytes_per_second = 100 * id,
                       .packets_per_second = id,
                       .payload_bytes = 400,
                       .retransmitted_bytes = 0,
                       .state = client};
  row.directions[1] = {.packets = 20 * id,
                       .bytes = 30'000 * id,
                       .bytes_per_second = 4'000 * id,
                       .packets_per_second = 2 * id,
                       .payload_bytes = 500,
                       .retransmitted_bytes = 10 * id,
                       .state = server};
  return row;
}

inline LiveRow sample_udp_row(std::uint64_t id) {
  LiveRow row = sample_row(id, {}, {});
  row.ip_protocol = 17;
  row.is_tcp = false;
  row.server.port = 53;
  row.round_trip_ns = 0;
  for (LiveDirection& direction : row.directions) {
    direction.payload_bytes = direction.retransmitted_bytes = 0;
  }
  return row;
}

/// `count` connections with the ids 1, 2 …, the last of them UDP.
inline LiveTable sample_table(std::uint64_t count) {
  LiveTable table;
  table.time_ns = sample_time_ns;
  table.interface = "eth0";
  table.filter = "host 192.0.2.1";
  for (std::uint64_t id = 1; id < count; ++id) {
    table.rows.push_back(sample_row(id, TcpState::established, TcpState::established));
  }
  if (count > 0) table.rows.push_back(sample_udp_row(count));
  table.totals = {.packets = 12'345,
                  .bytes = 6'789'000,
                  .packets_per_second = 120,
                  .bytes_per_second = 34'500,
                  .open = count,
                  .anomalies = {0, 0, 1, 0}};
  table.counts.dropped_by_kernel = 3;
  Anomaly anomaly;
  anomaly.type = AnomalyType::rto_retransmission;
  anomaly.severity = Severity::warning;
  anomaly.direction = AnomalyDirection::client_to_server;
  anomaly.connection = 1;
  anomaly.first = anomaly.last = {.frame = 77, .time_ns = sample_time_ns - seconds};
  anomaly.count = 2;
  table.anomalies.push_back(anomaly);
  return table;
}

inline std::string utf8_of(std::u32string_view text) {
  std::string result;
  for (const char32_t code : text) {
    const auto octet = [&](std::uint32_t bits) { result += static_cast<char>(bits); };
    if (code < 0x80) {
      octet(code);
    } else if (code < 0x800) {
      octet(0xc0 | code >> 6), octet(0x80 | (code & 0x3f));
    } else {
      octet(0xe0 | code >> 12), octet(0x80 | (code >> 6 & 0x3f)), octet(0x80 | (code & 0x3f));
    }
  }
  return result;
}

inline std::vector<std::string> lines_of(const Screen& screen) {
  std::vector<std::string> lines;
  for (std::size_t line = 0; line < screen.size().lines; ++line) {
    lines.push_back(utf8_of(screen.text_of(line)));
  }
  return lines;
}

inline std::string text_of(const Screen& screen) {
  std::string text;
  for (const std::string& line : lines_of(screen)) text += line + "\n";
  return text;
}

inline Key key(Key::Name name) { return {.name = name}; }
inline Key letter(char character) { return {.character = character}; }

}  // namespace tapdeck::test
