// When a connection predicts its segments: as long as nothing is wrong, and again once what was
// wrong is repaired. Reports are the same either way; what is lost without is time.
#include <gtest/gtest.h>

#include "analyzer/tcp/connection.h"

namespace tapdeck {
namespace {

constexpr std::uint32_t client_iss = 1000, server_iss = 9000, mss = 1000;

enum class Sack : bool { off, on };

/// A client sends one segment after the other, each a millisecond behind the one before.
class Upload : public testing::TestWithParam<Sack> {
 protected:
  Upload() {
    Segment syn = segment(0, 0, TcpFlags::syn);
    syn.options.sack_permitted = GetParam() == Sack::on;
    hear(Side::client, syn);
    Segment answer = syn;
    answer.flags = TcpFlags::syn | TcpFlags::ack;
    answer.seg_seq = {server_iss};
    answer.seg_ack = {client_iss + 1};
    hear(Side::server, answer);
    hear(Side::client, segment(1, 1, TcpFlags::ack));
    exchange(0, 4);
  }

  static Segment segment(std::uint32_t seq, std::uint32_t ack, std::uint8_t flags) {
    return {.seg_seq = {client_iss + seq},
            .seg_ack = {server_iss + ack},
            .window_field = 60'000,
            .flags = flags,
            .options = {}};
  }

  /// True: it came as predicted.
  bool hear(Side from, const Segment& segment) {
    x_moment = {x_moment.frame + 1, x_moment.time_ns + 1'000'000};
    return connection.on_segment(slabs, from, segment, x_moment, false).predicted;
  }
  bool send(std::uint32_t index) {
    Segment data = segment(1 + index * mss, 1, TcpFlags::ack);
    data.payload_octets = mss;
    data.ip_id = static_cast<std::uint16_t>(++x_client_id);
    return hear(Side::client, data);
  }
  /// The server has all below the index, and where it uses SACK as many segments behind the next.
  bool acknowledge(std::uint32_t index, std::uint32_t held_above = 0) {
    Segment ack{.seg_seq = {server_iss + 1},
                .seg_ack = {client_iss + 1 + index * mss},
                .window_field = 60'000,
                .flags = TcpFlags::ack,
                .options = {}};
    if (held_above != 0 && GetParam() == Sack::on) {
      const std::uint32_t left = ack.seg_ack.value + mss;
      ack.options.sack_block_count = 1;
      ack.options.sack_blocks[0] = {.left_edge = left, .right_edge = left + held_above * mss};
    }
    return hear(Side::server, ack);
  }
  /// Each segment is acknowledged when it has come.
  void exchange(std::uint32_t from, std::uint32_t to) {
    for (std::uint32_t i = from; i < to; ++i) {
      send(i);
      acknowledge(i + 1);
    }
  }

  TcpSlabs slabs;
  TcpConnection connection;

 private:
  Moment x_moment;
  std::uint32_t x_client_id = 0;
};

INSTANTIATE_TEST_SUITE_P(Receivers, Upload, testing::Values(Sack::off, Sack::on),
                         [](const auto& chosen) {
                           return chosen.param == Sack::on ? "WithSack" : "WithoutSack";
                         });

TEST_P(Upload, IsPredictedWhileNothingIsWrong) {
  EXPECT_TRUE(send(4));
  EXPECT_TRUE(acknowledge(5));
}

TEST_P(Upload, IsNotPredictedWhileSomethingIsMissing) {
  for (std::uint32_t i = 4; i < 8; ++i) send(i);
  EXPECT_FALSE(acknowledge(4, 1));
  EXPECT_FALSE(send(8));
}

TEST_P(Upload, IsPredictedAgainOnceTheLostSegmentIsSentAgain) {
  for (std::uint32_t i = 4; i < 8; ++i) send(i);
  for (std::uint32_t held = 1; held <= 3; ++held) acknowledge(4, held);
  EXPECT_FALSE(send(4));
  acknowledge(8);
  exchange(8, 12);
  EXPECT_TRUE(send(12));
  EXPECT_TRUE(acknowledge(13));
}

/// A copy of an ACK by the network looks like a duplicate ACK, and nothing is ever repaired.
TEST_P(Upload, IsPredictedAgainBehindALoneDuplicateAck) {
  for (std::uint32_t i = 4; i < 8; ++i) send(i);
  acknowledge(5);
  acknowledge(5, 1);
  acknowledge(8);
  exchange(8, 12);
  EXPECT_TRUE(send(12));
  EXPECT_TRUE(acknowledge(13));
}

}  // namespace
}  // namespace tapdeck
