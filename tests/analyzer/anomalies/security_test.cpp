// Attacks, and what busy or broken hosts do that looks like them.
#include <gtest/gtest.h>

#include "analyzer/anomalies/distinct_values.h"
#include "analyzer/anomalies/family.h"
#include "analyzer/report/explanation.h"
#include "tests/support/story.h"

namespace tapdeck {
namespace {

using test::milliseconds;
using test::seconds;
using test::Story;
using enum AnomalyType;

Anomaly only(Story& story, AnomalyType type) {
  for (const Anomaly& anomaly : story.anomalies()) {
    if (anomaly.type == type) return anomaly;
  }
  return {};
}

void expect_beginning(const Anomaly& anomaly, std::string_view words) {
  EXPECT_EQ(explanation_of(anomaly).substr(0, words.size()), words);
}

/// From many hosts and ports to one port.
void syns(Story& story, int count, bool complete) {
  story.step_ns = milliseconds;
  for (int i = 0; i < count; ++i) {
    story.client_port = static_cast<std::uint16_t>(20'000 + i);
    story.client_host = static_cast<std::uint8_t>(10 + i % 50);
    story.client("S", 0);
    if (complete) {
      story.server("S.", 0, 1);
      story.client(".", 1, 1);
    }
  }
}

TEST(Security, SynsWithoutEndFloodAPort) {
  Story story;
  syns(story, 300, false);
  const Anomaly flood = only(story, syn_flood);
  EXPECT_EQ(flood.severity, Severity::error);
  EXPECT_EQ(flood.count, 300U);
  expect_beginning(flood, "300 attempts at port 80 of 192.0.2.2 from ");
  EXPECT_NEAR(static_cast<double>(flood.evidence.get(EvidenceName::hosts).value_or(0)), 50, 5);
}

TEST(Security, ASlowFloodIsOneHoweverLongItLasts) {
  Story story;
  story.step_ns = 5 * milliseconds;
  for (int i = 0; i < 30'000; ++i) {
    story.client_port = static_cast<std::uint16_t>(20'000 + i);
    story.client("S", 0);
  }
  const Anomaly flood = only(story, syn_flood);
  EXPECT_EQ(flood.count, 30'000U);
  EXPECT_NEAR(static_cast<double>(flood.evidence.get(EvidenceName::most_in_a_second).value_or(0)),
              200, 40);
}

TEST(Security, ABusyServerIsNotFlooded) {
  Story story;
  syns(story, 300, true);
  EXPECT_EQ(only(story, syn_flood).count, 0U);
}

TEST(Security, ADeadServerIsNotFloodedByItsClients) {
  Story story;
  for (std::uint16_t i = 0; i < 300; ++i) {
    story.client_port = static_cast<std::uint16_t>(20'000 + i);
    story.client("S", 0);
    story.wait(50 * milliseconds);
  }
  EXPECT_EQ(only(story, syn_flood).count, 0U);
}

TEST(Security, OneHostTriesManyPorts) {
  Story story;
  for (std::uint16_t port = 1; port <= 60; ++port) {
    story.server_port = port;
    story.client("S", 0);
    story.server("R.", 0, 1);
  }
  const Anomaly scan = only(story, port_scan);
  EXPECT_EQ(scan.count, 60U);
  EXPECT_EQ(scan.evidence.get(EvidenceName::hosts), 1);
  EXPECT_EQ(scan.evidence.address_at(*scan.evidence.get(EvidenceName::peer_address)),
            test::address(2));
  expect_beginning(scan, "The host 192.0.2.1 tried ");
}

TEST(Security, AHostWhoseAddressEndsIn255IsScannedLikeOthers) {
  Story story;
  story.server_host = 255;
  for (std::uint16_t port = 1; port <= 60; ++port) {
    story.server_port = port;
    story.client("S", 0);
    story.server("R.", 0, 1);
  }
  EXPECT_EQ(only(story, port_scan).count, 60U);
}

TEST(Security, OneHostTriesOnePortOfManyHosts) {
  Story story;
  for (std::uint8_t host = 20; host < 80; ++host) {
    story.server_host = host;
    story.client("S", 0);
  }
  const Anomaly scan = only(story, port_scan);
  EXPECT_EQ(scan.count, 60U);
  EXPECT_EQ(scan.evidence.get(EvidenceName::ports), 1);
  EXPECT_FALSE(scan.evidence.get(EvidenceName::peer_address));
}

TEST(Security, AScanOfAlmostAllPortsIsCountedThroughout) {
  Story story;
  story.step_ns = milliseconds;
  for (std::uint16_t port = 1; port <= 60'000; ++port) {
    story.server_port = port;
    story.client("S", 0);
  }
  const Anomaly scan = only(story, port_scan);
  EXPECT_EQ(scan.count, 60'000U);
  EXPECT_TRUE(scan.evidence.is_estimated(EvidenceName::ports));
  EXPECT_FALSE(scan.evidence.is_estimated(EvidenceName::hosts));
  EXPECT_NEAR(static_cast<double>(scan.evidence.get(EvidenceName::ports).value_or(0)), 60'000,
              60'000 * 3 * DistinctValues::relative_error);
}

TEST(Security, ScansWithoutSynAreScans) {
  for (const std::string_view flags : {"F", "", "FP", "."}) {
    Story story;
    for (std::uint16_t port = 1; port <= 60; ++port) {
      story.server_port = port;
      story.client(flags, 1);
      story.server("R.", 1, 1);
    }
    EXPECT_NE(only(story, port_scan).count, 0U) << flags;
  }
}

TEST(Security, ManyConnectionsThatSucceedAreNoScan) {
  Story story;
  for (std::uint16_t port = 1; port <= 60; ++port) {
    story.server_port = port;
    story.handshake();
    story.client("P.", 1, 1, 10);
  }
  EXPECT_EQ(only(story, port_scan).count, 0U);
}

TEST(Security, TryingOnePortAgainAndAgainIsNoScan) {
  Story story;
  for (std::uint16_t i = 0; i < 60; ++i) {
    story.client_port = static_cast<std::uint16_t>(20'000 + i);
    story.client("S", 0);
    story.server("R.", 0, 1);
  }
  EXPECT_EQ(only(story, port_scan).count, 0U);
}

TEST(Security, GuessesThatStepThroughTheSequenceSpace) {
  Story story;
  story.handshake();
  for (std::uint32_t i = 1; i <= 6; ++i) story.server("R", i * 60'000);
  const Anomaly probe = only(story, blind_attack_probe);
  EXPECT_EQ(probe.count, 6U);
  EXPECT_EQ(probe.evidence.get(EvidenceName::distance), 60'000);
}

TEST(Security, AResetThatIsRepeatedIsNoGuess) {
  Story story;
  story.handshake();
  for (int i = 0; i < 6; ++i) story.server("R", 60'000);
  EXPECT_EQ(only(story, blind_attack_probe).count, 0U);
}

TEST(Security, ResetsInMasses) {
  Story story;
  story.handshake();
  story.step_ns = milliseconds / 10;
  for (int i = 0; i < 3'000; ++i) story.server("R", 1);
  EXPECT_EQ(only(story, rst_flood).count, 3'000U);
  expect_beginning(only(story, rst_flood), "The host 192.0.2.2 sent 3,000 resets within ");
}

TEST(Security, ResetsNowAndThen) {
  Story story;
  story.handshake();
  for (int i = 0; i < 3'000; ++i) story.server("R", 1);
  EXPECT_EQ(only(story, rst_flood).count, 0U);
}

TEST(Security, FinsInMasses) {
  Story story;
  story.handshake();
  story.step_ns = milliseconds / 10;
  for (int i = 0; i < 3'000; ++i) story.client("F.", 1, 1);
  EXPECT_NE(only(story, fin_storm).count, 0U);
}

/// Opened together, each sends a few bytes late.
void idlers(Story& story, std::uint16_t count, std::uint32_t payload) {
  for (std::uint16_t i = 0; i < count; ++i) {
    story.client_port = static_cast<std::uint16_t>(20'000 + i);
    story.handshake();
  }
  story.wait(20 * seconds);
  for (std::uint16_t i = 0; i < count; ++i) {
    story.client_port = static_cast<std::uint16_t>(20'000 + i);
    story.client("P.", 1, 1, payload);
    story.server(".", 1, 1 + payload);
  }
}

TEST(Security, ConnectionsThatHardlySayAThing) {
  Story story;
  idlers(story, 30, 12);
  EXPECT_EQ(only(story, slow_client).count, 30U);
  EXPECT_EQ(explanation_of(only(story, slow_client)),
            "The host 192.0.2.1 kept 30 connections to port 80 of 192.0.2.2 open with hardly a "
            "byte on them.");
}

TEST(Security, AFewSlowConnectionsOrLargeOnesAreNoAttack) {
  Story few;
  idlers(few, 10, 12);
  EXPECT_EQ(only(few, slow_client).count, 0U);
  Story large;
  idlers(large, 30, 5'000);
  EXPECT_EQ(only(large, slow_client).count, 0U);
}

}  // namespace
}  // namespace tapdeck
