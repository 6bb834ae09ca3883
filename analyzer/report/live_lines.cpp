// News for people.
#include <unordered_set>

#include <fmt/format.h>

#include "analyzer/anomalies/family.h"
#include "analyzer/report/explanation.h"
#include "analyzer/report/live_formats.h"
#include "analyzer/report/quantity.h"
#include "analyzer/report/text_parts.h"
#include "analyzer/report/time.h"
#include "analyzer/report/words.h"

namespace tapdeck {
namespace {

constexpr unsigned time_digits = 6;

class LiveLines final : public ReportWriter {
 public:
  LiveLines(ByteSink& sink, const Style& style) : x_page(sink, style) {}

  [[nodiscard]] ConnectionOrder order() const override { return ConnectionOrder::by_end; }
  void begin(const Summary&) override {}
  void end(const Summary&) override {}

  void opened(const ConnectionReport& connection, Moment moment) override {
    const Story story = tell_story(connection, {.beginning = true, .end = false, .repeats = false});
    std::string words = story.text;
    if (connection.tcp && connection.tcp->handshake.server_rtt_ns) {
      words =
          fmt::format("answered after {}", duration_text(*connection.tcp->handshake.server_rtt_ns));
    } else if (!connection.tcp) {
      words.clear();  // whether it is answered is seen later
    }
    tell("opened", connection, moment.time_ns, words, Ink::plain);
  }

  void closed(const ConnectionReport& connection, Moment moment) override {
    x_told.insert(connection.id);
    tell_end("closed", connection, moment.time_ns);
  }

  void connection(const ConnectionReport& connection) override {
    if (x_told.erase(connection.id) == 0) tell_end("ended", connection, connection.end_ns);
  }

  void found(const Anomaly& anomaly) override {
    std::string where;
    if (anomaly.connection != 0) where = fmt::format("connection {}, ", anomaly.connection);
    const bool one = anomaly.first.frame == anomaly.last.frame;
    where += one ? fmt::format("frame {}", anomaly.last.frame)
                 : fmt::format("frames {} to {}", anomaly.first.frame, anomaly.last.frame);
    x_page.line(fmt::format("{} {:<7} {}: {}: {}", rfc3339(anomaly.last.time_ns, time_digits),
                            to_string(anomaly.severity), to_string(anomaly.type), where,
                            explanation_of(anomaly)),
                ink_for(anomaly.severity));
  }

 private:
  void tell(std::string_view what, const ConnectionReport& connection, std::int64_t time_ns,
            std::string_view words, Ink ink) {
    x_page.line(
        fmt::format("{} {:<7} {} {} {} {}: connection {}{}{}", rfc3339(time_ns, time_digits), what,
                    protocol_word(connection.ip_protocol), socket_text(connection.client),
                    x_page.arrow(), server_text(connection), connection.id,
                    words.empty() ? "" : "; ", words),
        ink);
  }

  void tell_end(std::string_view what, const ConnectionReport& connection, std::int64_t time_ns) {
    const auto& [forth, back] = connection.directions;
    const auto traffic = [](const DirectionReport& direction) {
      return fmt::format("{} of {}", count_of(direction.packets, "packet"),
                         bytes_text(direction.bytes));
    };
    const Story story = tell_story(connection);
    tell(what, connection, time_ns,
         fmt::format("{}; {} {}, {} {}{}{}",
                     duration_between(connection.start_ns, connection.end_ns), x_page.arrow(),
                     traffic(forth), x_page.back_arrow(), traffic(back),
                     story.text.empty() ? "" : "; ", story.text),
         story.ink);
  }

  Page x_page;
  std::unordered_set<std::uint64_t> x_told;  // closed, and still waiting for late segments
};

}  // namespace

std::unique_ptr<ReportWriter> make_live_lines(ByteSink& sink, const Style& style) {
  return std::make_unique<LiveLines>(sink, style);
}

}  // namespace tapdeck
