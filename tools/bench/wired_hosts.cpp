#include "tools/bench/wired_hosts.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sched.h>
#include <unistd.h>

#include "captures/failure.h"
#include "tools/bench/measured_run.h"

namespace tapdeck {
namespace {

constexpr RunLimits limits{.seconds = 10, .memory_octets = std::uint64_t{1} << 30U};

/// Empty if it went well.
std::string run(const std::string& program, std::vector<std::string> words) {
  const std::string path = find_program(program);
  if (path.empty()) return program + " is not installed";
  words.insert(words.begin(), path);
  return run_measured(words, limits).failure;
}

void require(const std::string& program, const std::vector<std::string>& words) {
  const std::string failure = run(program, words);
  if (failure.empty()) return;
  throw Failure(ExitCode::no_permission,
                fmt::format("{} {}: {}; that takes root, iproute2 and ethtool", program,
                            fmt::join(words, " "), failure));
}

std::vector<std::string> at(const std::string& host, unsigned processor,
                            const std::vector<std::string>& command) {
  std::vector<std::string> words{
      find_program("ip"),       "netns", "exec", host, find_program("taskset"), "-c",
      std::to_string(processor)};
  words.insert(words.end(), command.begin(), command.end());
  return words;
}

/// The counters of a namespace, as a file that can be read again and again.
int open_counters(const std::string& host) {
  int counters = -1;
  std::thread([&] {  // a thread of its own, that never comes back
    const int there = ::open(("/run/netns/" + host).c_str(), O_RDONLY | O_CLOEXEC);
    if (there < 0) return;
    if (::setns(there, CLONE_NEWNET) == 0) {
      counters = ::open("/proc/thread-self/net/dev", O_RDONLY | O_CLOEXEC);
    }
    ::close(there);
  })
      .join();
  return counters;
}

/// The second number of the interface's line: received packets.
std::uint64_t received_in(std::string_view counters, std::string_view interface) {
  const std::size_t line = counters.find(std::string(interface) + ":");
  if (line == std::string_view::npos) return 0;
  std::size_t at = line + interface.size() + 1;
  std::uint64_t value = 0;
  for (int number = 0; number < 2; ++number) {
    at = std::min(counters.find_first_not_of(' ', at), counters.size());
    const auto [stopped, error] =
        std::from_chars(counters.data() + at, counters.data() + counters.size(), value);
    if (error != std::errc{}) return 0;
    at = static_cast<std::size_t>(stopped - counters.data());
  }
  return value;
}

}  // namespace

WiredHosts::Host::Host(std::string wanted) : name(std::move(wanted)) {
  require("ip", {"netns", "add", name});
}

WiredHosts::Host::~Host() { run("ip", {"netns", "delete", name}); }

WiredHosts::WiredHosts(Receiver receiver)
    : x_sender(fmt::format("tapdeck-bench-{}-sender", ::getpid())),
      x_receiver(fmt::format("tapdeck-bench-{}-receiver", ::getpid())),
      x_counters(-1) {
  for (const Host* host : {&x_sender, &x_receiver}) {
    // Nothing but what is measured goes over the wire.
    for (const char* which : {"all", "default"}) {
      require("ip", {"netns", "exec", host->name, "sysctl", "-q", "-w",
                     fmt::format("net.ipv6.conf.{}.disable_ipv6=1", which)});
    }
  }
  require("ip", {"link", "add", interface, "netns", x_sender.name, "type", "veth", "peer", "name",
                 interface, "netns", x_receiver.name});
  for (const Host* host : {&x_sender, &x_receiver}) {
    require("ip", {"-n", host->name, "link", "set", interface, "up"});
  }
  if (receiver == Receiver::other_processor) receive_elsewhere();
  x_counters = open_counters(x_receiver.name);
  if (x_counters < 0) {
    throw Failure(ExitCode::no_permission, "the counters of the far end can't be read");
  }
}

/// The kernel hands frames over to a thread of the far end if that one may merge them (GRO) and the
/// sender's side makes no long ones (TSO). The thread looks for frames every 20 µs while there are
/// any, as a network card moderates its interrupts, instead of being woken by the sender.
void WiredHosts::receive_elsewhere() const {
  require("ip", {"netns", "exec", x_sender.name, "ethtool", "-K", interface, "tso", "off"});
  require("ip", {"netns", "exec", x_receiver.name, "ethtool", "-K", interface, "gro", "on"});
  require("ip", {"netns", "exec", x_receiver.name, "sh", "-ec",
                 fmt::format("cd /sys/class/net/{0}\n"
                             "echo 1 >threaded\n"
                             "echo 20000 >gro_flush_timeout\n"
                             "echo 50000 >napi_defer_hard_irqs\n"
                             "taskset -pc 0 \"$(pgrep --newest napi/{0}-)\"",
                             interface)});
  // What waits for a full wire.
  require("tc", {"-n", x_sender.name, "qdisc", "add", "dev", interface, "root", "pfifo"});
}

WiredHosts::~WiredHosts() { ::close(x_counters); }

std::vector<std::string> WiredHosts::at_sender(const std::vector<std::string>& command) const {
  return at(x_sender.name, std::thread::hardware_concurrency() - 1, command);
}

std::vector<std::string> WiredHosts::at_receiver(const std::vector<std::string>& command) const {
  return at(x_receiver.name, 0, command);
}

std::uint64_t WiredHosts::received() const {
  std::array<char, 4096> text{};
  const ssize_t length = ::pread(x_counters, text.data(), text.size(), 0);
  return length <= 0 ? 0 : received_in({text.data(), static_cast<std::size_t>(length)}, interface);
}

}  // namespace tapdeck
