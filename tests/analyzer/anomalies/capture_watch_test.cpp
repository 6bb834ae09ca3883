// The capture as a whole: its clock, its losses, and who claims which address on the link.
#include "analyzer/anomalies/capture_watch.h"

#include <gtest/gtest.h>

#include "analyzer/report/explanation.h"
#include "tests/support/dissect.h"
#include "tests/support/packets.h"

namespace tapdeck {
namespace {

constexpr std::int64_t second = 1'000'000'000;
using enum AnomalyType;

class Watched : public ::testing::Test {
 protected:
  void see(const test::DissectedPacket& packet, std::int64_t time_ns, std::uint32_t interface = 0,
           const ChecksumReport& checksums = {}) {
    Packet seen = packet.packet;
    seen.number = ++x_number;
    seen.time_ns = time_ns;
    seen.interface = interface;
    x_watch.add(seen, packet.dissection, checksums);
  }
  void lose(std::uint64_t connection, std::int64_t time_ns) {
    x_watch.add(Anomaly{.type = capture_loss,
                        .connection = connection,
                        .first = {++x_number, time_ns},
                        .last = {x_number, time_ns},
                        .count = 1,
                        .evidence = {},
                        .considered = {}});
  }
  [[nodiscard]] Anomaly found(AnomalyType type, const std::vector<CaptureInfo>& captures = {}) {
    for (const Anomaly& anomaly : x_watch.judge(captures, {}, {})) {
      if (anomaly.type == type) return anomaly;
    }
    return {};
  }

 private:
  CaptureWatch x_watch;
  std::uint64_t x_number = 0;
};

test::DissectedPacket plain() { return test::dissect(test::hex(test::ethernet_ipv4_udp)); }

/// arp reply 192.0.2.1 is-at 02:00:00:00:00:..
test::DissectedPacket claim(std::string_view last_octet) {
  return test::dissect(test::hex(test::macs, "0806 0001 0800 0604 0002 0200 0000 00", last_octet,
                                 "c000 0201 0200 0000 0009 c000 0202"));
}

TEST_F(Watched, AChecksumLeftToTheInterfaceCountsOfIpToo) {
  using enum ChecksumStatus;
  see(plain(), 1, 0, {.network = good, .transport = offloaded});
  see(plain(), 2, 0, {.network = offloaded, .transport = unverifiable});
  see(plain(), 3, 0, {.network = offloaded, .transport = bad});
  see(plain(), 4, 0, {.network = good, .transport = absent});
  EXPECT_EQ(found(checksum_offload).count, 2U);
}

TEST_F(Watched, AClockThatIsSetBack) {
  for (int i = 0; i < 5; ++i) see(plain(), (3'600 + i) * second);
  for (int i = 0; i < 5; ++i) see(plain(), i * second);
  const Anomaly step = found(clock_step);
  EXPECT_EQ(step.count, 1U);
  EXPECT_EQ(step.first.frame, 6U);
  EXPECT_EQ(step.evidence.get(EvidenceName::delay_ns), 3'604 * second);
}

/// The ninth interface of one capture and the first of the next run hours apart, and the next one's
/// clock is set back.
TEST(Clocks, OfEachInterfaceOfEachCaptureAreTheirOwn) {
  ClockWatch clocks;
  std::uint64_t frame = 0;
  const auto tick = [&](std::int64_t seconds, std::uint32_t capture, std::uint32_t interface) {
    clocks.add({.frame = ++frame, .time_ns = seconds * second}, capture, interface);
  };
  for (int i = 0; i < 10; ++i) {
    for (std::uint32_t capture = 0; capture < 5; ++capture) {
      for (std::uint32_t interface = 0; interface < 20; ++interface) {
        tick(i + 3'600 * static_cast<std::int64_t>(20 * capture + interface), capture, interface);
      }
    }
  }
  EXPECT_TRUE(clocks.steps().empty());
  for (int i = 0; i < 3; ++i) tick(i, 1, 0);
  ASSERT_EQ(clocks.steps().size(), 1U);
  EXPECT_EQ(clocks.steps()[0].before.time_ns, (3'600 * 20 + 9) * second);
}

TEST_F(Watched, AStrayTimeOrInterfacesOutOfOrderAreNoStep) {
  for (int i = 0; i < 5; ++i) see(plain(), (3'600 + i) * second);
  see(plain(), 0);
  for (int i = 5; i < 9; ++i) see(plain(), (3'600 + i) * second);
  for (int i = 0; i < 9; ++i) see(plain(), 3'000 * second + i, 1);
  EXPECT_EQ(found(clock_step).count, 0U);
}

TEST_F(Watched, GapsOfManyConnectionsAtOnceAreTheCaptures) {
  for (std::uint64_t connection = 1; connection <= 4; ++connection) {
    lose(connection, second + static_cast<std::int64_t>(connection) * 1'000'000);
  }
  EXPECT_EQ(found(capture_drops).evidence.get(EvidenceName::connections), 4);
}

TEST_F(Watched, GapsOfOneConnectionOrFarApartAreNot) {
  for (int i = 0; i < 4; ++i) lose(1, second + i * 1'000'000);
  for (std::uint64_t connection = 2; connection <= 5; ++connection) {
    lose(connection, static_cast<std::int64_t>(connection) * second);
  }
  EXPECT_EQ(found(capture_drops).count, 0U);
}

TEST_F(Watched, DropsThatTheFileCounts) {
  see(plain(), second);
  CaptureInfo info;
  info.interfaces.resize(2);
  EXPECT_EQ(found(capture_drops, {info}).count, 0U);
  info.interfaces[1].statistics.dropped_by_system = 7;
  EXPECT_EQ(found(capture_drops, {info}).count, 7U);
}

TEST_F(Watched, AFileThatIsCutShort) {
  see(plain(), second);
  CaptureInfo info;
  EXPECT_EQ(found(file_truncated, {info}).count, 0U);
  info.faults.push_back({.kind = CaptureFaultKind::cut_short});
  EXPECT_EQ(found(file_truncated, {info}).count, 1U);
}

TEST_F(Watched, APacketCutByTheSnapLength) {
  see(plain(), second);
  EXPECT_EQ(found(truncated_packets).count, 0U);
  see(test::dissect(test::hex(test::ethernet_ipv4_udp), LinkType::ethernet, {.wire_length = 900}),
      second);
  EXPECT_EQ(found(truncated_packets).count, 1U);
}

TEST_F(Watched, LengthsThatContradictEachOther) {
  see(plain(), second);
  EXPECT_EQ(found(length_mismatch).count, 0U);
  auto wrong = test::hex(test::ethernet_ipv4_udp);
  test::put_big_endian(wrong, 38, 4);  // UDP's length: shorter than its header
  see(test::dissect(wrong), second);
  EXPECT_EQ(found(length_mismatch).count, 1U);
}

TEST_F(Watched, AFirstFragmentThatHidesTheHeader) {
  for (const auto* const segment : {"c350 0050 0000 0001", "c350 0050 0000 0001 0000 0000"}) {
    auto fragment = test::in_ipv4(6, test::hex(segment));
    test::put_big_endian(fragment, 20, 0x2000);  // more fragments
    see(test::dissect(fragment), second);
  }
  const Anomaly hiding = found(ip_fragmented_tcp);
  EXPECT_EQ(hiding.severity, Severity::error);
  EXPECT_EQ(hiding.count, 2U);
  EXPECT_EQ(hiding.evidence.get(EvidenceName::smallest_bytes), 8);
}

TEST_F(Watched, AFragmentOfUdpMayBeShort) {
  auto fragment = test::in_ipv4(17, test::hex("c350 0035 0010 0000"));
  test::put_big_endian(fragment, 20, 0x2000);
  see(test::dissect(fragment), second);
  EXPECT_EQ(found(ip_fragmented_tcp).count, 0U);
}

TEST_F(Watched, TwoHostsClaimOneAddress) {
  for (int i = 0; i < 3; ++i) {
    see(claim("01"), 2 * i * second);
    see(claim("02"), (2 * i + 1) * second);
  }
  EXPECT_EQ(found(arp_conflict).count, 5U);
  EXPECT_EQ(explanation_of(found(arp_conflict)),
            "Two hosts claim the address 192.0.2.1: 02:00:00:00:00:01 and 02:00:00:00:00:02.");
}

TEST_F(Watched, AnAddressThatMovesOnceIsTakenOver) {
  see(claim("01"), second);
  see(claim("01"), 2 * second);
  EXPECT_EQ(found(mac_flap).count, 0U);
  see(claim("02"), 3 * second);
  EXPECT_EQ(found(mac_flap).count, 1U);
  EXPECT_EQ(explanation_of(found(mac_flap)),
            "The address 192.0.2.1 moved 1 time between hardware addresses, from 02:00:00:00:00:01 "
            "to 02:00:00:00:00:02.");
  EXPECT_EQ(found(arp_conflict).count, 0U);
}

}  // namespace
}  // namespace tapdeck
