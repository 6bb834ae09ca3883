#include "tools/lab/scoring/state_score.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <rapidjson/document.h>

#include "captures/failure.h"
#include "dissectors/tcp.h"
#include "tools/lab/link/settings.h"

namespace tapdeck {
namespace {

using Value = rapidjson::Value;
using SocketNames = std::pair<std::string, std::string>;  // the client's, the server's

/// Where a report knows no round trip.
constexpr std::int64_t usual_round_trip_ns = 100'000'000;

struct StateName {
  std::string_view kernel;  // as ss says it
  std::string_view rfc;
};

constexpr std::array state_names{
    StateName{"ESTAB", "ESTABLISHED"},     StateName{"SYN-SENT", "SYN_SENT"},
    StateName{"SYN-RECV", "SYN_RECEIVED"}, StateName{"FIN-WAIT-1", "FIN_WAIT_1"},
    StateName{"FIN-WAIT-2", "FIN_WAIT_2"}, StateName{"TIME-WAIT", "TIME_WAIT"},
    StateName{"CLOSE-WAIT", "CLOSE_WAIT"}, StateName{"LAST-ACK", "LAST_ACK"},
    StateName{"CLOSING", "CLOSING"},
};

struct Stay {
  std::string host;
  std::string_view state;  // the RFC's name
  SocketNames sockets;
  std::int64_t first_ns = 0;
  std::int64_t last_ns = 0;
};

struct Change {
  std::int64_t time_ns = 0;
  std::string side;
  std::string to;
};

struct Reported {
  std::int64_t start_ns = 0;
  std::vector<Change> changes;  // by time
};

struct Report {
  std::map<SocketNames, std::vector<Reported>> connections;  // by start
  std::int64_t round_trip_ns = 0;                            // the longest
};

std::vector<Stay> read_stays(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) {
    throw Failure(ExitCode::unreadable_input, path + " can't be read");
  }
  std::vector<Stay> stays;
  while (std::getline(file, line)) {
    const std::vector<std::string> cells = split_at(line, '\t');
    if (cells.size() != 7) throw Failure(ExitCode::unreadable_input, path + ": a line is cut");
    const auto* name =
        std::find_if(state_names.begin(), state_names.end(),
                     [&](const StateName& candidate) { return candidate.kernel == cells[1]; });
    if (name == state_names.end()) continue;
    SocketNames sockets{cells[2], cells[3]};
    if (cells[0] == "server") std::swap(sockets.first, sockets.second);
    stays.push_back({.host = cells[0],
                     .state = name->rfc,
                     .sockets = sockets,
                     .first_ns = std::stoll(cells[4]),
                     .last_ns = std::stoll(cells[5])});
  }
  return stays;
}

std::string socket_name(const std::string& address, unsigned port) {
  return address.find(':') == std::string::npos ? fmt::format("{}:{}", address, port)
                                                : fmt::format("[{}]:{}", address, port);
}

std::string socket_name(const Value& end) {
  return socket_name(end["address"].GetString(), end["port"].GetUint());
}

std::string socket_name(const SocketName& socket) {
  return socket_name(to_string(socket.address), socket.port);
}

Reported read_changes(const Value& connection) {
  Reported reported{.start_ns = connection["start_ns"].GetInt64(), .changes = {}};
  for (const Value& change : connection["states"]["changes"].GetArray()) {
    reported.changes.push_back({.time_ns = change["time_ns"].GetInt64(),
                                .side = change["side"].GetString(),
                                .to = change["to"].GetString()});
  }
  return reported;
}

Report read_report(const std::string& path) {
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  rapidjson::Document document;
  document.Parse(text.c_str(), text.size());
  if (document.HasParseError() || !document.IsObject() || !document.HasMember("connections")) {
    throw Failure(ExitCode::unreadable_input, path + " is no report");
  }
  Report report;
  for (const Value& connection : document["connections"].GetArray()) {
    if (!connection.HasMember("states") || !connection["states"].IsObject()) continue;
    report.connections[{socket_name(connection["client"]), socket_name(connection["server"])}]
        .push_back(read_changes(connection));
    const Value& handshake = connection["handshake"];
    if (handshake.IsObject() && handshake["rtt_ns"].IsInt64()) {
      report.round_trip_ns = std::max(report.round_trip_ns, handshake["rtt_ns"].GetInt64());
    }
  }
  for (auto& [sockets, connections] : report.connections) {
    std::sort(connections.begin(), connections.end(),
              [](const Reported& a, const Reported& b) { return a.start_ns < b.start_ns; });
  }
  if (report.round_trip_ns == 0) report.round_trip_ns = usual_round_trip_ns;
  return report;
}

/// The connection that had these sockets at that time; null if none had begun.
const Reported* find_connection(const Report& report, const SocketNames& sockets,
                                std::int64_t time_ns) {
  const auto found = report.connections.find(sockets);
  if (found == report.connections.end()) return nullptr;
  const Reported* latest = nullptr;
  for (const Reported& connection : found->second) {
    if (connection.start_ns <= time_ns) latest = &connection;
  }
  return latest;
}

bool needs_fin(std::string_view state) {
  return state == "FIN_WAIT_1" || state == "CLOSING" || state == "LAST_ACK";
}

class StateJudge {
 public:
  StateJudge(const Report& report, const std::vector<FinSent>& fins)
      : x_report(report), x_fins(fins) {}

  void judge(const Stay& stay, std::int64_t time_ns) {
    const Reported* connection = find_connection(x_report, stay.sockets, time_ns);
    if (needs_fin(stay.state) && !has_sent_fin(stay, time_ns, connection)) return;
    std::string said = "nothing";
    if (connection != nullptr) {
      for (const Change& change : connection->changes) {
        if (std::abs(change.time_ns - time_ns) <= x_report.round_trip_ns) return;
        if (change.side == stay.host && change.time_ns <= time_ns) said = change.to;
      }
    }
    ++x_score.moments;
    if (said == stay.state) {
      ++x_score.equal;
    } else {
      x_score.wrong.push_back(fmt::format("{}\t{}\t{}\t{}\t{}\t{}", time_ns, stay.host,
                                          stay.sockets.first, stay.sockets.second, stay.state,
                                          said));
    }
  }

  StateScore take() { return std::move(x_score); }

 private:
  [[nodiscard]] bool has_sent_fin(const Stay& stay, std::int64_t time_ns,
                                  const Reported* connection) const {
    const std::int64_t since_ns = connection == nullptr ? 0 : connection->start_ns;
    return std::any_of(x_fins.begin(), x_fins.end(), [&](const FinSent& fin) {
      return fin.host == stay.host && fin.client == stay.sockets.first &&
             fin.server == stay.sockets.second && fin.time_ns >= since_ns &&
             fin.time_ns + x_report.round_trip_ns <= time_ns;
    });
  }

  const Report& x_report;
  const std::vector<FinSent>& x_fins;
  StateScore x_score;
};

}  // namespace

StateScore& StateScore::operator+=(const StateScore& other) {
  moments += other.moments;
  equal += other.equal;
  wrong.insert(wrong.end(), other.wrong.begin(), other.wrong.end());
  return *this;
}

std::vector<FinSent> find_fins(const Recording& recording) {
  std::vector<FinSent> fins;
  std::set<std::size_t> streams;
  for (const Transmission& transmission : recording.transmissions) {
    const TcpFrame& frame = *transmission.frame;
    if (!frame.has(TcpFlags::fin) || !streams.insert(transmission.stream).second) continue;
    const bool up = transmission.fate.way == Way::up;
    fins.push_back({.host = std::string(to_string(sender_of(transmission.fate.way))),
                    .client = socket_name(up ? frame.source : frame.destination),
                    .server = socket_name(up ? frame.destination : frame.source),
                    .time_ns = transmission.fate.sent_ns});
  }
  return fins;
}

StateScore score_states(const std::string& states, const std::string& report_path,
                        const std::string& host, const std::vector<FinSent>& fins) {
  const Report report = read_report(report_path);
  StateJudge judge(report, fins);
  for (const Stay& stay : read_stays(states)) {
    if (stay.host != host) continue;
    // At its ends and in its middle, a round trip from either change.
    const std::int64_t begin = stay.first_ns + report.round_trip_ns;
    const std::int64_t end = stay.last_ns - report.round_trip_ns;
    if (begin > end) continue;
    for (const std::int64_t time_ns : std::set{begin, begin + (end - begin) / 2, end}) {
      judge.judge(stay, time_ns);
    }
  }
  return judge.take();
}

}  // namespace tapdeck
