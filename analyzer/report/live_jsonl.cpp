// News for machines.
#include "analyzer/report/json_objects.h"
#include "analyzer/report/live_formats.h"
#include "analyzer/report/words.h"

namespace tapdeck {
namespace {

class LiveJsonLines final : public ReportWriter {
 public:
  explicit LiveJsonLines(ByteSink& sink) : x_json(sink, JsonLayout::one_line) {}

  [[nodiscard]] ConnectionOrder order() const override { return ConnectionOrder::by_end; }
  void begin(const Summary&) override {}

  void opened(const ConnectionReport& connection, Moment moment) override {
    write_news("opened", connection, moment);
  }

  void closed(const ConnectionReport& connection, Moment moment) override {
    write_news("closed", connection, moment);
  }

  void found(const Anomaly& anomaly) override { write_event("found", anomaly); }
  void anomaly(const Anomaly& anomaly) override { write_event("anomaly", anomaly); }

  void connection(const ConnectionReport& connection) override {
    begin_event("ended");
    x_json.key("connection");
    write_json_connection(x_json, connection);
    end_event();
  }

  void end(const Summary& summary) override {
    begin_event("end");
    write_json_summary(x_json, summary);
    end_event();
  }

 private:
  void begin_event(std::string_view event) {
    x_json.begin_object();
    x_json.member("event", event);
  }

  void end_event() {
    x_json.end_object();
    x_json.end_document();
  }

  void write_event(std::string_view event, const Anomaly& anomaly) {
    begin_event(event);
    x_json.key("anomaly");
    write_json_anomaly(x_json, anomaly);
    end_event();
  }

  void write_news(std::string_view event, const ConnectionReport& connection, Moment moment) {
    begin_event(event);
    x_json.member("frame", moment.frame);
    x_json.member("time_ns", moment.time_ns);
    x_json.member("id", connection.id);
    x_json.member("protocol", std::string_view(protocol_word(connection.ip_protocol)));
    write_socket("client", connection.client);
    write_socket("server", connection.server);
    end_event();
  }

  void write_socket(std::string_view name, const Socket& socket) {
    x_json.key(name);
    x_json.begin_object();
    x_json.member("address", std::string_view(to_string(socket.address)));
    x_json.member("port", socket.port);
    x_json.end_object();
  }

  JsonOutput x_json;
};

}  // namespace

std::unique_ptr<ReportWriter> make_live_jsonl(ByteSink& sink, const Style&) {
  return std::make_unique<LiveJsonLines>(sink);
}

}  // namespace tapdeck
