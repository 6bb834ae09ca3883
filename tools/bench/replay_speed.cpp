// Frames a second at top speed, as the far end counts them.
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "tools/bench/interruption.h"
#include "tools/bench/measured_run.h"
#include "tools/bench/replay_bench.h"
#include "tools/bench/replay_captures.h"
#include "tools/bench/scratch_file.h"
#include "tools/bench/wired_hosts.h"

namespace tapdeck {
namespace {

using Clock = std::chrono::steady_clock;

constexpr RunLimits limits{.seconds = 120, .memory_octets = std::uint64_t{8} << 30U};

/// Looks at the far end's counter again and again while a program sends: loading a capture before
/// the first frame costs nobody anything.
class ArrivalWatch {
 public:
  explicit ArrivalWatch(const WiredHosts& hosts)
      : x_hosts(hosts), x_before(hosts.received()), x_thread([this] { watch(); }) {}
  ArrivalWatch(const ArrivalWatch&) = delete;
  ArrivalWatch& operator=(const ArrivalWatch&) = delete;
  ~ArrivalWatch() { stop(); }

  void stop() {
    x_stopped = true;
    if (x_thread.joinable()) x_thread.join();
  }

  // Require: stop() was called.
  [[nodiscard]] std::uint64_t frames() const { return x_frames; }
  [[nodiscard]] double frames_per_second() const {
    const double seconds = std::chrono::duration<double>(x_last - x_first).count();
    return seconds > 0 ? static_cast<double>(x_frames) / seconds : 0;
  }

 private:
  void watch() {
    Clock::time_point before = Clock::now();
    bool over = false;
    while (!over) {
      over = x_stopped;  // then look once more
      const std::uint64_t frames = x_hosts.received() - x_before;
      const Clock::time_point now = Clock::now();
      if (frames != x_frames) {
        if (x_frames == 0) x_first = before;
        x_last = now;
        x_frames = frames;
      }
      before = now;
      std::this_thread::sleep_for(std::chrono::microseconds(500));
    }
  }

  const WiredHosts& x_hosts;
  std::uint64_t x_before;
  std::uint64_t x_frames = 0;
  Clock::time_point x_first, x_last;
  std::atomic<bool> x_stopped = false;
  std::thread x_thread;  // the last: it uses the others
};

struct Sprinter {
  explicit Sprinter(ReplaySender who) : sender(std::move(who)) {
    if (sender.command.empty()) failure = "not installed";
  }

  ReplaySender sender;
  std::vector<double> rates;                 // a round each
  std::vector<double> ratios;                // to the first sprinter's of the same round
  std::uint64_t fewest = ~std::uint64_t{0};  // frames that arrived in a round
  std::string failure;
};

void run_round(const WiredHosts& hosts, const std::string& capture,
               std::vector<Sprinter>& sprinters) {
  double reference = 0;
  for (Sprinter& sprinter : sprinters) {
    end_if_interrupted();
    if (!sprinter.failure.empty()) continue;
    ArrivalWatch watch(hosts);
    sprinter.failure = run_measured(hosts.at_sender(sprinter.sender.over(capture)), limits).failure;
    watch.stop();
    end_if_interrupted();
    if (!sprinter.failure.empty()) continue;
    const double rate = watch.frames_per_second();
    if (&sprinter == &sprinters.front()) reference = rate;
    sprinter.fewest = std::min(sprinter.fewest, watch.frames());
    sprinter.rates.push_back(rate);
    if (reference > 0) sprinter.ratios.push_back(rate / reference);
  }
}

void print_row(const Sprinter& sprinter, const ReplayCapture& capture) {
  if (!sprinter.failure.empty() || sprinter.rates.empty()) {
    fmt::print("{:<48} {}\n", sprinter.sender.shown, sprinter.failure);
    return;
  }
  const std::uint64_t missing = capture.packets - std::min(capture.packets, sprinter.fewest);
  fmt::print("{:<48} {:>7.2f} {:>7.2f} {:>7} {}\n", sprinter.sender.shown,
             median(sprinter.rates) / 1e6, *std::ranges::max_element(sprinter.rates) / 1e6,
             sprinter.ratios.empty() ? "-" : fmt::format("{:.2f}", median(sprinter.ratios)),
             missing == 0 ? "" : fmt::format("{} frames did not arrive", missing));
}

void race(const WiredHosts& hosts, const ReplayBenchOptions& options, const ReplayCapture& capture,
          std::string_view shown) {
  const ScratchFile file(options.folder, "speed.pcap");
  write_replay_capture(file.path(), capture);
  std::vector<Sprinter> sprinters;
  sprinters.emplace_back(other_sender("tcpreplay", {"--topspeed", "--preload-pcap"}));
  sprinters.emplace_back(bare_sender("(a bare loop of sendmmsg)", {}));
  sprinters.emplace_back(bare_sender("(likewise, past the queueing)", {"--direct"}));
  for (const char* method : {"packet", "direct", "pcap", "af_xdp"}) {
    sprinters.emplace_back(own_sender(options, {"--top-speed", "--method", method}));
  }
  for (std::uint32_t round = 0; round < options.rounds; ++round) {
    run_round(hosts, file.path(), sprinters);
  }
  fmt::print("\n{:<48} {:>7} {:>7} {:>7}\n", shown, "median", "best", "ratio");
  for (const Sprinter& sprinter : sprinters) print_row(sprinter, capture);
}

}  // namespace

void print_replay_speed(const WiredHosts& hosts, const ReplayBenchOptions& options) {
  fmt::print(
      "Million frames a second at top speed, between the first and the last that the far end\n"
      "counts, of {} rounds in turn; the ratio is the median of those to the first row.\n",
      options.rounds);
  race(hosts, options, {.sizes = FrameSizes::small, .packets = options.packets},
       fmt::format("{} frames of 60 to 124 octets", options.packets));
  race(hosts, options, {.sizes = FrameSizes::mixed, .packets = options.packets / 2},
       fmt::format("{} frames of 60 to 1514 octets", options.packets / 2));
}

}  // namespace tapdeck
