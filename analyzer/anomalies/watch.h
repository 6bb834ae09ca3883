// What the detectors of one connection of TCP remember between segments: opened with the first
// segment behind its first SYN, given back with its end.
#pragma once

#include <array>
#include <cstdint>

#include "analyzer/flow/side.h"
#include "analyzer/flow/slab.h"
#include "analyzer/tcp/moment.h"
#include "analyzer/tcp/seq_num.h"

namespace tapdeck {

/// How one side opens.
struct OpeningWatch {
  Moment last_syn;  // SYN or SYN+ACK
  SeqNum syn_ack;   // sequence number of its first SYN+ACK, if syn_ack_frame
  std::uint64_t syn_ack_frame = 0;
  std::int64_t syn_ack_ns = 0;
  std::int64_t longest_wait_ns = 0;  // between its SYNs
  std::uint16_t repeats = 0;         // of its SYN or SYN+ACK
};

/// The rhythm of what one side sends, and how the other acknowledges it. What each segment touches
/// stands first, in one line of the cache.
struct alignas(64) PaceWatch {
  enum class Restart : std::uint8_t { none, idle, timeout, repaired };

  std::int64_t last_data_ns = 0;
  std::int64_t released_ns = 0;         // a delayed ACK of a small segment came just now; 0: no
  SeqNum largest_end;                   // of the segment that would be the largest delivered
  std::uint32_t largest_pending = 0;    // its payload; 0: none
  std::uint32_t largest_delivered = 0;  // payload of the largest segment acknowledged as a whole
  std::uint32_t last_payload = 0;
  std::uint32_t segments = 0;        // with data
  std::uint32_t small = 0;           // of these, sent while others were under way
  std::uint32_t acks = 0;            // of its data
  std::uint32_t stretched_acks = 0;  // of these
  // How much was under way at most; and in the first round trip behind an idle time or a timeout.
  std::uint32_t greatest_flight = 0;
  Restart restart = Restart::none;
  bool waiting = false;  // for an acknowledgment

  std::int64_t release_delay_ns = 0;
  std::int64_t stalled_ns = 0;  // the end of a write waited, in all
  std::int64_t longest_stall_ns = 0;
  std::int64_t longest_delay_ns = 0;  // of its acknowledgments
  std::int64_t idle_ns = 0;
  Moment first_stall, last_stall, first_late, last_late;
  std::uint32_t bursts = 0;  // data behind an acknowledgment of all before
  std::uint32_t stalls = 0;
  std::uint32_t late_acks = 0;        // of its data
  std::uint32_t largest_stretch = 0;  // octets
  struct Slow {
    std::uint32_t count = 0, flight = 0, flight_before = 0;
    std::int64_t idle_ns = 0;
    Moment first, last;
  };
  std::array<Slow, 2> slow;  // behind an idle time, behind a timeout
};

/// What one side sends again.
struct RepeatWatch {
  SeqNum timeout_begin;       // of the last timeout
  std::uint8_t timeouts = 0;  // in a row
  SeqNum large_begin;         // of a large segment that doesn't pass
  std::uint32_t large = 0;    // its payload; 0: none
  std::uint8_t large_tries = 0;
  Moment large_first, large_last;
};

/// What one side acknowledges and offers.
struct AnswerWatch {
  SeqNum run_ack;         // of a run of duplicate ACKs
  std::uint32_t run = 0;  // how many
  Moment run_first;
  std::int64_t closed_ns = 0;    // its window is closed, since; 0: open
  std::int64_t reopened_ns = 0;  // it was opened again, and the peer hasn't spoken since; 0: no
  std::uint32_t probes = 0;      // of the peer, without any answer
  std::uint32_t probes_of_stall = 0;
  std::uint32_t questions = 0;  // keep-alives of the peer, without any answer
  std::uint64_t old_ack_frame = 0;
};

/// Segments of one side that the other would not accept, each elsewhere.
struct GuessWatch {
  SeqNum last;
  std::int32_t step = 0;
  std::uint32_t count = 0;
  bool even = true;  // all the same step apart
  Moment first;
};

struct ClosingWatch {
  Moment reset;                    // that it sent and the peer accepts
  std::int64_t close_wait_ns = 0;  // in CLOSE-WAIT and silent, since; 0: isn't
  std::int64_t fin_ns = 0;         // its first FIN
  std::uint32_t fins = 0;
  std::uint64_t bytes_after = 0;  // sent after the peer had closed
  std::uint64_t first_after = 0;  // the frame of the first of these
  bool spoke_in_time_wait = false;
};

struct SideWatch {
  PaceWatch pace;
  OpeningWatch opening;
  RepeatWatch repeat;
  AnswerWatch answer;
  ClosingWatch closing;
  GuessWatch guess;
};

struct ConnectionWatch {
  std::int64_t last_ns = 0;            // of the last segment
  std::int64_t silence_ns = 0;         // before it
  std::int64_t longest_of_two_ns = 0;  // of this silence and the one before
  std::uint32_t empty_run = 0;         // segments in a row that say nothing new
  std::array<std::uint32_t, 2> empty_by{};
  /// A detector waits for the next segment, whatever that is.
  bool alert = false;
  Moment empty_first;
  std::array<SideWatch, 2> sides;

  [[nodiscard]] SideWatch& of(Side side) { return sides[index_of(side)]; }
};

using ConnectionWatchSlab = Slab<ConnectionWatch, 32>;

}  // namespace tapdeck
