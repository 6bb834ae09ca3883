#include "analyzer/connection_follower.h"

#include <algorithm>
#include <utility>

namespace tapdeck {
namespace {

bool fits_end(const Socket& asked, const Socket& end) {
  return asked.address == end.address && (!asked.port || asked.port == end.port);
}

}  // namespace

bool ConnectionPick::fits(std::uint64_t connection, const Socket& one, const Socket& other) const {
  if (id) return connection == *id;
  const auto fit = [&](const Socket& first, const Socket& second) {
    return (ends.empty() || fits_end(ends[0], first)) &&
           (ends.size() < 2 || fits_end(ends[1], second));
  };
  return fit(one, other) || fit(other, one);
}

void ConnectionFollower::Found::add(const ConnectionReport& connection) {
  ++count;
  const auto place = std::ranges::upper_bound(first, connection.id, {}, &ConnectionReport::id);
  first.insert(place, connection);
  if (first.size() > most_named) first.pop_back();
}

void ConnectionFollower::Writer::connection(const ConnectionReport& connection) {
  if (connection.tcp) all.add(connection);
  if (!connection.tcp && !pick.id) return;
  if (pick.fits(connection.id, connection.client, connection.server)) fitting.add(connection);
}

ConnectionFollower::ConnectionFollower(ConnectionPick pick, const LadderOptions& options)
    : x_analysis({.tracker = {.vlans_in_key = false, .limits = {}, .trace = TraceWish::segments},
                  .filtered = false},
                 x_writer),
      x_builder(options) {
  x_writer.pick = std::move(pick);
}

void ConnectionFollower::add(const PacketBatch& batch) {
  x_analysis.add(batch);
  follow(x_analysis.take_trace());
}

void ConnectionFollower::finish(const std::vector<CaptureInfo>& captures) {
  x_analysis.finish(captures);
  follow(x_analysis.take_trace());
}

/// The segments first: a verdict may have settled with its segment.
void ConnectionFollower::follow(const Trace& trace) {
  for (const TracedSegment& traced : trace.segments) {
    if (is_followed(traced)) x_builder.add(traced);
  }
  for (const FrameVerdict& verdict : trace.verdicts) {
    if (verdict.connection == x_followed) x_builder.settle(verdict);
  }
}

bool ConnectionFollower::is_followed(const TracedSegment& traced) {
  if (x_followed) return traced.connection == *x_followed;
  const ConnectionPick& pick = x_writer.pick;
  if (traced.frame == pick.id && traced.connection != traced.frame) x_holder = traced.connection;
  const FlowKey& key = traced.key.key;
  const Socket low{.address = key.low(), .port = key.low_port};
  const Socket high{.address = key.high(), .port = key.high_port};
  if (!pick.fits(traced.connection, low, high)) return false;
  x_followed = traced.connection;
  return true;
}

}  // namespace tapdeck
