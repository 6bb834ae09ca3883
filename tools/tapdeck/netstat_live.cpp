#include "tools/tapdeck/netstat_live.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "analyzer/netstat/kernel_join.h"
#include "analyzer/netstat/netstat.h"
#include "captures/elapsed.h"
#include "captures/live_source.h"
#include "dissectors/ethernet.h"
#include "dissectors/linux_sll.h"
#include "tools/clock_time.h"
#include "tools/tapdeck/capture_signals.h"
#include "tools/tapdeck/kernel_answers.h"
#include "tools/tapdeck/kernel_counters.h"
#include "tools/tapdeck/kernel_sockets.h"
#include "tools/tapdeck/live_limits.h"
#include "tools/tapdeck/live_options.h"
#include "tools/tapdeck/netstat_options.h"
#include "tools/tapdeck/netstat_output.h"
#include "tools/tapdeck/wording.h"

namespace tapdeck {
namespace {

constexpr std::chrono::milliseconds patience{50};
constexpr std::int64_t usual_duration_ns = 3'000'000'000;

std::int64_t now_ns() { return clock_time_ns(CLOCK_REALTIME); }

/// When tables are due, and when it is over, whatever is done to the clock meanwhile.
class TableTimes {
 public:
  explicit TableTimes(const CommandOptions& options) {
    if (options.has("watch")) x_pause_ns = parse_time_span("watch", options.value("watch"));
    if (options.has("duration")) x_end_ns = parse_time_span("duration", options.value("duration"));
  }

  [[nodiscard]] bool repeats() const { return x_pause_ns.has_value(); }
  [[nodiscard]] bool is_over() const {
    return x_end_ns && elapsed_ns(x_begin_ns, clock_time_ns(CLOCK_MONOTONIC)) >= *x_end_ns;
  }
  /// True once for each table of --watch.
  [[nodiscard]] bool take_due() {
    const std::int64_t time_ns = clock_time_ns(CLOCK_MONOTONIC);
    if (!x_pause_ns || (x_last_ns && elapsed_ns(*x_last_ns, time_ns) < *x_pause_ns)) return false;
    x_last_ns = time_ns;
    return true;
  }
  void end_after(std::int64_t duration_ns) { x_end_ns = duration_ns; }
  [[nodiscard]] bool has_end() const { return x_end_ns.has_value(); }

 private:
  std::int64_t x_begin_ns = clock_time_ns(CLOCK_MONOTONIC);
  std::optional<std::int64_t> x_pause_ns, x_end_ns, x_last_ns;
};

/// What is asked for alone: looking for the processes takes its time.
ConnectionTable kernel_table(const NetstatView& view) {
  ConnectionTable table;
  table.time_ns = now_ns();
  if (view.sockets) join_kernel(table, read_kernel_sockets());
  if (view.statistics) table.counters = read_kernel_counters();
  if (view.interfaces) table.interfaces = read_kernel_interfaces();
  if (view.routes) table.routes = read_kernel_routes();
  return table;
}

LiveOptions source_options(const CommandOptions& options) {
  LiveOptions source;
  source.interface = chosen_interface(options);
  source.filter = options.filter();
  source.packet_limit = options.count("count", 0);
  source.promiscuous = false;
  return source;
}

TrackerOptions tracker_options() {
  TrackerOptions options;
  options.limits = live_limits("512M");
  return options;
}

/// As the "any" device marks what the host didn't take.
bool is_marked_for_others(const Packet& packet) {
  constexpr std::uint16_t other_host = 3;  // PACKET_OTHERHOST
  const Region frame{packet.bytes, packet.bytes.size()};
  if (packet.link_type == LinkType::linux_sll && frame.holds(LinuxSll::header_octets)) {
    return LinuxSll(frame).packet_type() == other_host;
  }
  return packet.link_type == LinkType::linux_sll2 && frame.holds(LinuxSll2::header_octets) &&
         LinuxSll2(frame).packet_type() == other_host;
}

/// The frame passed by here and this host didn't take it.
bool is_for_others(const Packet& packet, const std::vector<MacAddress>& own_links) {
  const Region frame{packet.bytes, packet.bytes.size()};
  if (packet.link_type != LinkType::ethernet || !frame.holds(Ethernet::header_octets)) {
    return is_marked_for_others(packet);
  }
  const MacAddress destination = Ethernet(frame).destination();
  const bool is_group = (destination.octets[0] & 1U) != 0;
  const auto is_own = [&](const MacAddress& link) {
    return std::ranges::find(own_links, link) != own_links.end();
  };
  return !is_group && !is_own(destination) && !is_own(Ethernet(frame).source());
}

/// A new file is the user's, as if it were opened later.
NetstatOutput opened_output(const CommandOptions& options, Sandbox& sandbox) {
  sandbox.will_write(options.value("output"));
  return NetstatOutput(options, {}, sandbox);
}

/// Packets and the kernel's table come by different ways: the kernel is asked first, then what had
/// passed by then is waited for, and what came later waits for its turn.
class LiveTables {
 public:
  explicit LiveTables(const CommandOptions& options)
      : x_sandbox(options),
        x_output(opened_output(options, x_sandbox)),
        x_kernel(x_sandbox),
        x_source(source_options(options)),
        x_netstat(tracker_options()),
        x_times(options),
        x_options(options) {
    if (options.has("local")) x_local = parse_networks(options.value("local"));
    if (!x_times.repeats() && !x_times.has_end()) x_times.end_after(usual_duration_ns);
  }

  ExitCode run() {
    x_sandbox.enter({.only_read = {x_source.descriptor()}, .sent_on = {}});
    if (!x_options.quiet()) {
      complain("listening on " + shown(x_options.value("interface")) + "; Ctrl-C ends it");
    }
    PacketBatch batch;
    while (!x_is_over && x_source.next(batch, patience)) {
      for (const Packet& packet : batch.packets) {
        if (x_asked && packet.time_ns > x_asked->time_ns) write_table();
        if (!is_for_others(packet, x_own_links)) x_netstat.add(packet);
      }
      x_netstat.release_batch();
      on_tick(now_ns());
    }
    const bool ended_by_itself = !x_is_over && !x_times.repeats() && !x_asked;
    if (ended_by_itself) ask_kernel();
    if (x_asked) write_table();
    x_output.close();
    return verdict();
  }

 private:
  struct KernelAnswer {
    std::int64_t time_ns = 0;
    std::vector<KernelSocket> sockets;
  };

  void on_tick(std::int64_t time_ns) {
    constexpr std::int64_t surely_here_ns = 300'000'000;
    if (x_is_over) return;
    pass_time(time_ns);
    if (x_asked) {
      const std::int64_t waited = elapsed_ns(x_asked->time_ns, time_ns);
      if (waited > surely_here_ns || waited < 0) write_table();
      return;
    }
    x_signals.look();
    const bool ends = x_signals.ends() != 0 || x_times.is_over();
    if (ends && x_times.repeats()) {
      x_is_over = true;
    } else if (ends || x_times.take_due()) {
      x_is_last = ends;
      ask_kernel();
    }
  }

  void pass_time(std::int64_t time_ns) {
    constexpr std::int64_t between_advances_ns = 1'000'000'000;
    if (time_ns < x_advanced_ns) x_advanced_ns = time_ns;  // a clock that was set back begins anew
    if (elapsed_ns(x_advanced_ns, time_ns) < between_advances_ns) return;
    x_advanced_ns = time_ns;
    x_netstat.advance(time_ns);
  }

  void ask_kernel() {
    std::vector<KernelSocket> sockets = x_kernel.sockets();
    x_asked = {.time_ns = now_ns(), .sockets = std::move(sockets)};
  }

  void write_table() {
    const std::vector<Network> local = x_local.empty() ? x_kernel.addresses() : x_local;
    const std::int64_t time_ns = std::max(x_asked->time_ns, x_netstat.latest_ns());
    (void)x_source.counts();
    ConnectionTable table = x_netstat.table(local, time_ns, x_source.captures());
    join_kernel(table, x_asked->sockets);
    x_asked.reset();
    x_output.write(table);
    say_left_out(table);
    x_is_over = x_is_last;
  }

  ExitCode verdict() {
    const LiveCounts counts = x_source.counts();
    if (!x_options.quiet() && counts.dropped_by_kernel != 0) {
      complain(std::to_string(counts.dropped_by_kernel) +
               " packets were dropped: the wire's view misses what they held");
    }
    if (x_source.trouble().empty()) return ExitCode::fine;
    complain(shown(x_source.trouble()));
    return ExitCode::no_permission;
  }

  Sandbox x_sandbox;
  NetstatOutput x_output;    // a pipe may wait for its reader: signals do what they always do
  CaptureSignals x_signals;  // before any thread
  KernelAnswers x_kernel;
  LiveSource x_source;
  Netstat x_netstat;
  TableTimes x_times;
  const CommandOptions& x_options;
  std::vector<Network> x_local;
  std::vector<MacAddress> x_own_links = own_link_addresses();
  std::optional<KernelAnswer> x_asked;
  std::int64_t x_advanced_ns = now_ns();
  bool x_is_last = false;  // the table that is asked for
  bool x_is_over = false;
};

}  // namespace

ExitCode run_netstat_kernel(const CommandOptions& options) {
  const NetstatView view = chosen_view(options);
  NetstatOutput output(options);
  TableTimes times(options);
  if (!times.repeats()) {
    output.write(kernel_table(view));
    output.close();
    return ExitCode::fine;
  }
  CaptureSignals signals;
  do {
    if (times.take_due()) output.write(kernel_table(view));
    std::this_thread::sleep_for(patience);
    signals.look();
  } while (signals.ends() == 0 && !times.is_over());
  output.close();
  return ExitCode::fine;
}

ExitCode run_netstat_live(const CommandOptions& options) { return LiveTables(options).run(); }

}  // namespace tapdeck
