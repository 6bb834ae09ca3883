#include "tools/replay/side_split.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "captures/packet_source.h"
#include "tests/support/hex.h"
#include "tools/replay/side_options.h"

namespace tapdeck {
namespace {

using test::hex;

constexpr std::string_view client_mac = "0200 0000 0001", server_mac = "0200 0000 0002",
                           to_all = "ffff ffff ffff", stranger_mac = "0200 0000 0099";
constexpr std::string_view client_ip = "c000 0201", server_ip = "c633 6402",
                           stranger_ip = "cb00 7109";

/// What to send, written as hex, and the sides that came out: "C", "S".
class SideSplitting : public testing::Test {
 protected:
  Packet packet(std::vector<std::byte> bytes) {
    x_bytes = std::move(bytes);
    return {.number = ++x_number,
            .time_ns = static_cast<std::int64_t>(x_number) * 1'000'000,
            .wire_length = static_cast<std::uint32_t>(x_bytes.size()),
            .bytes = x_bytes};
  }

  char side(std::vector<std::byte> bytes) {
    return split.side_of(packet(std::move(bytes))) == Side::client ? 'C' : 'S';
  }

  static std::vector<std::byte> tcp(std::string_view from, std::string_view to,
                                    std::string_view ports, std::string_view flags,
                                    std::string_view macs = "0200 0000 0002 0200 0000 0001") {
    return hex(macs, "0800 4500 0028 0001 0000 4006 0000", from, to, ports,
               "0000 03e8 0000 0001 50", flags, "ffff 0000 0000");
  }
  static std::vector<std::byte> request_of(std::string_view mac, std::string_view asker,
                                           std::string_view asked) {
    return hex(to_all, mac, "0806 0001 0800 0604 0001", mac, asker, "0000 0000 0000", asked);
  }
  static std::vector<std::byte> answer_to(std::string_view mac, std::string_view asker,
                                          std::string_view asked) {
    return hex(mac, server_mac, "0806 0001 0800 0604 0002", server_mac, asked, mac, asker);
  }
  static constexpr std::string_view back_macs = "0200 0000 0001 0200 0000 0002";

  SideSplit split{Side::client};

 private:
  std::vector<std::byte> x_bytes;
  std::uint64_t x_number = 0;
};

TEST_F(SideSplitting, WhoSentTheSynIsTheClient) {
  EXPECT_EQ(side(tcp(client_ip, server_ip, "0050 c350", "02")), 'C');  // from port 80
  EXPECT_EQ(side(tcp(server_ip, client_ip, "c350 0050", "12", back_macs)), 'S');
  EXPECT_EQ(side(tcp(client_ip, server_ip, "0050 c350", "10")), 'C');
  // The same hosts the other way round, on other ports.
  EXPECT_EQ(side(tcp(server_ip, client_ip, "c351 0016", "02", back_macs)), 'C');
  EXPECT_EQ(side(tcp(client_ip, server_ip, "0016 c351", "12")), 'S');
}

TEST_F(SideSplitting, WithoutASynPortsTell) {
  EXPECT_EQ(side(tcp(server_ip, client_ip, "01bb c350", "10", back_macs)), 'S');
  EXPECT_EQ(side(tcp(client_ip, server_ip, "c350 01bb", "10")), 'C');
}

TEST_F(SideSplitting, AnErrorComesFromWhereItsPacketWasGoing) {
  EXPECT_EQ(side(tcp(client_ip, server_ip, "c350 0050", "02")), 'C');
  // time exceeded, from a router nobody knows
  EXPECT_EQ(side(hex("0200 0000 0001 0200 0000 0099 0800 4500 0038 0001 0000 4001 0000",
                     stranger_ip, client_ip, "0b00 0000 0000 0000", "4500 0028 0001 0000 0106 0000",
                     client_ip, server_ip, "c350 0050 0000 03e8")),
            'S');
}

TEST_F(SideSplitting, ArpGoesWithTheHostsItIsAbout) {
  const auto asks = request_of(client_mac, client_ip, server_ip);
  const auto answers = answer_to(client_mac, client_ip, server_ip);
  SideSplit chosen(Side::server);
  EXPECT_EQ(chosen.side_of(packet(asks)), Side::server);  // nobody known yet
  split.learn(packet(asks));
  split.learn(packet(answers));
  split.learn(packet(tcp(client_ip, server_ip, "c350 0050", "02")));
  split.start();
  EXPECT_EQ(side(asks), 'C');
  EXPECT_EQ(side(answers), 'S');
  // A server that asks for its client; and a router that asks for it, known by no address.
  EXPECT_EQ(side(request_of(server_mac, server_ip, client_ip)), 'S');
  EXPECT_EQ(side(answer_to(stranger_mac, stranger_ip, server_ip)), 'S');
  EXPECT_EQ(side(request_of(stranger_mac, stranger_ip, client_ip)), 'C');
  const SideCounts counts = split.counts();
  EXPECT_EQ(counts.sent_by(Side::client, SideToldBy::address), 1U);
  EXPECT_EQ(counts.sent_by(Side::client, SideToldBy::nothing), 1U);
  EXPECT_EQ(counts.sent_by(Side::server, SideToldBy::address), 3U);
}

TEST_F(SideSplitting, GroupsAreNoServers) {
  split.learn(packet(tcp(client_ip, server_ip, "c350 0050", "02")));
  split.start();
  // multicast DNS from either host
  const auto announces = [](std::string_view mac, std::string_view from) {
    return hex("0100 5e00 00fb", mac, "0800 4500 001e 0001 0000 ff11 0000", from, "e000 00fb",
               "14e9 14e9 000a 0000 0000");
  };
  EXPECT_EQ(side(announces(client_mac, client_ip)), 'C');
  EXPECT_EQ(side(announces(server_mac, server_ip)), 'S');
  EXPECT_EQ(side(announces(stranger_mac, stranger_ip)), 'C');
  EXPECT_EQ(split.counts().sent_by(Side::client, SideToldBy::nothing), 1U);
}

TEST_F(SideSplitting, FragmentsGoWithTheirSender) {
  EXPECT_EQ(side(tcp(client_ip, server_ip, "c350 0050", "02")), 'C');
  EXPECT_EQ(side(hex("0200 0000 0001 0200 0000 0002 0800 4500 001c 0007 2000 4011 0000", server_ip,
                     client_ip, "0035 c350 0010 0000")),
            'S');
}

TEST_F(SideSplitting, OtherFramesGoWithTheirStation) {
  EXPECT_EQ(side(hex("0180 c200 000e 0200 0000 0002 88cc 0207 0400")), 'C');
  EXPECT_EQ(side(tcp(client_ip, server_ip, "c350 0050", "02")), 'C');
  EXPECT_EQ(side(hex("0180 c200 000e 0200 0000 0002 88cc 0207 0400")), 'S');
  EXPECT_EQ(side({}), 'C');
}

/// Every TCP packet of a golden capture goes with its addresses: one client, one server.
TEST_F(SideSplitting, GoldenConnectionsFallIntoTwo) {
  for (const std::string name : {"http.pcap", "http_ipv6.pcap", "qinq.pcap", "linux_sll.pcap"}) {
    SideSplit here(Side::client);
    const auto source = open_captures({std::string(TAPDECK_GOLDEN_DIR) + "/" + name}, {});
    PacketBatch batch;
    while (source->next(batch)) {
      for (const Packet& each : batch.packets) (void)here.side_of(each);
    }
    const SideCounts counts = here.counts();
    EXPECT_GT(counts.sent_by(Side::client, SideToldBy::connection), 0U) << name;
    EXPECT_GT(counts.sent_by(Side::server, SideToldBy::connection), 0U) << name;
    EXPECT_EQ(counts.sent_by(Side::server, SideToldBy::nothing), 0U) << name;
  }
}

TEST(SideOptions, SayWhoSendsWhat) {
  CommandOptions options("replay", "", "");
  add_side_options(options);
  ASSERT_TRUE(options.parse({"--unknown-side", "server"}));
  EXPECT_EQ(unknown_side(options), Side::server);
  SideCounts counts;
  counts.packets = {{{1'000, 2, 1}, {7, 0, 0}}};
  EXPECT_EQ(side_sentences(counts),
            (std::vector<std::string>{
                "1,000 packets went from the client side by their connection, 2 by address",
                "1 packet of nobody known went from the client side",
                "7 packets went from the server side by their connection, 0 by address"}));
}

}  // namespace
}  // namespace tapdeck
