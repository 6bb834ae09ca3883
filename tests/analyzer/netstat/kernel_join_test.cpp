// What the wire showed beside what the kernel says, and where the two differ.
#include "analyzer/netstat/kernel_join.h"

#include <gtest/gtest.h>

#include "dissectors/ip_protocol.h"

namespace tapdeck {
namespace {

Socket at(std::uint8_t last, std::uint16_t port) {
  return {.address = {{192, 0, 2, last}, 4}, .port = port};
}

Socket any(std::uint8_t version, std::optional<std::uint16_t> port = {}) {
  Socket socket;
  socket.address.version = version;
  socket.port = port;
  return socket;
}

SocketRow on_wire(std::uint8_t protocol, const Socket& local, const Socket& foreign,
                  std::optional<TcpState> state) {
  SocketRow row{.ip_protocol = protocol, .local = local, .foreign = foreign};
  row.waits = !foreign.port;
  row.wire = WireSocket{.state = state, .connection = 1};
  return row;
}

KernelSocket in_kernel(std::uint8_t protocol, const Socket& local, const Socket& foreign,
                       std::optional<TcpState> state, std::uint8_t version = 4) {
  KernelSocket socket{
      .ip_protocol = protocol, .ip_version = version, .local = local, .foreign = foreign};
  socket.state = state;
  return socket;
}

std::vector<SocketRow> joined(std::vector<SocketRow> rows,
                              const std::vector<KernelSocket>& sockets) {
  ConnectionTable table;
  table.rows = std::move(rows);
  join_kernel(table, sockets);
  EXPECT_TRUE(table.by_kernel);
  return table.rows;
}

constexpr auto tcp = IpProtocol::tcp, udp = IpProtocol::udp;
using enum TcpState;

TEST(KernelJoin, EqualStatesDoNotDiffer) {
  const auto rows = joined({on_wire(tcp, at(1, 80), at(2, 5000), established)},
                           {in_kernel(tcp, at(1, 80), at(2, 5000), established)});
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_TRUE(rows[0].wire && rows[0].kernel);
  EXPECT_FALSE(rows[0].differs);
}

TEST(KernelJoin, OtherStatesAndConnectionsThatTheKernelForgotDiffer) {
  const auto rows = joined({on_wire(tcp, at(1, 80), at(2, 5000), established),
                            on_wire(tcp, at(1, 80), at(2, 5001), established)},
                           {in_kernel(tcp, at(1, 80), at(2, 5000), close_wait)});
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_TRUE(rows[0].differs);
  EXPECT_TRUE(rows[1].differs);
  EXPECT_FALSE(rows[1].kernel);
}

TEST(KernelJoin, WhatTheWireNeverShowedDoesNotDiffer) {
  const auto rows = joined({}, {in_kernel(tcp, at(1, 80), at(2, 5000), established),
                                in_kernel(tcp, any(4, 80), any(4), listen)});
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_TRUE(rows[0].waits) << "those that wait stand first";
  EXPECT_FALSE(rows[0].differs || rows[1].differs);
}

TEST(KernelJoin, AListenerOnAnyAddressIsTheOneThatAnswered) {
  for (const std::uint8_t version : {std::uint8_t{4}, std::uint8_t{6}}) {
    const auto rows = joined({on_wire(tcp, at(1, 80), any(4), listen)},
                             {in_kernel(tcp, any(version, 80), any(version), listen, version)});
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_TRUE(rows[0].wire && rows[0].kernel);
    EXPECT_EQ(rows[0].ip_version, version);
    EXPECT_FALSE(rows[0].differs);
  }
  const auto gone = joined({on_wire(tcp, at(1, 80), any(4), listen)}, {});
  ASSERT_EQ(gone.size(), 1U);
  EXPECT_TRUE(gone[0].differs);
}

TEST(KernelJoin, AFlowBelongsToTheSocketOnItsPort) {
  KernelSocket server = in_kernel(udp, any(4, 53), any(4), {});
  server.processes = {{.id = 7, .program = "dnsmasq"}};
  const auto rows = joined({on_wire(udp, at(1, 53), at(2, 5000), {})}, {server});
  ASSERT_EQ(rows.size(), 2U) << "the socket has a row of its own";
  ASSERT_TRUE(rows[1].kernel);
  EXPECT_EQ(rows[1].kernel->processes, server.processes);
  EXPECT_FALSE(rows[1].differs);
}

}  // namespace
}  // namespace tapdeck
