// Judges every segment of a connection: what happened to it and why. Most verdicts are final at
// once; those about what became of bytes wait for the peer's answer, within bounds.
#pragma once

#include <array>
#include <cstdint>

#include "analyzer/flow/side.h"
#include "analyzer/tcp/connection_states.h"
#include "analyzer/tcp/endpoint.h"
#include "analyzer/tcp/handshake.h"
#include "analyzer/tcp/moment.h"
#include "analyzer/tcp/origin.h"
#include "analyzer/tcp/segment.h"
#include "analyzer/tcp/tcp_slabs.h"

namespace tapdeck {

class Judge {
 public:
  /// One segment with the connection that it belongs to.
  struct Case {
    TcpSlabs& slabs;
    std::array<TcpEndpoint, 2>& endpoints;
    const ConnectionStates& states;  // after the segment
    const Handshake& handshake;
    Side from;
    const Segment& segment;
    Moment moment;
    bool refused = false;       // by its receiver: it moves nothing
    bool bad_checksum = false;  // damaged on the way: its receiver drops it

    [[nodiscard]] SendSpace& own_space() const { return endpoints[index_of(from)].send; }
    [[nodiscard]] SendSpace& peer_space() const { return endpoints[index_of(other(from))].send; }
  };

  struct Result {
    SendSpace::Seen seen;
    SendSpace::Acknowledged acknowledged;
    bool predicted = false;  // nothing but its placement and its ACK can be said of it
    std::array<TcpState, 2> states_before{TcpState::established, TcpState::established};
  };

  /// Takes the segment into both send spaces and judges it. `verdict` comes with what isn't the
  /// judge's to say: its acceptance, and what it is to the connection.
  Result on_segment(const Case& at_hand, Verdict verdict);

  /// Nothing is missing and nothing is being repaired, in either direction: a segment that comes as
  /// predicted will change nothing but how far both ends got, and answer verdicts that wait.
  [[nodiscard]] bool is_quiet(const Case& at_hand) const;
  /// The segment is one of those. Requires: is_quiet() after the segment before it; it begins at
  /// snd_nxt, is acceptable, brings bytes or acknowledges some, and has no SACK block.
  [[nodiscard]] bool predicts(const Case& at_hand) const;
  /// What on_segment does and says of a segment that is predicted, without asking.
  Result on_predicted(const Case& at_hand);

  /// The end that this side's SYN went to answered it for the connection that it still holds.
  void note_syn_held(Side side) { x_syn_held[index_of(side)] = true; }

  /// There was another connection on the same sockets before: its SYN had this port too.
  void note_reopened() { x_reopened = true; }

  /// Evidence counts for a while only: settles what nothing that comes now can change.
  void settle_overdue(TcpSlabs& slabs, Moment now);
  /// The connection is over.
  void settle_all(TcpSlabs& slabs);
  [[nodiscard]] bool has_pending() const { return !x_pending.empty(); }
  /// Until the frame and the time the oldest that waits is in reach of evidence. Requires:
  /// has_pending().
  [[nodiscard]] Moment due(const TcpSlabs& slabs) const;

  /// Null before the first segment behind the handshake's SYNs.
  [[nodiscard]] const Transfer* sent_by(const TcpSlabs& slabs, Side side) const {
    if (x_transfers == no_slab_index) return nullptr;
    return &slabs.transfers[x_transfers][index_of(side)];
  }

  /// Ranges and records that did not fit.
  [[nodiscard]] std::uint64_t details_dropped(const TcpSlabs& slabs) const;
  void clear(TcpSlabs& slabs);

  /// Of slabs, once it has concluded.
  [[nodiscard]] std::size_t octets(const TcpSlabs& slabs) const;

  /// Both ends closed: little will follow.
  void note_over(TcpSlabs& slabs) {
    if (x_transfers == no_slab_index) return;
    for (Transfer& each : slabs.transfers[x_transfers]) each.sent.fit(slabs.sent);
  }

  /// Nothing more will be judged: keeps what reports need and gives the rest back.
  void conclude(TcpSlabs& slabs);

  /// Ask memory for what every segment reads, one step of the way there each.
  void prefetch_transfers(const TcpSlabs& slabs, Side from, bool with_payload) const {
    if (x_transfers == no_slab_index) return;
    sent_by(slabs, from)->prefetch_for_segment(with_payload);
    sent_by(slabs, other(from))->prefetch_for_ack();
  }
  void prefetch_records(const TcpSlabs& slabs, Side from, bool with_payload) const {
    if (x_transfers == no_slab_index) return;
    const Transfer& peers = *sent_by(slabs, other(from));
    peers.sent.prefetch_last();
    peers.round_trip.prefetch(slabs.round_trips);
    if (with_payload) sent_by(slabs, from)->sent.prefetch_end();
  }
  /// The first of its members that every segment reads.
  [[nodiscard]] const void* hot_begin() const { return &x_transfers; }

 private:
  /// What holds while one segment is judged.
  struct Hearing {
    const Case& at_hand;
    Transfer& own;    // of what the segment's sender sends
    Transfer& peers;  // of what it receives
    JudgedSegment judged;
    PendingVerdict pending;
    MissingPackets before = {};  // of its sender, right before it
    bool in_recovery = false;    // was its sender, before this repeat
  };

  /// The sender's silence before a segment that looks new.
  struct Pause {
    std::int64_t length = 0;      // since its last bytes
    std::int64_t of_packets = 0;  // …or any packet
    std::int64_t shortest = 0;    // after which it may send again what nobody saw
    std::int64_t since_ack = 0;   // since the peer's last word on its bytes
    bool repairing = false;       // something is known to be lost
    bool crossed = false;         // that word had not come to it
    bool drawn_lately = false;    // …but something else, after which no timer can have run out
    bool by_fin_alone = false;    // …a FIN, whose ACK waits for what follows it
  };
  /// When the sender got what its segment is the first to acknowledge.
  struct Drawn {
    std::int64_t since_ns = INT64_MAX;  // ago; for ever if that is nothing
    bool by_last_copy = true;
    bool by_fin_alone = false;
  };
  static constexpr std::int64_t shortest_timer = Recovery::shortest_timer_ns;
  /// A tail loss probe's, two ticks of 1 ms.
  static constexpr std::int64_t shortest_probe = 2'000'000;

  [[nodiscard]] Transfer& transfer(TcpSlabs& slabs, Side side) const {
    return slabs.transfers[x_transfers][index_of(side)];
  }
  void open_transfers(const Case& at_hand);
  [[nodiscard]] static IpIdCounter counter_told_by(const Segment& segment);
  /// Sent long before it came, so that the first copy of it never did.
  [[nodiscard]] bool is_late_syn(const Segment& segment) const {
    const LateSign sign = segment.opening.late;
    return segment.is_syn() &&
           (sign == LateSign::initial_number || (sign == LateSign::later_ports && !x_reopened));
  }

  void judge_bytes(Hearing& hearing, Result& result);
  void judge_probe(Hearing& hearing, bool was_probing);
  void judge_sequence(Hearing& hearing, const SendSpace::Seen& seen, SeqNum snd_nxt_before);
  void judge_gap(Hearing& hearing, const SendSpace::Seen& seen);
  [[nodiscard]] OriginVerdict tell_origin(Hearing& hearing, const SendSpace::Seen& seen,
                                          const SentSegment* earlier, SeqNum snd_nxt_before);
  [[nodiscard]] static OriginVerdict tell_seen(const Hearing& hearing, const SentSegment& earlier,
                                               PathView path);
  [[nodiscard]] static const SentSegment* first_above(const Hearing& hearing,
                                                      const SentSegment& earlier);
  [[nodiscard]] static bool is_taken(const Hearing& hearing);
  void await_delivery(Hearing& hearing, const SentSegment* earlier);
  void judge_retransmission(Hearing& hearing, const SentSegment* earlier, SeqNum snd_nxt_before);
  void note_copy(Hearing& hearing);
  void note_late_original(Hearing& hearing);
  void note_repeat_behind_original(Hearing& hearing);
  void note_later_sending(Hearing& hearing);
  void note_order_repaired(Hearing& hearing);
  static void note_sent(const Case& at_hand, Transfer& own, bool accepted);
  static void note_marks(const Case& at_hand, Transfer& own, const MissingPackets& before = {});
  static void note_paws(const Case& at_hand, Transfer& own, bool accepted);
  void keep_record(Hearing& hearing, bool accepted);
  void add_record(Hearing& hearing, SeqNum begin, SeqNum end, bool accepted);
  static void note_again(SentSegment& record, const Hearing& hearing, bool accepted);
  static void part_refused(Hearing& hearing, std::size_t place, SeqNum end);
  [[nodiscard]] static SentSegment record_of(const Case& at_hand, SeqNum begin, SeqNum end);
  static void make_room(const Case& at_hand, Transfer& own, const Transfer& peers);
  [[nodiscard]] static OriginReason copied_empty_segment(Hearing& hearing);
  [[nodiscard]] static OriginReason copied_ack_without_sack(Hearing& hearing, bool known);
  [[nodiscard]] static bool is_late_duplicate_ack(const Hearing& hearing);
  [[nodiscard]] static bool draws_equal_acks(const Hearing& hearing);
  [[nodiscard]] static bool may_be_drawn_again(const Hearing& hearing);
  static void note_drawing(const Case& at_hand, Transfer& own);
  [[nodiscard]] static bool is_like_probe(const Hearing& hearing);
  [[nodiscard]] static bool may_pass_copied(const Case& at_hand, const Transfer& own,
                                            const Transfer& peers);
  static bool was_sent_before(const Case& at_hand, Transfer& own);
  [[nodiscard]] OriginVerdict tell_top(Hearing& hearing, const SendSpace::Seen& seen,
                                       const PathView& path, SeqNum snd_nxt_before);
  [[nodiscard]] OriginVerdict tell_missing_ids(Hearing& hearing, const SendSpace::Seen& seen,
                                               SeqNum snd_nxt_before, const Pause& pause,
                                               bool timed);
  [[nodiscard]] static MissingPackets missing_before(const Hearing& hearing,
                                                     const SendSpace::Seen& seen,
                                                     SeqNum snd_nxt_before);
  [[nodiscard]] static std::int64_t acks_overtaken(const Case& at_hand, const Transfer& peers);
  [[nodiscard]] static std::int64_t answers_with_news(const Case& at_hand, const Transfer& peers);
  [[nodiscard]] static std::int64_t answers_at_once(const Hearing& hearing);
  [[nodiscard]] static std::int64_t lost_first_transmissions(const Hearing& hearing,
                                                             const SendSpace::Seen& seen,
                                                             SeqNum snd_nxt_before,
                                                             bool acks_with_data);
  [[nodiscard]] static Pause pause_before(const Hearing& hearing, const PathView& path);
  [[nodiscard]] static std::int64_t silence_by_clock(const Hearing& hearing);
  [[nodiscard]] static bool has_heard_last_ack(const Hearing& hearing);
  [[nodiscard]] static Drawn drawn_by(const Hearing& hearing);
  [[nodiscard]] static std::int64_t timeout_of(const Hearing& hearing);
  [[nodiscard]] static bool is_timed(const Hearing& hearing);
  [[nodiscard]] static OriginVerdict tell_by_pause(Hearing& hearing, const SendSpace::Seen& seen,
                                                   const PathView& path);
  static void expect_rest_of_flight(Hearing& hearing);
  [[nodiscard]] static bool shows_timer(const Hearing& hearing);
  [[nodiscard]] static std::int64_t waited_ns(const Hearing& hearing);
  [[nodiscard]] static bool is_time_of_timer(const Hearing& hearing, std::int64_t waited);
  [[nodiscard]] static bool is_time_of_probe(const Hearing& hearing, std::int64_t waited);
  [[nodiscard]] static bool answers_another_syn(const Hearing& hearing, const SentSegment& earlier);
  [[nodiscard]] static OriginVerdict tell_forgotten(const Hearing& hearing);
  [[nodiscard]] static bool is_unanswered_timeout(const Hearing& hearing,
                                                  const SentSegment& earlier);
  [[nodiscard]] static bool had_reason_to_repeat(const Hearing& hearing, const PathView& path);
  [[nodiscard]] static OriginVerdict tell_lost_tail(Hearing& hearing, const SendSpace::Seen& seen,
                                                    const PathView& path);
  [[nodiscard]] static bool is_backed_off(const Hearing& hearing, std::int64_t lost,
                                          const Pause& pause);
  [[nodiscard]] static bool are_of_others(const Hearing& hearing, std::int64_t lost, bool timed);
  static void note_lost_at_top(Hearing& hearing, std::int64_t lost, std::int64_t pause);
  void note_lost_tail(Hearing& hearing, SeqNum snd_nxt_before);
  [[nodiscard]] OriginVerdict tell_shown(Hearing& hearing, const SendSpace::Seen& seen,
                                         const PathView& path);
  [[nodiscard]] OriginVerdict tell_first_syn(const Hearing& hearing) const;
  [[nodiscard]] static PathView path_of(const Hearing& hearing);

  void judge_acknowledgment(Hearing& hearing, Result& result);
  void judge_advance(Hearing& hearing, const SendSpace::Acknowledged& acknowledged);
  void judge_standing_ack(Hearing& hearing, std::uint32_t newly_sacked, bool d_sack);
  void accept_probe(Hearing& hearing);
  [[nodiscard]] bool is_without_socket(const Case& at_hand) const;
  [[nodiscard]] bool is_behind_missing_answer(const Case& at_hand,
                                              const PendingVerdict& pending) const;
  static void note_fin(const Case& at_hand, Transfer& own, bool acknowledges);
  static void note_undo(Hearing& hearing, const SendSpace::Acknowledged& acknowledged,
                        std::uint32_t newly_sacked);
  [[nodiscard]] static bool is_sack_of_original(const Hearing& hearing);
  [[nodiscard]] static bool is_ack_of_original(const Hearing& hearing,
                                               const SendSpace::Acknowledged& acknowledged);
  static void note_reneging(Hearing& hearing);
  std::uint32_t take_sack(Hearing& hearing, bool& d_sack);
  static void note_echo(const Case& at_hand, Transfer& peers);
  static void note_timed_syn(const TcpOptions& options, Transfer& peers);
  static void measure_round_trip(const Case& at_hand, Transfer& peers,
                                 const SendSpace::Acknowledged& acknowledged);
  void judge_window(Hearing& hearing);
  void judge_window_use(Hearing& hearing);
  static void account_flight(Transfer& transfer, const SendSpace& space, std::int64_t now_ns);

  void note_delivered(const Case& at_hand, SeqNum begin, SeqNum end);
  void note_answer(const Case& at_hand, const SendSpace::Acknowledged& acknowledged);
  void note_d_sack(const Case& at_hand, SeqNum begin, SeqNum end);
  /// As both ends agreed.
  [[nodiscard]] static bool goes_without_sack(const Case& at_hand);
  void note_drawn_duplicate(Hearing& hearing);
  void note_held(Hearing& hearing, const SendSpace::Acknowledged& acknowledged, SeqNum point,
                 bool after_timeout);
  static void note_sending_again(Hearing& hearing);
  [[nodiscard]] static bool is_asked_for_by_partial_ack(const Hearing& hearing,
                                                        const SentSegment& earlier);
  [[nodiscard]] static bool goes_on_repeating(const Hearing& hearing);

  void judge_without_history(const Case& at_hand, const Verdict& verdict, Result& result);
  void finish(Hearing& hearing);
  void note_repeated(const Hearing& hearing);
  void settle(TcpSlabs& slabs, PendingVerdict& pending);
  void count(TcpSlabs& slabs, const JudgedSegment& judged);
  [[nodiscard]] VerdictCounters& counters(TcpSlabs& slabs, Side sender) const;

  /// The first SYN and the first SYN+ACK, kept while there are no transfers.
  struct SynMark {
    std::uint64_t frame = 0;
    std::int64_t time_ns = 0;
    SeqNum iss, end;
    std::uint32_t timestamp = 0;
    std::uint16_t ip_id = 0;
    std::uint32_t flow_label = 0;
    IpIdCounter ip_id_counter{};
    std::uint32_t fingerprint = 0;
    SeqNum ack;  // of a SYN+ACK
    std::uint16_t window = 0;
    bool has_ack = false;
  };

  std::array<SynMark, 2> x_syns;
  std::array<bool, 2> x_syn_held{};
  bool x_reopened = false;
  std::array<bool, 2> x_syn_refused{};  // a reset answered this side's SYN
  PendingVerdicts x_pending;
  SlabIndex x_transfers = no_slab_index;
};

}  // namespace tapdeck
