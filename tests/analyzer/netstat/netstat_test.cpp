// The whole way from golden captures to tables: whose they are, names, counts and interfaces.
#include "analyzer/netstat/netstat.h"

#include <gtest/gtest.h>

#include "captures/packet_source.h"

namespace tapdeck {
namespace {

struct Read {
  Netstat netstat;
  std::vector<CaptureInfo> captures;

  ConnectionTable table(const std::vector<Network>& local) {
    return netstat.table(local, netstat.latest_ns(), captures);
  }
};

std::unique_ptr<Read> read(const std::string& name) {
  auto result = std::make_unique<Read>();
  const auto source = open_captures({std::string(TAPDECK_GOLDEN_DIR) + "/" + name}, {});
  PacketBatch batch;
  while (source->next(batch)) {
    for (const Packet& packet : batch.packets) result->netstat.add(packet);
    result->netstat.release_batch();
  }
  result->netstat.conclude();
  result->captures = source->captures();
  return result;
}

const Network client = network_of({{192, 0, 2, 10}, 4});
const Network server = network_of({{192, 0, 2, 20}, 4});

TEST(Netstat, NobodyIsThereBeforeTheFirstPacket) {
  Netstat netstat;
  EXPECT_TRUE(netstat.guess().hosts.empty());
  const ConnectionTable table = netstat.table({}, 0, {});
  EXPECT_TRUE(table.rows.empty());
  EXPECT_EQ(table.frame, 0U);
}

TEST(Netstat, GuessesTheHostThatMostConversationsShare) {
  const auto http = read("http.pcap");
  const LocalGuess guess = http->netstat.guess();
  ASSERT_EQ(guess.hosts.size(), 1U);
  EXPECT_EQ(guess.conversations, 2U);
  EXPECT_EQ(guess.all_conversations, 2U);
}

TEST(Netstat, ACookedCaptureSaysItself) {
  for (const char* name : {"linux_sll.pcap", "linux_sll2.pcap"}) {
    const auto cooked = read(name);
    const LocalGuess guess = cooked->netstat.guess();
    EXPECT_TRUE(guess.by_capture) << name;
    EXPECT_FALSE(guess.hosts.empty()) << name;
  }
}

TEST(Netstat, CountsWhatTheCapturesShow) {
  const auto http = read("http.pcap");
  const HostCounters counters = http->table({server}).counters;
  EXPECT_EQ(counters[HostCounter::tcp_passive_openings], 2U);
  EXPECT_EQ(counters[HostCounter::tcp_active_openings], 0U);
  EXPECT_EQ(counters[HostCounter::tcp_received], 15U);
  EXPECT_EQ(counters[HostCounter::tcp_sent], 14U);
  const auto refused = read("refused_port.pcap");
  EXPECT_EQ(refused->table({client}).counters[HostCounter::tcp_failed_attempts], 2U);
  EXPECT_EQ(refused->table({server}).counters[HostCounter::tcp_resets_sent], 2U);
  const auto unreachable = read("icmp_port_unreachable.pcap");
  const HostCounters of_server = unreachable->table({server}).counters;
  EXPECT_GT(of_server[HostCounter::udp_unknown_port], 0U);
  EXPECT_EQ(of_server[HostCounter::udp_received], 0U);
  EXPECT_EQ(of_server[HostCounter::icmp_unreachable_sent],
            of_server[HostCounter::udp_unknown_port]);
}

TEST(Netstat, InterfacesCountWhatCameAndWhatWasSent) {
  const auto http = read("http.pcap");
  const std::vector<InterfaceRow> of_server = http->table({server}).interfaces;
  const std::vector<InterfaceRow> of_client = http->table({client}).interfaces;
  ASSERT_EQ(of_server.size(), 1U);
  ASSERT_EQ(of_client.size(), 1U);
  EXPECT_EQ(of_server[0].sent.octets, of_client[0].received.octets);
  EXPECT_EQ(of_server[0].received.octets, of_client[0].sent.octets);
  EXPECT_EQ(of_server[0].received.non_unicast, 1U) << "a question by ARP";
  EXPECT_EQ(read("two_interfaces.pcapng")->table({client}).interfaces.size(), 2U);
}

}  // namespace
}  // namespace tapdeck
