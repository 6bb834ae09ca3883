// The report as one JSON document, indented by one so that it compares well line by line.
#include "analyzer/report/formats.h"
#include "analyzer/report/json_objects.h"

namespace tapdeck {
namespace {

class JsonReport final : public ReportWriter {
 public:
  explicit JsonReport(ByteSink& sink) : x_json(sink, JsonLayout::indented) {}

  [[nodiscard]] ConnectionOrder order() const override { return ConnectionOrder::by_id; }

  void begin(const Summary& summary) override {
    x_json.begin_object();
    write_json_summary(x_json, summary);
    x_json.key("connections");
    x_json.begin_array();
  }

  void connection(const ConnectionReport& connection) override {
    write_json_connection(x_json, connection);
  }

  void anomaly(const Anomaly& anomaly) override {
    begin_anomalies();
    write_json_anomaly(x_json, anomaly);
  }

  void end(const Summary&) override {
    begin_anomalies();
    x_json.end_array();
    x_json.end_object();
    x_json.end_document();
  }

 private:
  void begin_anomalies() {
    if (x_in_anomalies) return;
    x_in_anomalies = true;
    x_json.end_array();
    x_json.key("anomalies");
    x_json.begin_array();
  }

  bool x_in_anomalies = false;
  JsonOutput x_json;
};

}  // namespace

std::unique_ptr<ReportWriter> make_json(ByteSink& sink, const Style&) {
  return std::make_unique<JsonReport>(sink);
}

}  // namespace tapdeck
