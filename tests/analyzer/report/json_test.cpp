#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "analyzer/report/json_objects.h"
#include "analyzer/report/json_text.h"
#include "tests/support/sample_report.h"

namespace tapdeck {
namespace {

using namespace test;

constexpr std::string_view empty_hygiene_and_totals =
    R"("hygiene":{"duplicate_frames":0,"timestamps_backwards":0,"truncated_packets":0,"bad_checksums":0,)"
    R"("offloaded_checksums":0,"dropped_by_capture":null,"captured_over_snap_length":0,)"
    R"("captured_over_wire_length":0,"zero_length_packets":0,"subsecond_overflows":0,)"
    R"("unknown_blocks":0,"packets_without_time":0,"incomplete_datagrams":0,)"
    R"("fragment_overlaps":0,"fragment_conflicts":0,"connections_shed":0,"details_dropped":0},)"
    R"("totals":{"packets":0,"bytes":0,"filtered":false,"first_ns":null,)"
    R"("last_ns":null,"tcp_connections":0,"udp_flows":0,"other_flows":0,"tcp_packets":0,)"
    R"("udp_packets":0,"icmp":0,"arp":0,"other":0,"malformed":0,"ip_fragments":0,)"
    R"("undissected":[],"anomalies":{"error":0,"warning":0,"note":0,"info":0}})";

constexpr std::string_view no_verdicts =
    R"("retransmitted_bytes":0,"retransmissions":0,"retransmission_triggers":{"timeout":0,)"
    R"("fast":0,"sack_recovery":0,"tail_loss_probe":0,"go_back_n":0,"unknown_trigger":0},)"
    R"("spurious_retransmissions":0,"out_of_order":0,"duplicates":0,"keep_alives":0,)"
    R"("window_probes":0,"lost_upstream_bytes":0,"lost_downstream_bytes":0,)"
    R"("not_captured_bytes":0,"duplicate_acks":0,"zero_windows":0,"missing":[],)"
    R"("missing_ranges":0,"rtt_ns":null,"in_flight":{"greatest_bytes":0,)"
    R"("greatest_window_bytes":0,"time_ns":0,"receiver_limited_ns":0,)"
    R"("receiver_limited_percent":0,"recovering_ns":0,"recovering_percent":0}},)";

TEST(JsonReport, NamesTheAddressesOfAnAnomaly) {
  IpAddress host{.octets = {0x20, 0x01, 0x0d, 0xb8}, .version = 6};
  host.octets[15] = 1;
  Anomaly anomaly;
  anomaly.evidence.set(EvidenceName::address, host);
  anomaly.evidence.set(EvidenceName::peer_address, IpAddress{.octets = {192, 0, 2, 7}});
  anomaly.evidence.set(EvidenceName::hardware_address, MacAddress{{0xfe, 0, 0, 0x20, 0xff, 0x01}});
  StringSink sink;
  JsonOutput json(sink, JsonLayout::one_line);
  write_json_anomaly(json, anomaly);
  json.end_document();
  EXPECT_NE(sink.text().find(R"("evidence":{"address":"2001:db8::1","peer_address":"192.0.2.7",)"
                             R"("hardware_address":"fe:00:00:20:ff:01"})"),
            std::string::npos)
      << sink.text();
}

TEST(JsonLinesReport, HasALineAConnection) {
  EXPECT_EQ(
      rendered("jsonl", {}, {web_connection(), dns_flow()}),
      std::string(
          R"({"id":1,"community_id":"1:LQU9qZlK+B5F3KDmev6m5PMibrg=","protocol":"tcp",)"
          R"("client":{"address":"10.0.0.1","port":49152,"service":null,"port_class":"dynamic"},)"
          R"("server":{"address":"10.0.0.2","port":80,"service":"http",)"
          R"("port_class":"well_known"},"client_known_by":"syn","vlans":[],"tunnels":[],)"
          R"("start_ns":1709208000000000000,"end_ns":1709208001024000000,"history":"ShADadFf",)"
          R"("conn_state":"SF","handshake":{"complete":true,"syn_frame":1,"synack_frame":2,)"
          R"("ack_frame":3,"rtt_ns":20135000,"client_rtt_ns":135000,"server_rtt_ns":20000000,)"
          R"("client_isn":4000000000,"server_isn":7,"client_options":)"
          R"({"maximum_segment_size":1460,"window_scale":7,"sack_permitted":true,)"
          R"("timestamps":true,"fast_open":false,"multipath":false},"server_options":)"
          R"({"maximum_segment_size":1460,"window_scale":null,"sack_permitted":false,)"
          R"("timestamps":false,"fast_open":false,"multipath":false},"agreed_options":)"
          R"({"window_scale":false,"sack":false,"timestamps":false}},"client_to_server":)"
          R"({"packets":6,"bytes":512,"payload_bytes":100,"unique_bytes":100,)"
          R"("repeated_bytes":0,)" +
          std::string(no_verdicts) +
          R"("server_to_client":{"packets":5,"bytes":3120,)"
          R"("payload_bytes":2800,"unique_bytes":2700,"repeated_bytes":100,)" +
          std::string(no_verdicts) +
          R"("states":)"
          R"({"client":"TIME_WAIT","server":"CLOSED","changes":[{"frame":1,"confirmed_frame":1,)"
          R"("time_ns":1709208000000000000,"side":"client","from":"CLOSED","to":"SYN_SENT",)"
          R"("reason":"sent_syn"}]},"teardown":{"kind":"fin","by":"client","frame":8,)"
          R"("half_closed":false,"time_wait":"client"},"icmp_errors":[],"icmp_error_count":0,)"
          R"("anomalies":[]})"
          "\n"
          R"({"id":12,"community_id":null,"protocol":"udp",)"
          R"("client":{"address":"2001:db8:1234:5678:9abc:def0:1234:5678","port":65535,)"
          R"("service":null,"port_class":"dynamic"},)"
          R"("server":{"address":"2001:db8:ffff:ffff:ffff:ffff:ffff:fff1","port":53,)"
          R"("service":"domain","port_class":"well_known"},"client_known_by":"port",)"
          R"("vlans":[10,20],"tunnels":[{"type":"vxlan","id":42},{"type":"gre","id":null}],)"
          R"("start_ns":-1,"end_ns":-1,"history":"D","conn_state":"S0",)"
          R"("client_to_server":{"packets":1,"bytes":90,"payload_bytes":28},)"
          R"("server_to_client":{"packets":0,"bytes":0,"payload_bytes":0},"icmp_errors":)"
          R"([{"frame":13,"time_ns":0,"from":"2001:db8::1","type":1,"code":4,)"
          R"("meaning":"destination unreachable: port unreachable","mtu":null}],"icmp_error_count":1,)"
          R"("anomalies":[]})"
          "\n"
          R"({"schema_version":1,"captures":[],)") +
          std::string(empty_hygiene_and_totals) + "}\n");
}

std::string without_spaces(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c != ' ' && c != '\n') result += c;
  }
  return result;
}

TEST(JsonReport, OfNothingHasAllItsKeys) {
  const std::string text = rendered("json", {}, {});
  EXPECT_EQ(without_spaces(text), R"({"schema_version":1,"captures":[],)" +
                                      std::string(empty_hygiene_and_totals) +
                                      R"(,"connections":[],"anomalies":[]})");
  EXPECT_TRUE(text.starts_with("{\n \"schema_version\": 1,\n"));
  EXPECT_TRUE(text.ends_with("}\n"));
}

TEST(JsonReport, HasTheConnectionsOfJsonLines) {
  const std::string lines = rendered("jsonl", {}, {web_connection()});
  const std::string line = lines.substr(0, lines.find('\n'));
  const std::string document = rendered("json", {}, {web_connection()});
  EXPECT_NE(without_spaces(document).find("\"connections\":[" + line + "]"), std::string::npos);
}

TEST(JsonReport, SaysWhatTheCaptureSays) {
  const std::string text = without_spaces(rendered("json", web_summary(), {}));
  EXPECT_NE(text.find(R"("captures":[{"file":"web.pcap","format":"pcap","compression":"none",)"
                      R"("link_types":["EN10MB"],"packets":15,"bytes":3918,"first_ns":-1,)"
                      R"("last_ns":1709208001024000000,"complete":true,"faults":[],)"
                      R"("interfaces":[{"link_type":"EN10MB","snap_length":262144,)"
                      R"("time_digits":6,"packets":15}]}],)"),
            std::string::npos);
}

TEST(JsonReport, LeavesNothingForTerminalsToObey) {
  for (const std::string_view format : {"json", "jsonl"}) {
    for (const char c : rendered(format, extreme_summary(), {extreme_connection()})) {
      EXPECT_TRUE(c == '\n' || (c >= 0x20 && c <= 0x7e));
    }
  }
}

TEST(JsonReport, GivesTextsBackAsTheyWere) {
  Summary summary = web_summary();
  summary.captures[0].comments = {"漢 \x1b[2J \" \\ \xc2\x9b", "\xff\xed\xa0\x80 end"};
  rapidjson::Document document;
  document.Parse(rendered("json", summary, {}).c_str());
  ASSERT_FALSE(document.HasParseError());
  const auto& comments = document["captures"][0]["comments"];
  EXPECT_STREQ(comments[0].GetString(), "漢 \x1b[2J \" \\ \xc2\x9b");
  EXPECT_STREQ(comments[1].GetString(), "\ufffd\ufffd\ufffd\ufffd end");
}

TEST(JsonReport, IsWrittenInBlocks) {
  class CountingSink final : public ByteSink {
   public:
    void write(std::string_view) override { ++calls; }
    int calls = 0;
  };
  CountingSink sink;
  const auto writer = find_report_format("json")->make(sink, {});
  writer->begin({});
  for (int i = 0; i < 1'000; ++i) writer->connection(web_connection());
  EXPECT_GT(sink.calls, 10);
  writer->end({});
  EXPECT_LT(sink.calls, 100);
}

TEST(JsonString, IsQuotedAndAscii) {
  EXPECT_EQ(json_string("a\"b\\\n"), R"("a\"b\\\n")");
  EXPECT_EQ(json_string("é🦈\xff"), R"("\u00E9\uD83E\uDD88\uFFFD")");
  EXPECT_EQ(json_string(""), "\"\"");
}

TEST(ReportFormats, AreFoundByName) {
  for (const ReportFormat& format : report_formats()) {
    EXPECT_EQ(find_report_format(format.name), &format);
    EXPECT_FALSE(format.help.empty());
  }
  EXPECT_EQ(find_report_format("jsonx"), nullptr);
}

}  // namespace
}  // namespace tapdeck
