// Frames of the project's golden captures, for the tests of how packets are shown.
#pragma once

#include <string>

#include "analyzer/report/held_rows.h"
#include "analyzer/report/packet_view.h"
#include "analyzer/report/packet_writer.h"
#include "tests/support/dissect.h"

namespace tapdeck::test {

/// 192.0.2.10:49058 > 192.0.2.20:80, a SYN with all the usual options; checksums are right.
inline constexpr std::string_view tcp_syn =
    "020000000002 020000000001 0800"
    "4500003c1fc14000400696dcc000020ac0000214"
    "bfa20050f595294b00000000a002faf0d3e70000"
    "020405b40402080a277aeeb700000000 0103030a";

inline constexpr std::string_view arp_request =
    "ffffffffffff 020000000001 0806"
    "0001080006040001 020000000001c000020a 000000000000c0000214";

/// Port unreachable, quoting 192.0.2.10:48023 > 192.0.2.20:53 UDP.
inline constexpr std::string_view icmp_error =
    "020000000001 020000000002 0800"
    "45c000381f1900004001d6cdc0000214c000020a"
    "0303816e00000000"
    "45000055392700004011bd52c000020ac0000214 bb9700350041eea1";

/// 192.0.2.10 > 192.0.2.20, an echo request behind the tag of VLAN 10.
inline constexpr std::string_view tagged_ping =
    "020000000004 020000000003 8100000a 0800"
    "4500001e7983400040013d3dc000020ac0000214"
    "08001918405f0001 6162";

inline PacketView view_of(const DissectedPacket& packet) {
  return {.packet = packet.packet,
          .dissection = packet.dissection,
          .first_ns = packet.packet.time_ns,
          .previous_ns = packet.packet.time_ns,
          .interface_name = {}};
}

/// What a format makes of packets, and of their verdicts where given.
inline std::string printed(std::string_view format, const std::vector<PacketView>& views,
                           const PacketPrint& print = {},
                           const std::vector<FrameVerdict>& verdicts = {}) {
  StringSink sink;
  HeldRows rows(sink);
  const auto writer = find_packet_format(format)->make(rows, print);
  writer->begin();
  for (const PacketView& view : views) {
    rows.open_row(view.packet.number);
    writer->packet(view);
    rows.close_row(true);
  }
  for (const FrameVerdict& verdict : verdicts) rows.settle(verdict);
  rows.release();
  writer->end();
  return sink.text();
}

inline std::string printed(std::string_view format, const PacketView& view,
                           const PacketPrint& print = {}) {
  return printed(format, std::vector{view}, print);
}

}  // namespace tapdeck::test
