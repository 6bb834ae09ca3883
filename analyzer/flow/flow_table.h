// The conversations of one shard: finds the one a datagram belongs to, begins and ends them, and
// keeps their number bounded. 256 of these make the whole, whatever the number of threads.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "analyzer/anomalies/watcher.h"
#include "analyzer/flow/charge.h"
#include "analyzer/flow/datagram.h"
#include "analyzer/flow/flow_index.h"
#include "analyzer/flow/flow_slabs.h"
#include "analyzer/flow/news.h"
#include "analyzer/flow/trace.h"

namespace tapdeck {

struct FlowLimits {
  /// Conversations without a connection of their own end after this silence, in packet time: what
  /// RFC 4787 REQ-5 recommends NATs for UDP.
  std::int64_t idle_timeout_ns = 300'000'000'000;
  /// A TCP connection that is over takes late segments for two maximum segment lifetimes
  /// (RFC 9293 §3.4.2 and §3.6.1); one that comes later belongs to another connection.
  std::int64_t two_msl_ns = 240'000'000'000;
  /// TCP connections that are only attempts, and those that are open: files say where they end.
  std::int64_t attempt_timeout_ns = std::numeric_limits<std::int64_t>::max();
  std::int64_t open_timeout_ns = std::numeric_limits<std::int64_t>::max();
  /// Open at once in one shard; past this the least missed gives way and the report says so.
  std::size_t open_conversations = 8'192;
  /// Packets of a connection that are kept as they came before it is tracked, if they are ordinary:
  /// EarlyPackets::bound or 0. Whoever looks at open conversations needs them tracked.
  std::uint8_t early_packets = 0;
  /// Of memory that the records of one shard may take; past this likewise.
  std::size_t octets = std::numeric_limits<std::size_t>::max();
};

/// Who ended, and with which packet of any conversation. To be read it must be concluded; it stays
/// readable until it is released.
struct EndedConversation {
  Moment end;
  std::uint64_t first_frame = 0;
  SlabIndex index = no_slab_index;
};

class FlowTable {
 public:
  /// `slabs` outlive it, and may be those of other shards of the same thread.
  explicit FlowTable(FlowSlabs& slabs, FlowLimits limits = {}, TraceWish trace = TraceWish::nothing,
                     bool tells_news = false)
      : x_slabs(slabs),
        x_limits(limits),
        x_trace_wish(trace),
        x_tells_news(tells_news),
        x_watcher(slabs.watches, slabs.episodes) {
    x_doubled.count_into(slabs.octets);
  }

  /// `hash` is table_hash of the datagram's key with one seed for all calls. False: it is an ICMP
  /// error about a flow that isn't known here.
  [[nodiscard]] bool on_datagram(const Datagram& datagram, std::uint32_t hash);

  /// Asks memory for what on_datagram will read, one step of the way there each: callers let other
  /// datagrams' steps pass between them. `likely` is the conversation that has this hash, if any.
  void prefetch(std::uint32_t hash) const { x_index.prefetch(hash); }
  [[nodiscard]] const Conversation* prefetch_conversation(std::uint32_t hash) const;
  void prefetch_connection(const Conversation& likely) const;
  void prefetch_transfers(const Conversation& likely, const Datagram& datagram) const;
  void prefetch_records(const Conversation& likely, const Datagram& datagram) const;

  /// Ends what has been silent for too long at `now_ns`; they count as ended by `frame`.
  void advance(std::int64_t now_ns, std::uint64_t frame);

  /// Settles the verdicts that wait, though more could come that tells.
  void settle_all();

  /// Ends everything: the capture is over with this frame.
  void finish(Moment last);

  /// Those that ended since the last call, in the order of ending.
  [[nodiscard]] std::vector<EndedConversation> take_ended();
  /// Ask memory for what concluding it will read, one step of the way there each.
  void prefetch_ended(const EndedConversation& ended) const;
  void prefetch_early(const EndedConversation& ended) const {
    x_slabs.conversations[ended.index].early.prefetch(x_slabs.early);
  }
  /// Makes what is to be read, where that waits: takes in what was kept as it came.
  void conclude(const EndedConversation& ended);
  /// Adds it to what spans conversations: once, when it is concluded. Where the bounds on that are
  /// reached the order counts, so that it is the caller's.
  void count_across(const EndedConversation& ended);
  /// It won't be read before it is concluded again. Requires, for that: what spans conversations
  /// was judged meanwhile, and isn't asked for any more.
  void set_aside(const EndedConversation& ended);
  void release(SlabIndex index);

  /// What was asked for of TCP segments, since the last call.
  [[nodiscard]] Trace take_trace() { return std::exchange(x_trace, {}); }

  /// Of conversations, if it was to tell; since the last call. Those that ended meanwhile aren't
  /// released yet.
  [[nodiscard]] std::vector<ConversationNews> take_news() { return std::exchange(x_news, {}); }

  /// Those that haven't ended, the most recently active of each stage first, at most `most`.
  template <class Visit>
  void visit_open(std::size_t most, Visit visit) const {
    for (const ActivityList& list : x_lists) {
      SlabIndex index = list.newest;
      for (; most != 0 && index != no_slab_index; --most) {
        const Conversation& conversation = x_slabs.conversations[index];
        visit(conversation);
        index = conversation.activity.older;
      }
    }
  }
  [[nodiscard]] std::size_t open() const { return x_open; }

  [[nodiscard]] const Conversation& conversation(SlabIndex index) const {
    return x_slabs.conversations[index];
  }
  /// The one that holds the key now; null if there is none.
  [[nodiscard]] const Conversation* holder(const FlowKey& key, std::uint32_t hash) const;
  /// Null for other protocols.
  [[nodiscard]] const TcpConnection* tcp(const Conversation& conversation) const;
  /// Null where no error came.
  [[nodiscard]] const IcmpErrors* icmp_errors(const Conversation& conversation) const;
  /// What did not fit into the bounds on one conversation.
  [[nodiscard]] std::uint64_t details_dropped(const Conversation& conversation) const;
  /// …of all together.
  [[nodiscard]] std::uint64_t details_dropped() const { return x_doubled.refused; }
  [[nodiscard]] CopyCounters copies(const Conversation& conversation) const {
    return conversation.details->recent.copies(x_doubled);
  }
  [[nodiscard]] const TcpSlabs& tcp_slabs() const { return x_slabs.tcp; }
  [[nodiscard]] const Watcher& watcher() const { return x_watcher; }
  [[nodiscard]] Watcher& watcher() { return x_watcher; }

  /// That its records take, those that wait to be released included.
  [[nodiscard]] std::size_t octets() const { return x_octets; }
  /// How many gave way at a bound, by Stage.
  [[nodiscard]] const std::array<std::uint64_t, 4>& shed() const { return x_shed; }

 private:
  /// Conversations that expire alike, ordered by ActivityLinks::since_ns.
  struct ActivityList {
    SlabIndex oldest = no_slab_index;
    SlabIndex newest = no_slab_index;
  };

  /// A connection with verdicts that wait; none is settled before `due`.
  struct Unsettled {
    Moment due;
    SlabIndex index = no_slab_index;
  };

  [[nodiscard]] SlabIndex find(const FlowKey& key, std::uint32_t hash) const;
  [[nodiscard]] SlabIndex find_or_end(const Datagram& datagram, std::uint32_t hash);
  void on_tcp(const Datagram& datagram, std::uint32_t hash);
  void add_where_it_belongs(SlabIndex index, const Datagram& datagram, std::uint32_t hash,
                            Sighting sighting);
  void on_other(const Datagram& datagram, std::uint32_t hash);
  SlabIndex begin(const Datagram& datagram, std::uint32_t hash);
  void open(SlabIndex index, const Datagram& datagram);
  [[nodiscard]] bool keep_early(SlabIndex index, const Datagram& datagram);
  void take_in_early(SlabIndex index);
  void track(SlabIndex index);
  void begin_over(SlabIndex before, const Datagram& datagram);
  [[nodiscard]] Sighting look_up(SlabIndex index, const Datagram& datagram);
  void add_copy(SlabIndex index, const Datagram& datagram, Repeatable repeatable);
  void add(SlabIndex index, const Datagram& datagram, Sighting sighting);
  void add_segment(SlabIndex index, const Datagram& datagram);
  void take_settled(Conversation& conversation);
  void settle_overdue(Moment now);
  void tell(ConversationNews::Kind kind, SlabIndex index, Moment moment);
  void trace_segment(const Conversation& conversation, Side from, const Datagram& datagram);
  void trace_predicted(const Conversation& conversation, const Datagram& datagram,
                       const Judge::Result& result);
  void settle(SlabIndex index, const Datagram& datagram);
  void add_icmp_error(SlabIndex index, const Datagram& datagram);
  void end(SlabIndex index, Moment moment);
  void retire(SlabIndex index, Moment moment);
  void judge_end(SlabIndex index, Moment moment);
  void make_room(Moment moment);
  void relink(SlabIndex index);

  [[nodiscard]] bool is_traced(TraceWish what) const { return x_trace_wish >= what; }
  [[nodiscard]] bool is_full() const;
  void release_records(Conversation& conversation);
  [[nodiscard]] std::size_t octets_of(const Conversation& conversation) const;
  ActivityList& list_of(const Conversation& conversation) {
    return x_lists[static_cast<std::size_t>(conversation.stage)];
  }
  ActivityList& list_of(Stage stage) { return x_lists[static_cast<std::size_t>(stage)]; }
  void enter(SlabIndex index, Stage stage);
  void link(SlabIndex index);
  void unlink(SlabIndex index);

  FlowSlabs& x_slabs;
  FlowLimits x_limits;
  TraceWish x_trace_wish;
  Trace x_trace;
  bool x_tells_news;
  std::vector<ConversationNews> x_news;
  FlowIndex x_index;
  DoubledPacketsSlab x_doubled;
  Watcher x_watcher;
  std::array<ActivityList, 4> x_lists;  // by Stage
  std::vector<EndedConversation> x_ended;
  std::vector<Unsettled> x_unsettled;
  std::size_t x_open = 0;
  std::size_t x_octets = 0;        // of all records of this shard …
  std::size_t x_ended_octets = 0;  // … and of those that wait to be released
  std::array<std::uint64_t, 4> x_shed{};
};

}  // namespace tapdeck
