// What spans conversations: gathered by each shard in a form that merges, and judged in one place
// after the merge. It may add anomalies, and never changes a verdict.
#pragma once

#include <cstdint>
#include <vector>

#include "analyzer/anomalies/anomaly.h"
#include "analyzer/anomalies/bounded_map.h"
#include "analyzer/anomalies/tallies.h"
#include "analyzer/flow/recent_packets.h"

namespace tapdeck {

struct Conversation;
struct IcmpErrors;
class Findings;
class TcpConnection;

/// A connection's silence at whose end data was acknowledged that nobody had sent again meanwhile.
struct Leap {
  Moment after;
  std::int64_t before_ns = 0;

  [[nodiscard]] std::uint64_t frame() const { return after.frame; }
};

class AcrossFlows {
 public:
  /// A conversation that is over; `connection` is null for other protocols than TCP. `found` is
  /// what was found of it.
  void on_end(const Conversation& conversation, const TcpConnection* connection, Findings& found);
  /// A segment with RST or FIN, of a connection of TCP.
  void on_closing(const Conversation& conversation, Side from, std::uint8_t flags, Moment moment);
  void on_leap(const Leap& leap);
  /// The frames of one conversation that the capture holds twice.
  void on_copies(const CopyCounters& copies);

  /// The result doesn't depend on the order of merging as long as no table is full. Past the bounds
  /// on what is merged the rest is left out and counted.
  void merge(const AcrossFlows& other);

  /// In any order. Requires: everything was merged.
  [[nodiscard]] std::vector<Anomaly> judge() const;

  /// What was judged begins anew, but for copies: they are the capture's as a whole.
  void forget_recent();

  /// As judge(), but for copies.
  [[nodiscard]] std::vector<Anomaly> judge_recent() const;

  [[nodiscard]] const std::vector<Leap>& leaps() const { return x_leaps.kept(); }

  /// Hosts and more past the bounds on what is kept.
  [[nodiscard]] std::uint64_t details_dropped() const {
    return x_leaps.dropped() + x_late_answers.dropped() + x_targets.dropped() +
           x_sources.dropped() + x_resetters.dropped() + x_closers.dropped() + x_idlers.dropped();
  }

 private:
  /// A port to which SYNs go.
  struct Target {
    struct Unfinished {
      BusiestSecond rate;
      DistinctCount sources;
      void merge(const Unfinished& other);
    };
    std::uint64_t attempts = 0, completed = 0;
    Span span;
    AnswerTimes answers;
    Lazily<Unfinished> unfinished;
    void merge(const Target& other);
  };
  /// A host that tries others.
  struct Source {
    struct Failures {
      DistinctCount ports, hosts, targets;
      IpAddress host;  // one of them
      Span span;
      void merge(const Failures& other);
    };
    std::uint64_t tried = 0, failed = 0;
    Lazily<Failures> failures;
    void merge(const Source& other);
  };
  /// A host that resets, or that closes.
  struct Closer {
    BusiestSecond rate;
    std::uint64_t count = 0;
    Span span;
    void merge(const Closer& other);
  };
  /// A client with connections that hardly say a thing.
  struct Idler {
    std::uint64_t connections = 0, octets = 0;
    Span span;
    void merge(const Idler& other);
  };

  /// A SYN+ACK that came late, maybe.
  struct LateAnswer {
    HostKey target;
    std::uint64_t connection = 0;
    Moment moment;
    std::int64_t took_ns = 0;

    [[nodiscard]] std::uint64_t frame() const { return moment.frame; }
  };

  void note_attempt(const Conversation& conversation, const TcpConnection& connection);
  void note_answer(const Conversation& conversation, const TcpConnection& connection);
  void note_try(const Conversation& conversation, bool failed);
  void note_idler(const Conversation& conversation);
  void judge_attempts(std::vector<Anomaly>& found) const;
  void judge_sources(std::vector<Anomaly>& found) const;
  void judge_closers(std::vector<Anomaly>& found) const;
  void judge_answers(std::vector<Anomaly>& found) const;
  void judge_copies(std::vector<Anomaly>& found) const;

  HostTable<Target, 1024> x_targets;
  HostTable<Source, 1024> x_sources;
  HostTable<Closer, 512> x_resetters, x_closers;
  HostTable<Idler, 512> x_idlers;
  CopyCounters x_copies;
  BoundedList<Leap, 64> x_leaps;
  BoundedList<LateAnswer, 64> x_late_answers;
};

}  // namespace tapdeck
