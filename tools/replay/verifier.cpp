#include "tools/replay/verifier.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include "captures/descriptor.h"
#include "captures/elapsed.h"
#include "captures/failure.h"
#include "tools/clock_time.h"

namespace tapdeck {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 10ms;
/// Nothing arrived for so long behind the last frame that was sent: nothing will.
constexpr std::int64_t longest_silence_ns = 500'000'000;
/// What may wait to be compared. The sender waits then.
constexpr std::size_t most_waiting = std::size_t{1} << 20U;

/// Captures stamp packets by the system's time of day.
std::int64_t captured_now() { return clock_time_ns(CLOCK_REALTIME); }

/// The calling thread alone.
void join_namespace(const std::string& name) {
  if (name.empty()) return;
  const std::string path = name.find('/') == std::string::npos ? "/run/netns/" + name : name;
  const Descriptor there(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!there || ::setns(there.number(), CLONE_NEWNET) != 0) {
    throw Failure(ExitCode::no_permission,
                  "network namespace " + name + ": " + std::generic_category().message(errno));
  }
}

/// Of the calling thread: its file and its interface of that name, which may be an alternative one.
struct InterfaceIdentity {
  explicit InterfaceIdentity(const std::string& name) : index(::if_nametoindex(name.c_str())) {
    struct stat file {};
    if (::stat("/proc/thread-self/ns/net", &file) == 0) network_namespace = file.st_ino;
  }
  ino_t network_namespace = 0;
  unsigned index;

  friend bool operator==(const InterfaceIdentity&, const InterfaceIdentity&) = default;
};

}  // namespace

Verifier::Verifier(VerifierOptions options)
    : x_options(std::move(options)), x_matcher(x_options.times_matter) {
  std::thread([this] {  // a thread of its own, that may go to another network namespace
    try {
      open();
    } catch (...) {
      x_failure = std::current_exception();
    }
  })
      .join();
  if (x_failure) std::rethrow_exception(x_failure);
}

void Verifier::start() {
  x_thread = std::thread([this] { run(); });
}

Verifier::~Verifier() { join(); }

/// Which the frames' clock has no relation to: how far the two are apart now holds for the replay.
void Verifier::begin(std::int64_t start_ns) {
  const std::lock_guard lock(x_mutex);
  x_start_ns = start_ns + (captured_now() - clock_time_ns(CLOCK_MONOTONIC));
}

void Verifier::sent(std::span<const Packet> frames, std::span<const std::int64_t> places_ns) {
  std::unique_lock lock(x_mutex);
  x_changed.wait(lock, [this] { return x_sent.size() < most_waiting || x_failure; });
  for (std::size_t i = 0; i < frames.size(); ++i) {
    x_sent.push_back({digest_of(frames[i].bytes), frames[i].number, places_ns[i]});
  }
  x_sent_until_ns = captured_now();
}

VerifierResult Verifier::finish() {
  join();
  if (x_failure) std::rethrow_exception(x_failure);
  return x_result;
}

void Verifier::join() {
  if (!x_thread.joinable()) return;
  {
    const std::lock_guard lock(x_mutex);
    x_finishing = true;
  }
  x_changed.notify_all();
  x_thread.join();
}

void Verifier::open() {
  const InterfaceIdentity sender(x_options.sender);
  join_namespace(x_options.network_namespace);
  if (sender.index != 0 && sender == InterfaceIdentity(x_options.interface)) {
    throw Failure(ExitCode::usage, x_options.interface +
                                       ": sends itself; --verify takes the interface at the "
                                       "other end");
  }
  x_source.emplace(LiveOptions{.interface = x_options.interface,
                               .snap_length = 262'144,
                               .buffer_octets = x_options.buffer_octets,
                               .received_only = true});
  x_counted.emplace(x_options.interface);
  x_lost_before = x_counted->read().lost_arrivals;
}

void Verifier::run() {
  try {
    capture();
    x_result.dropped_by_capture = x_source->counts().dropped_by_kernel;
    const std::uint64_t lost = x_counted->read().lost_arrivals;  // none, of one that is gone
    x_result.dropped_by_interface = lost - std::min(lost, x_lost_before);
    x_result.trouble = x_source->trouble();
  } catch (...) {
    const std::lock_guard lock(x_mutex);
    x_failure = std::current_exception();
  }
  x_changed.notify_all();
}

void Verifier::capture() {
  LiveSource& source = *x_source;
  PacketBatch batch;
  std::int64_t last_arrival_ns = captured_now();
  bool finishing = false;
  while (true) {
    const bool goes_on = source.next(batch, patience);
    if (!goes_on && finishing) break;
    if (!goes_on) std::this_thread::sleep_for(patience);  // what is sent is missing from here on
    for (const Packet& packet : batch.packets) {
      x_arrived.push_back({digest_of(packet.bytes), packet.time_ns});
    }
    const std::int64_t now = captured_now();
    if (!batch.packets.empty()) last_arrival_ns = now;
    std::int64_t sent_until_ns = 0;
    {
      const std::lock_guard lock(x_mutex);
      finishing = x_finishing;
      sent_until_ns = x_sent_until_ns;
      x_taken.swap(x_sent);
    }
    take_sent();
    match_arrived(finishing ? now : sent_until_ns);
    const std::int64_t silent_since_ns = std::max(last_arrival_ns, sent_until_ns);
    const bool is_silent = elapsed_ns(silent_since_ns, now) > longest_silence_ns;
    if (finishing && (x_matcher.all_arrived() || is_silent)) source.stop(now);
  }
  match_arrived(captured_now());
  x_matcher.finish();
  x_result.matched = x_matcher.counts();
}

void Verifier::take_sent() {
  if (x_taken.empty()) return;
  x_changed.notify_all();
  for (const Sent& one : x_taken) {
    x_matcher.expect(one.digest, one.number, added_ns(x_start_ns, one.place_ns));
  }
  x_taken.clear();
}

/// A frame that came later than the last report of the sender may be one that it reports next; but
/// not all of very many.
void Verifier::match_arrived(std::int64_t until_ns) {
  while (!x_arrived.empty() &&
         (x_arrived.front().time_ns <= until_ns || x_arrived.size() > most_waiting)) {
    x_matcher.arrive(x_arrived.front().digest, x_arrived.front().time_ns);
    x_arrived.pop_front();
  }
}

}  // namespace tapdeck
