#include <gtest/gtest.h>

#include "analyzer/report/csv_cell.h"
#include "tests/support/sample_report.h"

namespace tapdeck {
namespace {

using namespace test;

constexpr std::string_view header =
    "id,community_id,protocol,client_address,client_port,client_service,client_port_class,"
    "server_address,server_port,server_service,server_port_class,client_known_by,vlans,tunnels,"
    "start_ns,end_ns,history,conn_state,handshake_complete,syn_frame,synack_frame,ack_frame,rtt_ns,"
    "client_rtt_ns,server_rtt_ns,client_packets,client_bytes,client_payload_bytes,"
    "client_unique_bytes,client_repeated_bytes,server_packets,server_bytes,server_payload_bytes,"
    "server_unique_bytes,server_repeated_bytes,client_state,server_state,teardown_kind,teardown_by,"
    "teardown_frame,half_closed,time_wait,icmp_error_count,client_retransmissions,"
    "client_retransmitted_bytes,client_spurious_retransmissions,client_out_of_order,"
    "client_duplicates,client_lost_upstream_bytes,client_lost_downstream_bytes,"
    "client_not_captured_bytes,client_duplicate_acks,client_zero_windows,"
    "server_retransmissions,server_retransmitted_bytes,server_spurious_retransmissions,"
    "server_out_of_order,server_duplicates,server_lost_upstream_bytes,"
    "server_lost_downstream_bytes,server_not_captured_bytes,server_duplicate_acks,"
    "server_zero_windows,client_rtt_min_ns,client_rtt_p50_ns,client_rtt_p95_ns,"
    "client_rtt_max_ns,server_rtt_min_ns,server_rtt_p50_ns,server_rtt_p95_ns,"
    "server_rtt_max_ns,anomalies\r\n";

/// Of a connection of TCP without verdicts, and of what has none.
constexpr std::string_view no_verdicts = ",0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,,,,,,,,,";
constexpr std::string_view none = ",,,,,,,,,,,,,,,,,,,,,,,,,,,,,";

TEST(CsvReport, HasARowAConnection) {
  EXPECT_EQ(rendered("csv", web_summary(), {web_connection(), dns_flow(), ping_flow()}),
            std::string(header) +
                "1,1:LQU9qZlK+B5F3KDmev6m5PMibrg=,tcp,10.0.0.1,49152,,dynamic,10.0.0.2,80,http,"
                "well_known,syn,,,1709208000000000000,1709208001024000000,ShADadFf,SF,true,1,2,3,"
                "20135000,135000,20000000,6,512,100,100,0,5,3120,2800,2700,100,TIME_WAIT,CLOSED,"
                "fin,client,8,false,client,0" +
                std::string(no_verdicts) +
                "\r\n"
                "12,,udp,2001:db8:1234:5678:9abc:def0:1234:5678,65535,,dynamic,"
                "2001:db8:ffff:ffff:ffff:ffff:ffff:fff1,53,domain,well_known,port,10 20,"
                "vxlan:42 gre,-1,-1,D,S0,,,,,,,,1,90,28,,,0,0,0,,,,,,,,,,1" +
                std::string(none) +
                "\r\n"
                "14,,icmp,10.0.0.1,,,,10.0.0.2,,,,first_sender,,,1709208000000000000,"
                "1709208000000301250,Dd,OTH,,,,,,,,1,98,64,,,1,98,64,,,,,,,,,,0" +
                std::string(none) + "\r\n");
}

TEST(CsvReport, OfNothingIsItsHeader) { EXPECT_EQ(rendered("csv", {}, {}), header); }

TEST(CsvCell, QuotesWhatNeedsIt) {
  EXPECT_EQ(csv_cell("plain text"), "plain text");
  EXPECT_EQ(csv_cell("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_cell("say \"a\""), "\"say \"\"a\"\"\"");
}

TEST(CsvCell, IsNeverAFormula) {
  EXPECT_EQ(csv_cell("=1+1"), "'=1+1");
  EXPECT_EQ(csv_cell("+1"), "'+1");
  EXPECT_EQ(csv_cell("-1"), "'-1");
  EXPECT_EQ(csv_cell("@SUM(A1,A2)"), "\"'@SUM(A1,A2)\"");
  EXPECT_EQ(csv_cell("\t=1"), "'\\x09=1");
  EXPECT_EQ(csv_cell("\r=1"), "'\\x0d=1");
}

TEST(CsvCell, CantReachATerminalOrBreakARow) {
  EXPECT_EQ(csv_cell("a\x1b[2J\r\nb\xff"), "a\\x1b[2J\\x0d\\x0ab\\xff");
}

}  // namespace
}  // namespace tapdeck
