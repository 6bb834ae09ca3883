// What a packet socket says of frames that the interface's queue holds.
#include "captures/transmit/packet_socket.h"

#include <cstdlib>

#include "tests/support/private_wire.h"

namespace tapdeck {
namespace {

class QueuedWire : public test::PrivateWire {
 protected:
  /// One frame of 1,000 octets at once, and so many bits a second behind it.
  void SetUp() override {
    PrivateWire::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    if (std::system("tc qdisc add dev near root tbf rate 100kbit burst 1540 limit 1000000") != 0) {
      GTEST_SKIP() << "no queues that shape here";
    }
    x_sender.emplace("near", Queueing::used);
  }
  void TearDown() override {
    x_sender.reset();
    PrivateWire::TearDown();
  }

  void send(std::size_t count) {
    const std::vector<std::byte> octets(1'000, std::byte{2});
    const std::vector<Packet> frames(count, Packet{.wire_length = 1'000, .bytes = octets});
    EXPECT_EQ(x_sender->send(frames), count);
  }

  std::atomic<bool> stop = false;
  std::optional<PacketSocket> x_sender;
};

TEST_F(QueuedWire, IsWaitedForAsLongAsItsQueueMoves) {
  send(20);  // 1.5 seconds
  x_sender->finish(stop);
  EXPECT_EQ(x_sender->counts().held_back, 0U);
}

TEST_F(QueuedWire, IsNotWaitedForForLongOnceStopped) {
  send(500);  // 40 seconds
  stop = true;
  x_sender->finish(stop);
  EXPECT_GT(x_sender->counts().held_back, 400'000U);
}

TEST_F(QueuedWire, IsNotWaitedForWhenItsQueueStands) {
  ASSERT_EQ(std::system("tc qdisc replace dev near root tbf rate 8bit burst 1540 limit 1000000"),
            0);
  send(3);
  x_sender->finish(stop);
  EXPECT_GT(x_sender->counts().held_back, 1'000U);
}

}  // namespace
}  // namespace tapdeck
