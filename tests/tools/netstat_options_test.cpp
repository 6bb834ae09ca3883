// What users of any netstat type.
#include "tools/tapdeck/netstat_options.h"

#include <gtest/gtest.h>

namespace tapdeck {
namespace {

NetstatView view_of(const Arguments& arguments) {
  CommandOptions options("netstat", "FILE...", "");
  declare_netstat(options);
  EXPECT_TRUE(options.parse(with_p_resolved(arguments)));
  return chosen_view(options);
}

TEST(NetstatOptions, PWithoutAProtocolShowsPrograms) {
  for (const Arguments& arguments : {Arguments{"-tanp"},
                                     {"-tpan"},
                                     {"-ptan"},
                                     {"-t", "-a", "-n", "-p"},
                                     {"-antp", "a.pcap"},
                                     {"-tanp", "-i", "eth0"},
                                     {"-tanp", "-ieth0"}}) {
    const NetstatView view = view_of(arguments);
    EXPECT_EQ(view.owner, OwnerColumn::id_and_program) << arguments[0];
    EXPECT_TRUE(view.tcp && !view.udp && view.waiting && view.connected) << arguments[0];
  }
}

TEST(NetstatOptions, PWithAProtocolChoosesIt) {
  for (const Arguments& arguments :
       {Arguments{"-anp", "udp"}, {"-a", "-p", "UDP"}, {"-apudp"}, {"-a", "--protocol", "udp"}}) {
    const NetstatView view = view_of(arguments);
    EXPECT_EQ(view.owner, OwnerColumn::none) << arguments[0];
    EXPECT_TRUE(view.udp && !view.tcp && view.waiting) << arguments[0];
  }
  EXPECT_FALSE(view_of({"-p", "tcpv6"}).version_4);
  EXPECT_FALSE(view_of({"-p", "ipv6", "-s"}).version_4);
  EXPECT_THROW((void)view_of({"--protocol", "ipx"}), Failure);
}

TEST(NetstatOptions, PWithAWordThatMeansNothingIsRefused) {
  for (const Arguments& arguments :
       {Arguments{"a.pcap", "-p", "nonsense"}, {"-tanp", "nonsense", "-n"}}) {
    EXPECT_THROW((void)with_p_resolved(arguments), Failure) << arguments[0];
  }
  for (const Arguments& arguments : {Arguments{"a.pcap", "-p", "arp"},
                                     {"a.pcap", "-p", "host", "192.0.2.1"},
                                     {"-p", "a.pcap", "tcp"},
                                     {"-p", "-t"}}) {
    EXPECT_NO_THROW((void)with_p_resolved(arguments)) << arguments[1];
  }
}

TEST(NetstatOptions, IWithoutAnInterfaceIsRefused) {
  for (const Arguments& arguments : {Arguments{"-i"}, {"a.pcap", "-ni"}, {"-i", "-t"}}) {
    EXPECT_THROW((void)with_p_resolved(arguments), Failure) << arguments[0];
  }
  EXPECT_NO_THROW((void)with_p_resolved({"-ni", "eth0", "--watch", "1"}));
  EXPECT_NO_THROW((void)with_p_resolved({"-ieni", "--", "-i"}));
}

TEST(NetstatOptions, WindowsLettersWork) {
  EXPECT_EQ(view_of({"-ano"}).owner, OwnerColumn::id);
  EXPECT_EQ(view_of({"-anb"}).owner, OwnerColumn::program);
  EXPECT_EQ(view_of({"-anob"}).owner, OwnerColumn::id_and_program);
  EXPECT_TRUE(view_of({"-f"}).names);
}

TEST(NetstatOptions, OtherTablesTakeThePlaceOfSockets) {
  EXPECT_TRUE(view_of({}).sockets);
  const NetstatView view = view_of({"-es"});
  EXPECT_TRUE(view.statistics && view.interfaces && !view.sockets && !view.routes);
  EXPECT_TRUE(view_of({"-rn"}).routes);
}

TEST(NetstatOptions, ListeningAloneLeavesConnectionsOut) {
  EXPECT_FALSE(view_of({"-tulpn"}).connected);
  EXPECT_TRUE(view_of({"-tulpn"}).waiting);
  EXPECT_TRUE(view_of({"-la"}).connected);
  EXPECT_FALSE(view_of({"-tn"}).waiting);
  EXPECT_FALSE(view_of({"-6"}).version_4);
}

TEST(NetstatOptions, WhatStandsBehindDashesStays) {
  EXPECT_EQ(with_p_resolved({"-n", "--", "-p", "tcp"}), (Arguments{"-n", "--", "-p", "tcp"}));
  EXPECT_EQ(with_p_resolved({"--pid", "-iup"}), (Arguments{"--pid", "-iup"}));
}

TEST(Networks, AreReadAndRefused) {
  const std::vector<Network> networks = parse_networks("192.0.2.77/24,2001:db8::1");
  ASSERT_EQ(networks.size(), 2U);
  EXPECT_EQ(to_string(networks[0]), "192.0.2.0/24");
  EXPECT_EQ(to_string(networks[1]), "2001:db8::1");
  EXPECT_TRUE(networks[0].contains({{192, 0, 2, 200}, 4}));
  EXPECT_FALSE(networks[0].contains({{192, 0, 3, 1}, 4}));
  EXPECT_FALSE(networks[0].contains(networks[1].address));
  for (const char* text :
       {"", "192.0.2.1/33", "192.0.2.1/", "192.0.2.1:80", "host", "192.0.2.1,"}) {
    EXPECT_THROW((void)parse_networks(text), Failure) << text;
  }
}

}  // namespace
}  // namespace tapdeck
