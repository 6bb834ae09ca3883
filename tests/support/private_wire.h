// A wire in a network namespace that only the test is in: what is sent on one end arrives at the
// other and nowhere else.
#pragma once

#include <cstdlib>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include "captures/bytes.h"

namespace tapdeck::test {

/// The ends are called near and far, and carry packets of 1,500 octets. Skips where namespaces
/// can't be made.
class PrivateWire : public testing::Test {
 protected:
  void SetUp() override {
    x_home = ::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    if (::unshare(CLONE_NEWNET) != 0) GTEST_SKIP() << "no network namespaces here";
    x_is_away = true;
    ASSERT_EQ(std::system("sysctl -q -w net.ipv6.conf.all.disable_ipv6=1 "
                          "net.ipv6.conf.default.disable_ipv6=1 && "
                          "ip link add near type veth peer name far && "
                          "ip link set near up && ip link set far up"),
              0);
    x_far = ::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ALL));
    sockaddr_ll address{};
    address.sll_family = AF_PACKET;
    address.sll_protocol = htons(ETH_P_ALL);
    address.sll_ifindex = static_cast<int>(::if_nametoindex("far"));
    ASSERT_EQ(::bind(x_far, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    constexpr int buffer = 64 << 20;
    ::setsockopt(x_far, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof buffer);
  }

  void TearDown() override {
    if (x_far >= 0) ::close(x_far);
    if (x_is_away) ::setns(x_home, CLONE_NEWNET);
    ::close(x_home);
  }

  /// The next frame at the far end; empty if none comes in a second.
  [[nodiscard]] std::vector<std::byte> next_arrival() const {
    pollfd waiting{.fd = x_far, .events = POLLIN, .revents = 0};
    std::vector<std::byte> frame(65'536);
    constexpr int second = 1'000;
    const bool came = ::poll(&waiting, 1, second) == 1;
    const ssize_t length = came ? ::recv(x_far, frame.data(), frame.size(), 0) : 0;
    frame.resize(length > 0 ? static_cast<std::size_t>(length) : 0);
    return frame;
  }

 private:
  int x_home = -1;
  int x_far = -1;
  bool x_is_away = false;
};

}  // namespace tapdeck::test
