// What the detectors of one connection of TCP remember between segments: opened with the first
// segment behind its first SYN, given back with its end. What every connection needs is small; the
// rest is kept from when it is first needed.
#pragma once

#include <array>
#include <cstdint>

#include "analyzer/flow/side.h"
#include "analyzer/flow/slab.h"
#include "analyzer/tcp/moment.h"
#include "analyzer/tcp/seq_num.h"
#include "captures/elapsed.h"

namespace tapdeck {

/// What every side needs: the rhythm of what it sends, and how the other acknowledges it. Payloads
/// above 65,535 octets count as so many.
struct SideWatch {
  enum class Restart : std::uint8_t { none, idle, timeout, repaired };

  std::int64_t last_data_ns = 0;
  SeqNum largest_end;          // of the segment that would be the largest delivered
  std::uint32_t segments = 0;  // with data
  std::uint32_t small = 0;     // of these, sent while others were under way
  std::uint32_t acks = 0;      // of its data
  std::uint16_t last_payload = 0;
  std::uint16_t largest_pending = 0;    // payload of the segment that ends at largest_end; 0: none
  std::uint16_t largest_delivered = 0;  // payload of the largest segment acknowledged as a whole
  Restart restart = Restart::none;
  bool waiting : 1 = false;      // for an acknowledgment
  bool released : 1 = false;     // a delayed ACK of a small segment came just now
  bool began_again : 1 = false;  // it has a RestartWatch with a flight of its own
  bool sent_syn_ack : 1 = false;
  bool lingers : 1 = false;     // in CLOSE-WAIT
  bool sent_reset : 1 = false;  // that the peer accepts: see ClosingWatch
};

/// What the SYNs say of congestion notification (RFC 3168 section 6.1.1); `other` are the newer
/// ways of RFC 9768, and nonsense.
enum class Ecn : std::uint8_t { unknown, agreed, refused, other };

/// What every connection needs: two lines of the cache at most.
struct alignas(32) ConnectionWatch {
  std::array<SideWatch, 2> sides;
  std::int64_t last_ns = 0;    // of the last segment
  std::int64_t before_ns = 0;  // of the one before it
  /// Of the first SYN+ACK; behind a FIN, since when the one who is in CLOSE-WAIT has been silent.
  std::int64_t since_ns = 0;
  SlabIndex rare = no_slab_index;      // see watch_slabs.h
  std::array<std::uint8_t, 2> fins{};  // sent by each Side, up to 255
  bool alert : 1 = false;              // a detector waits for the next segment, whatever that is
  bool empty_run : 1 = false;          // the last segment said nothing new
  bool timestamps : 1 = false;         // were agreed on
  bool ecn_asked : 1 = false;          // by the SYN
  Ecn ecn : 2 = Ecn::unknown;

  [[nodiscard]] SideWatch& of(Side side) { return sides[index_of(side)]; }
  /// Before the last segment.
  [[nodiscard]] std::int64_t silence_ns() const { return elapsed_ns(before_ns, last_ns); }
};
static_assert(sizeof(ConnectionWatch) == 96);

/// How one side opens, where that isn't plain.
struct OpeningWatch {
  std::int64_t longest_wait_ns = 0;  // between its SYNs or SYN+ACKs
  std::uint16_t repeats = 0;         // of its SYN or SYN+ACK
};

/// Ends of writes that waited for the acknowledgment of their beginning.
struct StallWatch {
  std::int64_t released_ns = 0;  // if SideWatch::released
  std::int64_t release_delay_ns = 0;
  std::int64_t stalled_ns = 0;  // in all
  std::int64_t longest_ns = 0;
  Moment first, last;
  std::uint32_t bursts = 0;  // data behind an acknowledgment of all before
  std::uint32_t stalls = 0;
};

/// Odd acknowledgments of what one side sent.
struct LateWatch {
  std::int64_t longest_delay_ns = 0;
  Moment first, last;
  std::uint32_t count = 0;
  std::uint32_t stretched = 0;
  std::uint32_t largest_stretch = 0;  // octets
};

/// How one side began again behind an idle time, and behind a timeout.
struct RestartWatch {
  struct Slow {
    std::uint32_t count = 0, flight = 0, flight_before = 0;
    std::int64_t idle_ns = 0;
    Moment first, last;
  };
  std::int64_t idle_ns = 0;
  std::uint32_t greatest_flight = 0;  // since it began again, if SideWatch::began_again
  std::array<Slow, 2> slow;
};

/// What one side sends again.
struct RepeatWatch {
  SeqNum timeout_begin;       // of the last timeout
  std::uint8_t timeouts = 0;  // in a row
  std::uint8_t large_tries = 0;
  SeqNum large_begin;       // of a large segment that doesn't pass
  std::uint32_t large = 0;  // its payload; 0: none
  Moment large_first;
};

/// What one side acknowledges and offers.
struct AnswerWatch {
  SeqNum run_ack;         // of a run of duplicate ACKs
  std::uint32_t run = 0;  // how many
  Moment run_first;
  Moment closed_at;              // if closed
  std::int64_t reopened_ns = 0;  // if reopened
  std::uint32_t probes = 0;      // of the peer, without any answer
  std::uint32_t probes_of_stall = 0;
  std::uint32_t questions = 0;  // keep-alives of the peer, without any answer
  bool closed = false;          // its window
  bool told = false;            // of that, since somebody waits for it to open
  bool reopened = false;        // its window, and the peer hasn't spoken since
  std::uint64_t old_ack_frame = 0;

  [[nodiscard]] bool waits() const { return closed || reopened || probes != 0 || questions != 0; }
};

/// What one side tells of congestion on the way to it.
struct EcnWatch {
  struct Tally {
    std::uint32_t count = 0;
    Moment first, last;
    void add(Moment moment) {
      if (count++ == 0) first = moment;
      last = moment;
    }
  };
  Tally unagreed;            // it echoes marks where that wasn't agreed on
  Tally unechoed;            // it acknowledges marked data as if it were none
  std::uint32_t echoed = 0;  // marked data whose mark it does tell of
  SeqNum marked_end;         // of marked data that it hasn't acknowledged yet, if waits
  bool waits = false;
};

/// Segments of one side that the other would not accept, each elsewhere.
struct GuessWatch {
  SeqNum last;
  std::int32_t step = 0;
  std::uint32_t count = 0;
  bool even = true;  // all the same step apart
  Moment first;
};

/// How one side ends, where that isn't plain.
struct ClosingWatch {
  Moment reset;  // that it sent and the peer accepts
  SeqNum reset_seq;
  std::uint32_t segments_after_reset = 0;  // with bytes, at or behind reset_seq
  std::uint64_t bytes_after = 0;           // sent after the peer had closed
  Moment first_after;                      // the first of these
  bool spoke_in_time_wait = false;
};

/// Segments in a row that say nothing new, if ConnectionWatch::empty_run: kept once, of the client.
struct EmptyWatch {
  std::uint32_t run = 0;
  std::array<std::uint32_t, 2> by{};
  Moment first;
};

}  // namespace tapdeck
