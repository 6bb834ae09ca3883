// From packets to the table that netstat would have printed: replays them through the tracker, and
// gathers what only all of them together tell. Whoever feeds it decides where it stops.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "analyzer/netstat/connection_table.h"
#include "analyzer/netstat/host_facts.h"
#include "analyzer/netstat/host_names.h"
#include "analyzer/netstat/link_facts.h"
#include "analyzer/netstat/local_hosts.h"
#include "analyzer/tracker.h"
#include "captures/capture_info.h"
#include "captures/packet.h"
#include "dissectors/dissector.h"

namespace tapdeck {

class Netstat {
 public:
  explicit Netstat(const TrackerOptions& options = {}) : x_tracker(options) {}

  void add(const Packet& packet);

  /// To be called when the batch that packets came from is given back.
  void release_batch() { x_dissector.release_datagrams(); }

  /// It is `now_ns`, whether packets come or not: what has been silent for too long is let go.
  void advance(std::int64_t now_ns);

  /// No packet follows: what waits for one to be judged is judged.
  void conclude();

  [[nodiscard]] std::uint64_t last_frame() const { return x_last_frame; }
  /// The latest time of any packet; 0 before the first.
  [[nodiscard]] std::int64_t latest_ns() const { return x_last_frame == 0 ? 0 : x_latest_ns; }

  /// As guess_local, by what was seen until now.
  [[nodiscard]] LocalGuess guess();

  /// Those of which no packet until now was, either way; none where not all hosts could be kept.
  [[nodiscard]] std::vector<Network> unseen(const std::vector<Network>& networks) const;

  /// The table of these hosts at this time, none before that of the last packet. What captures say
  /// of themselves goes into the interfaces.
  [[nodiscard]] ConnectionTable table(const std::vector<Network>& local, std::int64_t now_ns,
                                      const std::vector<CaptureInfo>& captures);

 private:
  void take_ended();
  [[nodiscard]] GatheredFacts all_facts();

  Dissector x_dissector;
  std::unique_ptr<Dissection> x_dissection = std::make_unique<Dissection>();
  Tracker x_tracker;
  GatheredFacts x_facts;  // of packets, and of conversations that ended
  LinkFacts x_links;
  HostNames x_names;
  std::uint64_t x_last_frame = 0;
  std::int64_t x_latest_ns = INT64_MIN;
  std::uint8_t x_time_digits = 0;
};

}  // namespace tapdeck
