// The report as JSON lines: a connection each and its anomalies behind it, then what the json
// format says before them.
#include "analyzer/report/formats.h"
#include "analyzer/report/json_objects.h"

namespace tapdeck {
namespace {

class JsonLines final : public ReportWriter {
 public:
  explicit JsonLines(ByteSink& sink) : x_json(sink, JsonLayout::one_line) {}

  [[nodiscard]] ConnectionOrder order() const override { return ConnectionOrder::by_end; }

  void begin(const Summary&) override {}

  void connection(const ConnectionReport& connection) override {
    write_json_connection(x_json, connection);
    x_json.end_document();
  }

  void anomaly(const Anomaly& anomaly) override {
    write_json_anomaly(x_json, anomaly);
    x_json.end_document();
  }

  void end(const Summary& summary) override {
    x_json.begin_object();
    write_json_summary(x_json, summary);
    x_json.end_object();
    x_json.end_document();
  }

 private:
  JsonOutput x_json;
};

}  // namespace

std::unique_ptr<ReportWriter> make_jsonl(ByteSink& sink, const Style&) {
  return std::make_unique<JsonLines>(sink);
}

}  // namespace tapdeck
