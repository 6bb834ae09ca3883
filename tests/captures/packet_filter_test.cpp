// BPF filters on packets of several link types, and the caret under a mistake.
#include "captures/packet_filter.h"

#include <array>

#include <gtest/gtest.h>

#include "captures/failure.h"
#include "tests/captures/read_back.h"

namespace tapdeck::test {
namespace {

/// An IPv4 header with a UDP one: 10.0.0.1:4000 to 10.0.0.2:53.
Octets udp_datagram() {
  OctetWriter writer(std::endian::big);
  writer.add(std::uint32_t{0x4500'001c}).add(std::uint32_t{0}).add(std::uint32_t{0x4011'0000});
  writer.add(std::uint32_t{0x0a00'0001}).add(std::uint32_t{0x0a00'0002});
  writer.add(std::uint16_t{4000}).add(std::uint16_t{53}).add(std::uint32_t{0x0008'0000});
  return writer.octets();
}

Octets ethernet_frame() {
  return OctetWriter(std::endian::big).add(Octets(12)).add(std::uint16_t{0x0800}).octets() +
         udp_datagram();
}

Packet packet_of(const Octets& octets, LinkType link_type) {
  return {.wire_length = static_cast<std::uint32_t>(octets.size()),
          .link_type = link_type,
          .bytes = octets};
}

std::string complaint(const std::string& expression) {
  try {
    const PacketFilter filter(expression);
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.exit_code(), ExitCode::usage);
    return failure.what();
  }
  return "";
}

TEST(PacketFilter, FiltersEachLinkTypeByItsOwnProgram) {
  const Octets frame = ethernet_frame();
  const Octets datagram = udp_datagram();
  PacketFilter filter("udp port 53 and src host 10.0.0.1");
  EXPECT_TRUE(filter.passes(packet_of(frame, LinkType::ethernet)));
  EXPECT_TRUE(filter.passes(packet_of(datagram, LinkType::raw)));
  EXPECT_TRUE(filter.passes(packet_of(datagram, LinkType::ipv4)));
  EXPECT_FALSE(filter.passes(packet_of(datagram, LinkType::ethernet)));
  PacketFilter other("tcp or dst port 80");
  EXPECT_FALSE(other.passes(packet_of(frame, LinkType::ethernet)));
  EXPECT_EQ(filter.inapplicable(), 0U);
}

TEST(PacketFilter, PassesNothingWhereItMeansNothing) {
  const Octets datagram = udp_datagram();
  PacketFilter filter("ether host 00:00:00:00:00:00 and udp");
  EXPECT_TRUE(filter.passes(packet_of(ethernet_frame(), LinkType::ethernet)));
  std::vector<Packet> packets{packet_of(datagram, LinkType::raw),
                              packet_of(datagram, LinkType::raw)};
  filter.keep_passing(packets);
  EXPECT_TRUE(packets.empty());
  EXPECT_EQ(filter.inapplicable(), 2U);
}

TEST(PacketFilter, PassesEverythingWhenEmpty) {
  const Octets frame = ethernet_frame();
  for (const char* expression : {"", "  "}) {
    PacketFilter filter(expression);
    std::vector<Packet> packets{packet_of(frame, LinkType::ethernet),
                                packet_of(frame, static_cast<LinkType>(65000))};
    filter.keep_passing(packets);
    EXPECT_EQ(packets.size(), 2U);
  }
}

TEST(PacketFilter, HandlesPacketsWithoutBytes) {
  PacketFilter filter("udp");
  EXPECT_FALSE(filter.passes(packet_of({}, LinkType::ethernet)));
}

TEST(PacketFilter, AcceptsWhatTcpdumpAccepts) {
  for (const char* expression : {"tcp",
                                 "not arp",
                                 "host 192.0.2.1 or 192.0.2.7",
                                 "net 10.0.0.0/8",
                                 "net 192.168",
                                 "port http or https",
                                 "tcp[tcpflags] & (tcp-syn|tcp-fin) != 0",
                                 "ip6 host 2001:db8::1",
                                 "ether host 00:11:22:33:44:55",
                                 "ether proto \\ip",
                                 "ip proto \\udp and len > 100",
                                 "vlan 5 and tcp",
                                 "mpls",
                                 "icmp[icmptype] == icmp-echo",
                                 "portrange 6000-6010",
                                 "icmp6[icmp6type] == icmp6-routersolicit",
                                 "less 64",
                                 "ether[0] & 1 = 0",
                                 "ip broadcast",
                                 "ip[2:2] - ((ip[0]&0xf)<<2) > 0",
                                 "type mgt subtype beacon",
                                 "wlan addr2 1:2:3:4:5:6",
                                 "gateway 10.0.0.1 or tcp",
                                 "src or dst port 80",
                                 "!(tcp && udp port 53) || icmp"}) {
    const std::string found = complaint(expression);
    EXPECT_TRUE(found.empty() || std::string_view(expression).starts_with("gateway"))
        << expression << ": " << found;
  }
}

struct Mistake {
  const char* expression;
  const char* carets;
  const char* says;
};

TEST(PacketFilter, PutsACaretUnderTheMistake) {
  constexpr auto mistakes = std::to_array<Mistake>({
      {"tcp prot 80", "    ^^^^", "'prot' is no keyword and no address"},
      {"tcp and and udp", "        ^^^", "'and' doesn't fit here"},
      {"port htpp", "     ^^^^", "unknown port 'htpp'"},
      {"tcp port 80 )", "            ^", "')' doesn't fit here"},
      {"tcp and (port 80 or", "                   ^", "ends too early"},
      {"tcp[0", "     ^", "ends too early"},
      {"host 300.1.1.1", "     ^^^^^^^^^", "invalid IPv4 address"},
      {"net 10.0.0.0/33", "             ^^", "mask length must be <= 32"},
      {"port 70000", "     ^^^^^", "illegal port number 70000 > 65535"},
      {"ip proto foo and tcp", "         ^^^", "unknown ip proto 'foo'"},
      {"tcp # 5", "    ^", "'#' doesn't fit here"},
      {"dst port 80 foo", "            ^^^", "'foo' doesn't fit here"},
      {"type mgt subtype becon", "                 ^^^^^", "becon"},
      {"(tcp or udp) and portrange 1-x", "                           ^^^", "1-x"},
      {"()", " ^", "')' doesn't fit here"},
      {"not", "   ^", "ends too early"},
      {"ip and ip6", "^^^^^^^^^^", "no packet can pass this"},
  });
  for (const Mistake& mistake : mistakes) {
    const std::string found = complaint(mistake.expression);
    EXPECT_TRUE(found.ends_with(std::string("\n  ") + mistake.expression + "\n  " + mistake.carets))
        << found;
    EXPECT_NE(found.find(mistake.says), std::string::npos) << found;
  }
}

TEST(PacketFilter, LooksUpNoHostNames) {
  for (const char* expression :
       {"host example.org", "src www.example.org", "tcp and dst host a-b", "host 1.2.3.4.5",
        "host 10.0.0.1 or localhost", "net loopback", "ether host router", "host dead:beef",
        "gateway router", "tcp and example", "port 80 or host b\xc3\xbc"}) {
    EXPECT_NE(complaint(expression).find("names of hosts are not looked up"), std::string::npos)
        << expression;
  }
}

TEST(PacketFilter, CountsColumnsNotOctets) {
  EXPECT_TRUE(complaint("host b\xc3\xbc and tcp").ends_with("\n       ^^"));
}

}  // namespace
}  // namespace tapdeck::test
