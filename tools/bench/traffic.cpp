#include "tools/bench/traffic.h"

#include <array>
#include <queue>
#include <utility>
#include <vector>

#include "tools/bench/traffic_random.h"

namespace tapdeck {
namespace {

constexpr std::array kinds{
    TrafficKind{"web", "requests and answers over TCP, with loss, reordering and timers", 100, 16,
                generate_web},
    TrafficKind{"elephant", "few connections that never stop sending", 0, 8, generate_elephant},
    TrafficKind{"udp", "DNS lookups between media streams", 6, 3, generate_udp},
    TrafficKind{"syn", "a SYN flood; with fewer flows than packets SYNs are sent again", 1, 1,
                generate_syn_flood},
    TrafficKind{"colliding", "a SYN flood whose keys share a shard, and slots if the seed is 0",
                200, 1, generate_colliding},
    TrafficKind{"idle", "connections that are opened and then hardly used", 5, 3, generate_idle},
};

constexpr std::size_t noise_size = std::size_t{1} << 20U;
constexpr std::size_t noise_limit = 4096;

[[nodiscard]] std::vector<std::byte> make_noise() {
  std::vector<std::byte> octets(noise_size);
  TrafficRandom random(0);
  for (std::byte& octet : octets) octet = static_cast<std::byte>(random.next());
  return octets;
}

/// The next packet of a running conversation. Equal times: the older conversation first.
using Due = std::pair<std::int64_t, std::uint64_t>;

}  // namespace

std::span<const TrafficKind> traffic_kinds() { return kinds; }

Place client_place(std::uint64_t index) {
  const std::uint64_t port_of_host = index % 16;
  return {.host = static_cast<std::uint32_t>(0x0a000000 + index / 16),
          .port = static_cast<std::uint16_t>(2000 + port_of_host * 3900 + scramble(index) % 3900)};
}

Bytes noise(std::uint64_t key, std::size_t size) {
  static const std::vector<std::byte> octets = make_noise();
  return Bytes(octets).subspan(scramble(key) % (noise_size - noise_limit), size);
}

void interleave(GeneratedCapture& capture, const ConversationPlan& plan) {
  std::vector<std::unique_ptr<GeneratedConversation>> running(plan.conversations);
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due;
  std::uint64_t begun = 0;
  FrameMaker maker;
  while (!capture.full()) {
    while (begun < plan.conversations && (due.empty() || plan.begin_ns(begun) <= due.top().first)) {
      running[begun] = plan.make(begun);
      due.emplace(running[begun]->time_ns(), begun);
      ++begun;
    }
    if (due.empty()) return;
    const std::uint64_t index = due.top().second;
    GeneratedConversation& conversation = *running[index];
    capture.write(due.top().first, conversation.frame(maker));
    due.pop();
    if (conversation.advance()) {
      due.emplace(conversation.time_ns(), index);
    } else {
      running[index].reset();
    }
  }
}

}  // namespace tapdeck
