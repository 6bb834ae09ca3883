// The table of netstat as text and as a document: columns, marks, hostile names, the schema.
#include "analyzer/report/netstat_table.h"

#include <fstream>
#include <iterator>

#include <gtest/gtest.h>
#include <rapidjson/document.h>
#include <rapidjson/schema.h>
#include <rapidjson/stringbuffer.h>

namespace tapdeck {
namespace {

Socket socket_at(std::uint8_t last, std::uint16_t port) {
  return {.address = {{192, 0, 2, last}, 4}, .port = port};
}

SocketRow connection() {
  SocketRow row{
      .ip_protocol = IpProtocol::tcp, .local = socket_at(10, 40000), .foreign = socket_at(20, 443)};
  row.wire = WireSocket{.state = TcpState::fin_wait_1,
                        .foreign_state = TcpState::established,
                        .unacknowledged = 1449,
                        .connection = 7,
                        .first_ns = 1'000'000'000,
                        .last_ns = 2'000'000'000,
                        .round_trip_ns = 20'000'000};
  return row;
}

SocketRow listener() {
  SocketRow row{.ip_protocol = IpProtocol::tcp,
                .local = socket_at(10, 22),
                .foreign = {.address = {}, .port = {}},
                .waits = true};
  row.wire = WireSocket{.state = TcpState::listen};
  return row;
}

KernelSocket kernel_socket() {
  KernelSocket socket{.ip_protocol = IpProtocol::tcp,
                      .local = socket_at(10, 40000),
                      .foreign = socket_at(20, 443),
                      .state = TcpState::established,
                      .receive_queue = 12,
                      .send_queue = 2000};
  socket.inode = 4711;
  socket.timer = SocketTimer::retransmission;
  socket.processes = {{.id = 99, .program = "curl"}, {.id = 100, .program = "a\x1b[2J"}};
  return socket;
}

ConnectionTable table_of(std::vector<SocketRow> rows) {
  ConnectionTable table;
  table.time_ns = 5'000'000'000;
  table.frame = 31;
  table.by_wire = true;
  table.local = {network_of({{192, 0, 2, 10}, 4})};
  table.rows = std::move(rows);
  return table;
}

std::string text_of(const ConnectionTable& table, const NetstatView& view, Style style = {}) {
  StringSink sink;
  write_netstat_text(table, view, style, sink);
  return sink.text();
}

std::string json_of(const ConnectionTable& table, const NetstatView& view) {
  StringSink sink;
  {
    JsonOutput json(sink, JsonLayout::one_line);
    write_netstat_json(table, view, json);
  }
  return sink.text();
}

TEST(NetstatText, HasNetstatsColumns) {
  EXPECT_EQ(text_of(table_of({listener(), connection()}), {}),
            "Active Internet connections (w/o servers) of 192.0.2.10 at\n"
            "  1970-01-01T00:00:05.000000000Z (frame 31)\n"
            "Proto Recv-Q Send-Q Local Address           Foreign Address         State\n"
            "tcp        -   1449 192.0.2.10:40000        192.0.2.20:443          FIN_WAIT1\n");
}

TEST(NetstatText, ShowsOnlyWhatIsWaitedForIfAsked) {
  NetstatView view{.connected = false, .waiting = true};
  const std::string text = text_of(table_of({listener(), connection()}), view);
  EXPECT_NE(text.find("(only servers)"), std::string::npos);
  EXPECT_NE(text.find("192.0.2.10:22           0.0.0.0:*               LISTEN\n"),
            std::string::npos)
      << text;
  EXPECT_EQ(text.find("40000"), std::string::npos);
  view.connected = true;
  EXPECT_NE(text_of(table_of({listener(), connection()}), view).find("servers and established"),
            std::string::npos);
}

TEST(NetstatText, MarksWhereTheWireAndTheKernelDiffer) {
  ConnectionTable table = table_of({connection()});
  table.by_kernel = true;
  table.rows[0].kernel = kernel_socket();
  table.rows[0].differs = true;
  const std::string text = text_of(table, {.owner = OwnerColumn::id_and_program});
  EXPECT_NE(text.find("tcp       12   2000 192.0.2.10:40000        192.0.2.20:443          "
                      "ESTABLISHED *FIN_WAIT1   99/curl 100/a\\x1b[2J\n"),
            std::string::npos)
      << text;
  table.rows[0].differs = false;
  EXPECT_EQ(text_of(table, {}).find('*'), std::string::npos);
}

TEST(NetstatText, ShowsDetailsIfAsked) {
  const std::string text = text_of(table_of({connection()}), {.details = true});
  EXPECT_NE(text.find("FIN_WAIT1   ESTABLISHED   20.00 ms  4.000 s\n"), std::string::npos) << text;
}

TEST(NetstatText, NamesOfHostsAreHarmlessAndFit) {
  ConnectionTable table = table_of({connection()});
  table.rows[0].foreign_name = "evil\x1b]0;owned\x07.example";
  const std::string text = text_of(table, {.names = true});
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find('\x07'), std::string::npos);
  EXPECT_NE(text.find(".example:443"), std::string::npos) << text;
  EXPECT_EQ(text_of(table, {}).find("example"), std::string::npos);
  table.rows[0].foreign_name = std::string(250, 'a') + ".example";
  const std::string cut = text_of(table, {.names = true});
  EXPECT_NE(cut.find(" ..aaa"), std::string::npos) << cut;
  EXPECT_LE(cut.size() - cut.rfind("tcp "), 90U) << cut;
}

TEST(NetstatText, PrintsCountsInNetstatsWords) {
  ConnectionTable table = table_of({});
  table.counters[HostCounter::tcp_active_openings] = 12;
  const NetstatView view{.sockets = false, .statistics = true, .udp = false, .ip = false};
  const std::string text = text_of(table, view);
  EXPECT_NE(text.find("Tcp:\n    12 active connection openings\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("Udp:"), std::string::npos);
}

TEST(NetstatText, PrintsRoutesAndInterfaces) {
  ConnectionTable table = table_of({});
  table.routes = {{.destination = {.address = {{192, 0, 2, 0}, 4}, .prefix = 24}, .frames = 9},
                  {.destination = {.address = {{198, 51, 100, 7}, 4}, .prefix = 32},
                   .gateway = IpAddress{{192, 0, 2, 1}, 4},
                   .through_gateway = true,
                   .next_hop = MacAddress{{2, 0, 0, 0, 0, 1}},
                   .frames = 4,
                   .interface = "eth0\n"}};
  table.interfaces = {{.name = "eth0\x1b",
                       .received = {.octets = 100, .unicast = 2},
                       .sent = {.octets = 60, .unicast = 1},
                       .discarded = 3}};
  const std::string text = text_of(table, {.sockets = false, .interfaces = true, .routes = true});
  EXPECT_NE(text.find("192.0.2.0/24       *               U"), std::string::npos) << text;
  EXPECT_NE(text.find("198.51.100.7       192.0.2.1       UGH   02:00:00:00:00:01        4 "
                      "eth0\\x0a\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("eth0\\x1b\n"), std::string::npos);
  EXPECT_NE(text.find("Bytes                             100               60\n"),
            std::string::npos);
}

std::string complaint(const std::string& text) {
  std::ifstream file(TAPDECK_SOURCE_DIR "/analyzer/report/netstat.schema.json");
  const std::string source{std::istreambuf_iterator<char>(file), {}};
  rapidjson::Document schema_document;
  schema_document.Parse(source.c_str());
  const rapidjson::SchemaDocument schema(schema_document);
  rapidjson::Document document;
  document.Parse<rapidjson::kParseValidateEncodingFlag>(text.c_str());
  if (document.HasParseError()) return "no JSON: " + text;
  rapidjson::SchemaValidator validator(schema);
  if (document.Accept(validator)) return {};
  rapidjson::StringBuffer at;
  validator.GetInvalidDocumentPointer().Stringify(at);
  return std::string(at.GetString()) + ": " + validator.GetInvalidSchemaKeyword();
}

TEST(NetstatJson, FitsItsSchema) {
  NetstatView view{.statistics = true, .interfaces = true, .routes = true, .waiting = true};
  ConnectionTable table = table_of({listener(), connection()});
  table.rows[1].kernel = kernel_socket();
  table.rows[1].foreign_name = "\xff\x1b";
  table.routes = {{.destination = {.address = {{192, 0, 2, 0}, 4}, .prefix = 24}}};
  table.interfaces = {InterfaceRow{}};
  table.interfaces[0].name = "\xfe";
  EXPECT_EQ(complaint(json_of(table, view)), "");
  for (int state = 0; state <= static_cast<int>(TcpState::unknown); ++state) {
    table.rows[1].wire->state = static_cast<TcpState>(state);
    EXPECT_EQ(complaint(json_of(table, view)), "");
  }
  EXPECT_EQ(complaint(json_of({}, {})), "");
}

TEST(NetstatJson, SaysWhatTheTableHolds) {
  const std::string text = json_of(table_of({connection()}), {});
  EXPECT_EQ(text, R"({"schema_version":1,"time_ns":5000000000,"frame":31,"local":["192.0.2.10"],)"
                  R"("sockets":[{"protocol":"tcp","ip_version":4,"waits":false,)"
                  R"("local":{"address":"192.0.2.10","port":40000},)"
                  R"("foreign":{"address":"192.0.2.20","port":443},)"
                  R"("wire":{"state":"FIN_WAIT_1","foreign_state":"ESTABLISHED",)"
                  R"("unacknowledged_bytes":1449,"connection":7,"first_ns":1000000000,)"
                  R"("last_ns":2000000000,"rtt_ns":20000000},"differs":false}],"left_out":0})"
                  "\n");
}

}  // namespace
}  // namespace tapdeck
