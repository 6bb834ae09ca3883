#include <string>

#include <gtest/gtest.h>

#include "tests/analyzer/report/packet_samples.h"

namespace tapdeck {
namespace {

using test::dissect;
using test::hex;
using test::printed;
using test::view_of;

TEST(PacketText, ShowsASynWithItsOptions) {
  const auto packet = dissect(hex(test::tcp_syn));
  EXPECT_EQ(printed("text", view_of(packet)),
            "    1 0.000000 192.0.2.10:49058 > 192.0.2.20:80 TCP [SYN] seq 4120193355 win 64240 "
            "mss 1460 ws 10 sackOK ts 662367927/0\n");
}

TEST(PacketText, DrawsAnArrowWhereTheReaderHasUtf8) {
  const auto packet = dissect(hex(test::tcp_syn));
  PacketPrint print;
  print.style.unicode = true;
  EXPECT_NE(printed("text", view_of(packet), print).find("49058 → 192.0.2.20"), std::string::npos);
}

TEST(PacketText, TellsWhoAsksInArp) {
  const auto packet = dissect(hex(test::arp_request));
  EXPECT_EQ(printed("text", view_of(packet)),
            "    1 0.000000 ARP who has 192.0.2.20? tell 192.0.2.10\n");
}

TEST(PacketText, SaysWhatAnIcmpErrorIsAbout) {
  const auto packet = dissect(hex(test::icmp_error));
  EXPECT_EQ(printed("text", view_of(packet)),
            "    1 0.000000 192.0.2.20 > 192.0.2.10 ICMP port unreachable for 192.0.2.10:48023 > "
            "192.0.2.20:53 UDP\n");
}

TEST(PacketText, PutsTagsBeforeTheProtocol) {
  const auto packet = dissect(hex(test::tagged_ping));
  EXPECT_EQ(printed("text", view_of(packet)),
            "    1 0.000000 192.0.2.10 > 192.0.2.20 vlan 10: ICMP echo request id 0x405f seq 1 "
            "len 2\n");
}

TEST(PacketText, NamesALinkTypeThatNobodyDissects) {
  const auto packet = dissect(hex("0011 2233"), LinkType{189});
  EXPECT_EQ(printed("text", view_of(packet)), "    1 0.000000 link type USB_LINUX len 4\n");
}

TEST(PacketText, NamesAnEtherTypeThatNobodyDissects) {
  const auto packet = dissect(hex("0180c200000e 020000000001 88cc 0102"));
  EXPECT_EQ(printed("text", view_of(packet)),
            "    1 0.000000 02:00:00:00:00:01 > 01:80:c2:00:00:0e Ethernet ethertype 0x88cc (LLDP) "
            "len 2\n");
}

TEST(PacketText, SaysWhereACutHeaderEnds) {
  const auto whole = hex(test::tcp_syn);
  const auto packet = dissect({whole.begin(), whole.begin() + 44}, LinkType::ethernet,
                              {.wire_length = static_cast<std::uint32_t>(whole.size())});
  EXPECT_NE(printed("text", view_of(packet))
                .find("! tcp cut short by the capture: 10 of 20 octets, at offset 34\n"),
            std::string::npos);
}

TEST(PacketText, CutsALineAtTheScreensEdge) {
  const auto packet = dissect(hex(test::tcp_syn));
  PacketPrint print;
  print.cut_lines = true;
  print.style.width = 60;
  EXPECT_EQ(printed("text", view_of(packet), print),
            "    1 0.000000 192.0.2.10:49058 > 192.0.2.20:80 TCP [SYN] s>\n");
}

TEST(PacketText, ColoursOnlyIfAsked) {
  const auto packet = dissect(hex(test::tcp_syn));
  PacketPrint print;
  EXPECT_EQ(printed("text", view_of(packet), print).find('\x1b'), std::string::npos);
  print.style.colour = true;
  EXPECT_NE(printed("text", view_of(packet), print).find("\x1b[1m TCP\x1b[0m"), std::string::npos);
}

TEST(PacketText, ShowsMicrosecondsOfNanoseconds) {
  auto packet = dissect(hex(test::arp_request));
  packet.packet.time_ns = 1'500'000'999;
  packet.packet.time_digits = 9;
  const PacketView view{.packet = packet.packet,
                        .dissection = packet.dissection,
                        .first_ns = 0,
                        .previous_ns = 0,
                        .interface_name = {}};
  EXPECT_EQ(printed("text", view).substr(6, 9), "1.500000 ");
}

TEST(PacketText, AlignsWhatFollows) {
  const auto longer = dissect(hex(test::tcp_syn));
  const auto shorter = dissect(hex(test::icmp_error));
  const std::string text = printed("text", {view_of(longer), view_of(shorter)});
  EXPECT_EQ(text.find(" TCP "), text.find(" ICMP ") - text.find('\n') - 1);
}

TEST(PacketText, DumpsHexBesideAscii) {
  const auto packet = dissect(hex("0180c200000e 020000000001 88cc 4142 0a"));
  PacketPrint print;
  print.hex = true;
  EXPECT_NE(printed("text", view_of(packet), print)
                .find("\n  0000  01 80 c2 00 00 0e 02 00  00 00 00 01 88 cc 41 42  "
                      "..............AB\n"
                      "  0010  0a                                                .\n\n"),
            std::string::npos);
}

TEST(PacketText, ShowsPayloadAsTextWithoutWhatATerminalObeys) {
  const auto packet = dissect(hex("0180c200000e 020000000001 88cc 4142 0d0a 1b5b 41 09 c3"));
  PacketPrint print;
  print.ascii = true;
  EXPECT_NE(printed("text", view_of(packet), print).find("\n  AB\n  .[A\t.\n\n"),
            std::string::npos);
}

}  // namespace
}  // namespace tapdeck
