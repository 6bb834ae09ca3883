// What the capture holds twice is found; what a sender or the network repeated isn't taken for it.
#include "analyzer/flow/recent_packets.h"

#include <gtest/gtest.h>

#include "tests/support/analyzed.h"

namespace tapdeck {
namespace {

constexpr std::int64_t microsecond = 1'000;

class Sightings : public ::testing::Test {
 protected:
  Sighting see(const PacketMark& mark, std::int64_t after_ns,
               Repeatable repeatable = Repeatable::unlikely) {
    x_moment.time_ns += after_ns;
    ++x_moment.frame;
    const Sighting sighting = x_recent.look_up(x_slab, mark, x_moment, repeatable);
    if (sighting == Sighting::fresh) x_recent.remember(x_slab, mark, x_moment, repeatable);
    return sighting;
  }
  [[nodiscard]] CopyCounters copies() const { return x_recent.copies(x_slab); }

 private:
  DoubledPacketsSlab x_slab;
  RecentPackets x_recent;
  Moment x_moment{0, 1'700'000'000'000'000'000};
};

PacketMark marked(std::uint32_t number, std::uint8_t interface = 0, std::uint8_t hop_limit = 64) {
  return {.fingerprint = number * 64 + 1 + 2 * number,
          .interface = interface,
          .vlans = 0,
          .hop_limit = hop_limit,
          .has_ip_id = true,
          .of_several_interfaces = false};
}

TEST_F(Sightings, TheSamePacketOnAnotherInterfaceIsACopy) {
  EXPECT_EQ(see(marked(1, 0), 0), Sighting::fresh);
  EXPECT_EQ(see(marked(1, 1), 5 * microsecond), Sighting::copy);
  EXPECT_EQ(copies().other_interface, 1U);
}

TEST_F(Sightings, OneThatComesLateIsAnotherPacket) {
  EXPECT_EQ(see(marked(1, 0), 0), Sighting::fresh);
  EXPECT_EQ(see(marked(1, 1), 11'000 * microsecond), Sighting::fresh);
  EXPECT_EQ(copies().total(), 0U);
}

TEST_F(Sightings, AMirrorDoublesAllPackets) {
  EXPECT_EQ(see(marked(1), 0, Repeatable::no), Sighting::fresh);
  EXPECT_EQ(see(marked(1), 5 * microsecond, Repeatable::no), Sighting::copy)
      << "no SYN comes so soon";
  EXPECT_EQ(see(marked(2), 5 * microsecond), Sighting::fresh);
  EXPECT_EQ(see(marked(2), 5 * microsecond), Sighting::again);
  for (std::uint32_t number = 3; number < 100; ++number) {
    EXPECT_EQ(see(marked(number), 500 * microsecond), Sighting::fresh);
    EXPECT_EQ(see(marked(number), 5 * microsecond), Sighting::copy) << number;
  }
  EXPECT_EQ(copies().mirrored, 99U);
}

TEST_F(Sightings, AMirrorMayDeliverItsCopiesBehindOtherPackets) {
  for (std::uint32_t round = 0; round < 20; ++round) {
    for (std::uint32_t i = 0; i < 3; ++i) {
      EXPECT_EQ(see(marked(round * 3 + i), 10 * microsecond), Sighting::fresh);
    }
    for (std::uint32_t i = 0; i < 3; ++i) {
      const Sighting sighting = see(marked(round * 3 + i), 10 * microsecond);
      EXPECT_TRUE(round == 0 || sighting == Sighting::copy) << round << ' ' << i;
    }
  }
  EXPECT_EQ(copies().mirrored, 60U);
}

TEST_F(Sightings, ANetworkThatCopiesOneInFourIsNoMirror) {
  for (std::uint32_t number = 0; number < 100; ++number) {
    EXPECT_EQ(see(marked(number), 500 * microsecond), Sighting::fresh);
    if (number % 4 != 0) continue;
    EXPECT_EQ(see(marked(number), 5 * microsecond), Sighting::again);
  }
  EXPECT_EQ(copies().total(), 0U);
}

TEST_F(Sightings, EqualAcknowledgmentsWithoutIpIdAreNoCopies) {
  PacketMark acknowledgment = marked(1);
  acknowledgment.has_ip_id = false;
  for (int i = 0; i < 6; ++i) {
    EXPECT_NE(see(acknowledgment, 20 * microsecond, Repeatable::yes), Sighting::copy) << i;
  }
  EXPECT_EQ(copies().total(), 0U);
}

TEST_F(Sightings, InADoubledConversationEverySecondOneIsTheCopy) {
  PacketMark acknowledgment = marked(1);
  acknowledgment.has_ip_id = false;
  for (std::uint32_t number = 2; number < 6; ++number) {
    (void)see(marked(number), 500 * microsecond);
    (void)see(marked(number), 5 * microsecond);
  }
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(see(acknowledgment, 20 * microsecond, Repeatable::yes),
              i % 2 == 0 ? Sighting::fresh : Sighting::copy)
        << i;
  }
}

TEST_F(Sightings, AGeneratorThatSendsTheSameAgainAndAgainIsNoMirror) {
  EXPECT_EQ(see(marked(1), 0), Sighting::fresh);
  for (int i = 0; i < 500; ++i) EXPECT_EQ(see(marked(1), 20 * microsecond), Sighting::again);
  EXPECT_LE(copies().total(), 3U);
}

TEST_F(Sightings, ARouterSendsAPacketOnWithALowerHopLimit) {
  EXPECT_EQ(see(marked(1, 0, 64), 0), Sighting::fresh);
  EXPECT_EQ(see(marked(1, 0, 63), 30 * microsecond), Sighting::copy);
  EXPECT_EQ(copies().routed, 1U);
  EXPECT_EQ(copies().loop_passes, 0U);
}

TEST_F(Sightings, OneThatComesBackAgainAndAgainLoops) {
  for (std::uint8_t hop_limit = 64; hop_limit > 54; --hop_limit) {
    (void)see(marked(1, 0, hop_limit), 300 * microsecond);
  }
  EXPECT_EQ(copies().loop_passes, 8U);
}

TEST_F(Sightings, TheWayThroughFourInterfacesIsNoLoop) {
  for (std::uint8_t hop = 0; hop < 4; ++hop) {
    (void)see(marked(1, hop, static_cast<std::uint8_t>(64 - hop)), 30 * microsecond);
  }
  EXPECT_EQ(copies().other_interface, 3U);
  EXPECT_EQ(copies().loop_passes, 0U);
}

TEST(DoubledPacketsSlab, CountsAConversationThatGotNoRecordOnce) {
  DoubledPacketsSlab slab;
  for (std::size_t i = 0; i < DoubledPacketsSlab::bound; ++i) (void)slab.take();
  RecentPackets recent;
  Moment moment{0, 1'700'000'000'000'000'000};
  for (std::uint32_t number = 1; number <= 5; ++number) {
    PacketMark mark = marked(number);
    mark.of_several_interfaces = true;
    recent.remember(slab, mark, moment, Repeatable::unlikely);
  }
  EXPECT_EQ(slab.refused, 1U);
}

TEST(CapturedTwice, BothInterfacesOfARouterMakeOneConnectionWithoutTrouble) {
  const auto analyzed =
      test::analyze_file(std::string(TAPDECK_GOLDEN_DIR) + "/two_interfaces.pcapng");
  EXPECT_EQ(analyzed.summary.totals.tcp_connections, 1U);
  ASSERT_FALSE(analyzed.connections.empty());
  EXPECT_EQ(analyzed.summary.hygiene.duplicate_frames * 2 + analyzed.summary.totals.arp,
            analyzed.summary.totals.packets);
  for (const ConnectionReport& connection : analyzed.connections) {
    EXPECT_EQ(connection.directions[0].packets % 2, 0U);
    if (!connection.tcp) continue;
    EXPECT_EQ(connection.directions[0].tcp->repeated_bytes, 0U);
    EXPECT_EQ(connection.directions[1].tcp->repeated_bytes, 0U);
  }
}

}  // namespace
}  // namespace tapdeck
