// The table at twenty moments of each golden recording that has the kernels' own words beside it.
#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "analyzer/netstat/netstat.h"
#include "analyzer/report/text_parts.h"
#include "captures/packet_source.h"
#include "tests/support/tab_separated.h"

namespace tapdeck {
namespace {

constexpr std::int64_t milliseconds = 1'000'000;
constexpr std::size_t moments = 20;
/// Nobody looked at the sockets between two samples.
constexpr std::int64_t unseen_ns = 200 * milliseconds;
/// From the far host to the capture and a little more: so much later its states can be told, or so
/// much earlier, since what leaves for it is seen first.
constexpr std::int64_t far_ns = 170 * milliseconds;

const std::map<std::string, TcpState> state_names{
    {"ESTAB", TcpState::established},     {"SYN-SENT", TcpState::syn_sent},
    {"SYN-RECV", TcpState::syn_received}, {"FIN-WAIT-1", TcpState::fin_wait_1},
    {"FIN-WAIT-2", TcpState::fin_wait_2}, {"TIME-WAIT", TcpState::time_wait},
    {"CLOSE-WAIT", TcpState::close_wait}, {"LAST-ACK", TcpState::last_ack},
    {"CLOSING", TcpState::closing},
};

struct Stay {
  std::string host;
  std::string sockets;  // "192.0.2.10:1 > 192.0.2.20:2"
  TcpState state{};
  std::int64_t first_ns = 0, last_ns = 0;
};

std::vector<Stay> read_stays(const std::string& path) {
  std::vector<Stay> stays;
  for (const test::TableRow& row : test::read_table(path)) {
    stays.push_back({.host = row.at("host"),
                     .sockets = row.at("local") + " > " + row.at("peer"),
                     .state = state_names.at(row.at("state")),
                     .first_ns = std::stoll(row.at("first_ns")),
                     .last_ns = std::stoll(row.at("last_ns"))});
  }
  return stays;
}

/// What the kernel said of a host's sockets then: a state, or that there is none; a socket of which
/// it isn't sure isn't there.
struct Truth {
  std::map<std::string, TcpState> states;
  std::set<std::string> unsure;
};

Truth truth_at(const std::vector<Stay>& stays, const std::string& host, bool is_far,
               std::int64_t time_ns) {
  const std::int64_t margin = is_far ? far_ns : 0;
  Truth truth;
  for (const Stay& stay : stays) {
    if (stay.host != host) continue;
    if (stay.first_ns + margin <= time_ns && time_ns <= stay.last_ns - margin) {
      truth.states[stay.sockets] = stay.state;
    } else if (stay.first_ns - unseen_ns - margin < time_ns &&
               time_ns < stay.last_ns + unseen_ns + margin) {
      truth.unsure.insert(stay.sockets);
    }
  }
  return truth;
}

std::map<std::string, TcpState> told_at(const std::string& capture, const Network& host,
                                        std::int64_t time_ns) {
  const auto source = open_captures({capture}, {});
  Netstat netstat;
  PacketBatch batch;
  while (source->next(batch)) {
    for (const Packet& packet : batch.packets) {
      if (packet.time_ns <= time_ns) netstat.add(packet);
    }
    netstat.release_batch();
  }
  std::map<std::string, TcpState> told;
  for (const SocketRow& row : netstat.table({host}, time_ns, source->captures()).rows) {
    if (row.waits) continue;  // the kernels' words leave those out
    told[socket_text(row.local) + " > " + socket_text(row.foreign)] = *row.wire->state;
  }
  return told;
}

struct Score {
  std::size_t compared = 0;
  std::set<TcpState> states;
};

/// What the far host sent and the link lost, nobody here can know.
void compare(const Truth& truth, const std::map<std::string, TcpState>& told, bool is_far,
             const std::string& when, Score& score) {
  for (const auto& [sockets, state] : truth.states) {
    const auto found = told.find(sockets);
    if (is_far && found == told.end()) continue;
    ASSERT_NE(found, told.end()) << when << sockets << " is " << to_string(state);
    EXPECT_EQ(to_string(found->second), to_string(state)) << when << sockets;
    ++score.compared;
    score.states.insert(state);
  }
  for (const auto& [sockets, state] : told) {
    if (truth.unsure.contains(sockets)) continue;
    EXPECT_TRUE(truth.states.contains(sockets))
        << when << sockets << " is gone, and told to be " << to_string(state);
  }
}

TEST(GoldenStates, TableIsTheKernelsAtAnyMoment) {
  const Network client = network_of({{192, 0, 2, 10}, 4});
  const Network server = network_of({{192, 0, 2, 20}, 4});
  Score score;
  for (const std::string point : {"client", "server"}) {
    const std::string path = std::string(TAPDECK_GOLDEN_DIR) + "/states_" + point;
    const std::vector<Stay> stays = read_stays(path + ".states.tsv");
    ASSERT_FALSE(stays.empty());
    const std::int64_t begin = std::ranges::min(stays, {}, &Stay::first_ns).first_ns;
    const std::int64_t end = std::ranges::max(stays, {}, &Stay::last_ns).last_ns;
    for (std::size_t i = 0; i < moments; ++i) {
      const auto step = static_cast<std::int64_t>(2 * i + 1);
      const std::int64_t time_ns = begin + (end - begin) / (2 * std::int64_t{moments}) * step;
      for (const auto& [host, network] : {std::pair{"client", client}, {"server", server}}) {
        const bool is_far = host != point;
        const Truth truth = truth_at(stays, host, is_far, time_ns);
        compare(truth, told_at(path + ".pcap", network, time_ns), is_far,
                fmt::format("{} at {}, captured at the {}: ", host, time_ns, point), score);
      }
    }
  }
  EXPECT_GE(score.compared, 60U);
  EXPECT_GE(score.states.size(), 8U) << "of nine states that these recordings hold";
}

}  // namespace
}  // namespace tapdeck
