#include <gtest/gtest.h>

#include "analyzer/report/text_parts.h"
#include "tests/support/sample_report.h"

namespace tapdeck {
namespace {

using namespace test;

/// A connection of which nothing but the handshake is worth a word.
ConnectionReport quiet_connection() {
  ConnectionReport connection = web_connection();
  connection.directions[1].tcp->repeated_bytes = 0;
  connection.tcp->teardown = {};
  return connection;
}

void expect_story(const ConnectionReport& connection, std::string_view text, Ink ink) {
  const Story story = tell_story(connection);
  EXPECT_EQ(story.text, text);
  EXPECT_EQ(story.ink, ink);
}

TEST(Story, OfAnOrdinaryEnd) {
  ConnectionReport connection = quiet_connection();
  connection.tcp->teardown = {.kind = TeardownKind::fin, .by = TeardownBy::client, .frame = 8};
  expect_story(connection, "closed, the client first (frame 8)", Ink::plain);
  connection.tcp->teardown.by = TeardownBy::both;
  expect_story(connection, "closed by both at once", Ink::plain);
}

TEST(Story, OfAHalfClose) {
  ConnectionReport connection = quiet_connection();
  connection.tcp->states.server = TcpState::close_wait;
  connection.tcp->teardown = {
      .kind = TeardownKind::fin, .by = TeardownBy::client, .frame = 8, .half_closed = true};
  expect_story(connection,
               "closed by the client (frame 8); never closed by the server; the server went on "
               "sending meanwhile",
               Ink::warning);
}

TEST(Story, OfResets) {
  ConnectionReport connection = quiet_connection();
  connection.tcp->teardown = {.kind = TeardownKind::reset, .by = TeardownBy::server, .frame = 2};
  expect_story(connection, "reset by the server (frame 2)", Ink::warning);
  connection.tcp->states.changes.push_back({.reason = StateChangeReason::refused});
  expect_story(connection, "refused by the server (frame 2)", Ink::warning);
}

TEST(Story, OfNoEnd) {
  ConnectionReport connection = quiet_connection();
  expect_story(connection, "no end seen", Ink::plain);
  connection.tcp->teardown.kind = TeardownKind::timeout;
  expect_story(connection, "went silent without an end", Ink::plain);
  connection.tcp->teardown.kind = TeardownKind::none;
  connection.tcp->states.changes.push_back({.reason = StateChangeReason::superseded});
  expect_story(connection, "gave way to a new connection", Ink::plain);
}

TEST(Story, OfAnAttempt) {
  ConnectionReport connection = quiet_connection();
  connection.tcp->states.client = TcpState::syn_sent;
  connection.tcp->states.server = TcpState::syn_received;
  expect_story(connection, "handshake never completed", Ink::warning);
  connection.directions[1].packets = 0;
  expect_story(connection, "SYN never answered", Ink::warning);
}

TEST(Story, OfAOneSidedCapture) {
  ConnectionReport connection = quiet_connection();
  connection.directions[1].packets = 0;
  expect_story(connection, "nothing seen from the server; no end seen", Ink::warning);
}

TEST(Story, OfABeginningThatWasNotCaptured) {
  ConnectionReport connection = quiet_connection();
  connection.tcp->handshake.syn_frame.reset();
  connection.client_known_by = ClientKnownBy::syn_ack;
  expect_story(connection, "SYN not captured; no end seen", Ink::plain);
  connection.tcp->handshake = {};
  connection.client_known_by = ClientKnownBy::port;
  expect_story(connection, "beginning not captured; client inferred from the ports; no end seen",
               Ink::plain);
  connection.client_known_by = ClientKnownBy::first_sender;
  expect_story(connection,
               "beginning not captured; client only guessed: it was seen first; no end seen",
               Ink::plain);
}

TEST(Story, OfRepeats) {
  ConnectionReport connection = quiet_connection();
  connection.directions[0].tcp->repeated_bytes = 1'460;
  expect_story(connection, "no end seen; the client sent 1.46 kB more than once", Ink::plain);
}

TEST(Story, OfDatagrams) {
  expect_story(ping_flow(), "", Ink::plain);
  expect_story(dns_flow(),
               "no answer seen; 1 ICMP error (frame 13, from 2001:db8::1: destination "
               "unreachable: port unreachable); VLAN 10, 20; in vxlan 42, gre",
               Ink::warning);
}

}  // namespace
}  // namespace tapdeck
