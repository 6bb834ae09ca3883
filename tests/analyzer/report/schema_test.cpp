// Everything that the JSON formats write is what report.schema.json promises.
#include <fstream>
#include <iterator>
#include <sstream>

#include <gtest/gtest.h>
#include <rapidjson/document.h>
#include <rapidjson/schema.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "tests/support/sample_report.h"

namespace tapdeck {
namespace {

using namespace test;

class Schema : public ::testing::Test {
 protected:
  Schema() {
    std::ifstream file(TAPDECK_SOURCE_DIR "/analyzer/report/report.schema.json");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    x_source.Parse(text.c_str());
    EXPECT_FALSE(x_source.HasParseError());
    x_schema = std::make_unique<rapidjson::SchemaDocument>(x_source);
  }

  [[nodiscard]] const rapidjson::Document& source() const { return x_source; }

  /// Empty if the document is valid, else where and why it isn't.
  [[nodiscard]] std::string complaint(const std::string& text) const {
    rapidjson::Document document;
    document.Parse<rapidjson::kParseValidateEncodingFlag>(text.c_str());
    if (document.HasParseError()) return "no JSON: " + text;
    rapidjson::SchemaValidator validator(*x_schema);
    if (document.Accept(validator)) return {};
    rapidjson::StringBuffer at;
    validator.GetInvalidDocumentPointer().Stringify(at);
    return std::string(at.GetString()) + ": " + validator.GetInvalidSchemaKeyword();
  }

 private:
  rapidjson::Document x_source;
  std::unique_ptr<rapidjson::SchemaDocument> x_schema;
};

TEST_F(Schema, FitsEverySample) {
  EXPECT_EQ(complaint(rendered("json", {}, {})), "");
  EXPECT_EQ(complaint(rendered("json", web_summary(), {web_connection(), dns_flow(), ping_flow()})),
            "");
  EXPECT_EQ(complaint(rendered("json", extreme_summary(), {extreme_connection()})), "");
}

TEST_F(Schema, FitsEveryEnumerator) {
  ConnectionReport connection = web_connection();
  std::vector<StateChangeReport>& changes = connection.tcp->states.changes;
  for (int i = 0; i <= static_cast<int>(TcpState::unknown); ++i) {
    changes.push_back({.from = static_cast<TcpState>(i), .to = static_cast<TcpState>(i)});
  }
  for (int i = 0; i <= static_cast<int>(StateChangeReason::sent_again); ++i) {
    changes.push_back({.side = Side::server, .reason = static_cast<StateChangeReason>(i)});
  }
  Summary summary = web_summary();
  for (int i = 0; i <= static_cast<int>(CaptureFaultKind::interrupted); ++i) {
    summary.captures[0].faults.push_back({.kind = static_cast<CaptureFaultKind>(i), .detail = {}});
  }
  for (int i = 0; i < 4; ++i) {
    connection.tcp->teardown.kind = static_cast<TeardownKind>(i);
    connection.tcp->teardown.by = static_cast<TeardownBy>(i);
    connection.tcp->teardown.time_wait = static_cast<TeardownBy>(3 - i);
    connection.client_known_by = static_cast<ClientKnownBy>(i);
    connection.ip_protocol = static_cast<std::uint8_t>(i * 50);
    connection.server.port = static_cast<std::uint16_t>(i * 20'000);
    summary.captures[0].compression = static_cast<Compression>(i);
    summary.captures[0].format = static_cast<FileFormat>(i % 3);
    EXPECT_EQ(complaint(rendered("json", summary, {connection})), "");
  }
}

TEST_F(Schema, FitsAnomalies) {
  StringSink sink;
  const auto writer = find_report_format("json")->make(sink, {});
  writer->begin({});
  for (std::size_t i = 0; i < anomaly_type_count; ++i) {
    Anomaly anomaly;
    anomaly.type = static_cast<AnomalyType>(i);
    anomaly.severity = static_cast<Severity>(i % severity_count);
    anomaly.direction = static_cast<AnomalyDirection>(i % 4);
    anomaly.confidence = static_cast<Confidence>(1 + i % 3);
    anomaly.connection = i % 2;
    anomaly.evidence.set(static_cast<EvidenceName>(i % evidence_name_count), 1);
    anomaly.consider(static_cast<Alternative>(i % alternative_count));
    writer->anomaly(anomaly);
  }
  writer->end({});
  EXPECT_EQ(complaint(sink.text()), "");
}

/// A key that the schema doesn't name would make every document invalid, a missing one too.
TEST_F(Schema, IsStrict) {
  std::string text = rendered("json", web_summary(), {web_connection()});
  std::string with_more = text;
  with_more.insert(text.find("\"id\""), "\"surprise\": 1, ");
  EXPECT_EQ(complaint(with_more), "/connections/0/surprise: additionalProperties");
  std::string with_less = text;
  with_less.replace(text.find("\"history\""), 9, "\"harmony\"");
  EXPECT_NE(complaint(with_less), "");
}

void expect_described(const rapidjson::Value& schema, const std::string& at) {
  if (schema.IsObject()) {
    if (schema.HasMember("properties")) {
      for (const auto& [name, property] : schema["properties"].GetObject()) {
        EXPECT_TRUE(property.HasMember("description") || property.HasMember("$ref"))
            << at << "/" << name.GetString();
      }
    }
    for (const auto& [name, value] : schema.GetObject()) {
      expect_described(value, at + "/" + name.GetString());
    }
  }
}

TEST_F(Schema, DescribesEveryKey) { expect_described(source(), ""); }

TEST_F(Schema, FitsJsonLines) {
  std::istringstream lines(
      rendered("jsonl", extreme_summary(), {web_connection(), dns_flow(), extreme_connection()}));
  std::string connections;
  std::string line;
  std::string last;
  while (std::getline(lines, line)) {
    if (!last.empty()) connections += (connections.empty() ? "" : ",") + last;
    last = line;
  }
  ASSERT_TRUE(last.ends_with('}'));
  last.pop_back();
  EXPECT_EQ(complaint(last + ",\"connections\":[" + connections + "],\"anomalies\":[]}"), "");
}

}  // namespace
}  // namespace tapdeck
