#include "captures/transmit/af_xdp_socket.h"

#include <cerrno>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "captures/failure.h"
#include "tests/support/private_wire.h"

namespace tapdeck {
namespace {

/// Of a type that no host understands; its octets tell it from others.
std::vector<std::byte> frame(std::size_t octets, std::uint32_t number) {
  std::vector<std::byte> bytes(octets, static_cast<std::byte>(number));
  for (std::size_t at = 0; at < 12; ++at) bytes[at] = std::byte{0x02};
  bytes[12] = std::byte{0x88};
  bytes[13] = std::byte{0xb5};  // for experiments (IEEE 802 §9.2.4)
  for (std::size_t i = 0; i < 4; ++i) bytes[14 + i] = static_cast<std::byte>(number >> 8 * i);
  return bytes;
}

const std::atomic<bool> never = false;

class AfXdp : public test::PrivateWire {
 protected:
  void SetUp() override {
    PrivateWire::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    try {
      sender = std::make_unique<AfXdpSocket>("near");
    } catch (const Failure& failure) {
      GTEST_SKIP() << failure.what();
    }
  }
  void TearDown() override {
    sender.reset();
    PrivateWire::TearDown();
  }

  std::size_t send(const std::vector<std::vector<std::byte>>& frames) {
    std::vector<Packet> packets(frames.size());
    for (std::size_t i = 0; i < frames.size(); ++i) packets[i].bytes = frames[i];
    return sender->send(packets);
  }

  std::unique_ptr<AfXdpSocket> sender;
};

TEST_F(AfXdp, SendsEveryFrameOnceAndInOrder) {
  constexpr std::uint32_t count = 3'000;  // many more than there are places
  std::vector<std::vector<std::byte>> frames;
  std::uint64_t octets = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    frames.push_back(frame(60 + i * 7 % 1455, i));
    octets += frames.back().size();
  }
  std::size_t sent = 0;
  for (const std::size_t piece : {1U, 31U, 32U, 33U, 256U, 647U, 2'000U}) {
    const auto from = frames.begin() + static_cast<std::ptrdiff_t>(sent);
    ASSERT_EQ(send({from, from + static_cast<std::ptrdiff_t>(piece)}), piece);
    sent += piece;
    for (std::size_t i = sent - piece; i < sent; ++i) ASSERT_EQ(next_arrival(), frames[i]) << i;
  }
  sender->finish(never);
  EXPECT_EQ(sender->counts().frames, count);
  EXPECT_EQ(sender->counts().octets, octets);
}

TEST_F(AfXdp, RefusesWhatTheInterfaceWouldDrop) {
  std::vector<std::byte> tagged = frame(1518, 3);
  tagged[12] = std::byte{0x81};
  tagged[13] = std::byte{0x00};
  EXPECT_EQ(send({frame(1514, 1), tagged, frame(1515, 4), frame(60, 5)}), 2U);
  EXPECT_EQ(sender->refusal(), EMSGSIZE);
  EXPECT_EQ(next_arrival().size(), 1514U);
  EXPECT_FALSE(next_arrival().empty());
  EXPECT_EQ(send({frame(9'000, 6)}), 0U);
  EXPECT_EQ(sender->refusal(), EMSGSIZE);
  EXPECT_EQ(send({std::vector<std::byte>(13)}), 0U);
  EXPECT_EQ(sender->refusal(), EINVAL);
  EXPECT_EQ(send({frame(60, 7)}), 1U);
  EXPECT_EQ(next_arrival(), frame(60, 7));
  sender->finish(never);
  EXPECT_EQ(sender->counts().frames, 3U);
}

TEST_F(AfXdp, AnInterfaceThatGoesDownIsARefusal) {
  ASSERT_EQ(send({frame(60, 1)}), 1U);
  ASSERT_EQ(std::system("ip link set near down"), 0);
  EXPECT_EQ(send({frame(60, 2), frame(60, 3)}), 0U);
  EXPECT_EQ(sender->refusal(), ENETDOWN);
  EXPECT_EQ(send({frame(60, 2)}), 0U);
  sender->finish(never);
  EXPECT_EQ(sender->counts().frames, 1U);
}

TEST_F(AfXdp, SaysWhyItCantBeOpened) {
  EXPECT_THROW(AfXdpSocket("nowhere"), Failure);
  try {
    AfXdpSocket second("near");  // the queue is taken
    FAIL();
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.exit_code(), ExitCode::no_permission);
    EXPECT_NE(std::string(failure.what()).find("somebody else"), std::string::npos)
        << failure.what();
  }
}

}  // namespace
}  // namespace tapdeck
