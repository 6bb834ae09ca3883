// Shows every detector what it may look at, and keeps what they find, for the conversations of one
// shard.
#pragma once

#include "analyzer/anomalies/across_flows.h"
#include "analyzer/anomalies/episodes.h"
#include "analyzer/anomalies/facts.h"

namespace tapdeck {

class Watcher {
 public:
  /// The slabs outlive it, and may be those of other watchers of the same thread.
  Watcher(WatchSlabs& watches, EpisodeSlab& episodes) : x_episodes(episodes), x_watches(watches) {}

  void on_segment(Conversation& conversation, const TcpConnection& connection,
                  const TcpSlabs& slabs, const SegmentInPassing& passing);
  /// The verdicts in slabs.settled.
  void on_settled(Conversation& conversation, const TcpConnection& connection,
                  const TcpSlabs& slabs);
  /// `connection` is null for other protocols than TCP. All its verdicts are final.
  void on_end(Conversation& conversation, const TcpConnection* connection, const TcpSlabs& slabs,
              Moment end);

  /// `segment` of `from` begins a new connection on the old one's sockets.
  void on_reopening(Conversation& before, const TcpConnection& connection, const TcpSlabs& slabs,
                    Conversation& fresh, const Segment& segment, Moment moment, Side from);

  /// For detectors that look at other things than segments of TCP.
  [[nodiscard]] Findings findings(Conversation& conversation) {
    return {x_episodes, conversation.details->episodes, conversation.first_frame};
  }

  [[nodiscard]] const EpisodeSlab& episodes() const { return x_episodes; }
  [[nodiscard]] const AcrossFlows& across_flows() const { return x_across_flows; }
  [[nodiscard]] AcrossFlows& across_flows() { return x_across_flows; }

  void clear(Conversation& conversation);

  /// What on_segment reads of an ordinary one.
  void prefetch(const Conversation& conversation) const {
    if (conversation.details->watch != no_slab_index) {
      const ConnectionWatch& watch = x_watches[conversation.details->watch];
      prefetch_lines(&watch, &watch + 1);
    }
  }

 private:
  void open(Conversation& conversation);
  void note_leap(const SegmentFacts& facts);
  static void find_at_end(const EndFacts& at_hand, Findings& found);
  void release(Conversation& conversation);
  [[nodiscard]] ConnectionFacts facts(Conversation& conversation, const TcpConnection& connection,
                                      const TcpSlabs& slabs);

  EpisodeSlab& x_episodes;
  WatchSlabs& x_watches;
  ConnectionWatch x_unwatched;  // of connections without one of their own
  AcrossFlows x_across_flows;
};

}  // namespace tapdeck
