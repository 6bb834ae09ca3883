// What every report format implements, and the table of formats: a new one is a file and a row.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "analyzer/report/report.h"

namespace tapdeck {

/// Takes bytes of output. Throws Failure if they can't be written.
class ByteSink {
 public:
  ByteSink() = default;
  ByteSink(const ByteSink&) = delete;
  ByteSink& operator=(const ByteSink&) = delete;
  virtual ~ByteSink() = default;
  virtual void write(std::string_view bytes) = 0;
};

/// Appends to a string; for tests and for small outputs.
class StringSink final : public ByteSink {
 public:
  void write(std::string_view bytes) override { x_text.append(bytes); }
  [[nodiscard]] const std::string& text() const { return x_text; }

 private:
  std::string x_text;
};

/// How output for people looks.
struct Style {
  std::size_t width = 80;  ///< Columns.
  bool colour = false;
  bool unicode = false;  ///< The reader's character set is UTF-8.
  std::size_t top = 20;  ///< Connections listed; 0: all.
};

/// The order in which a format wants connections.
enum class ConnectionOrder : std::uint8_t {
  by_id,   // after the last packet, ordered by their first frames
  by_end,  // each when it ends, so that memory holds open ones only
};

/// What tells whether a connection is worth a report.
struct ConnectionSize {
  std::uint64_t id = 0;
  std::uint64_t bytes = 0;  // of its frames on the wire, both ways
};

class ReportWriter {
 public:
  ReportWriter() = default;
  ReportWriter(const ReportWriter&) = delete;
  ReportWriter& operator=(const ReportWriter&) = delete;
  virtual ~ReportWriter() = default;

  [[nodiscard]] virtual ConnectionOrder order() const = 0;

  /// Called first. Formats ordered by id get the complete summary, the others an empty one.
  virtual void begin(const Summary& summary) = 0;
  /// False: nothing of it would be shown, so its report need not be made.
  [[nodiscard]] virtual bool wants(const ConnectionSize&) const { return true; }
  virtual void connection(const ConnectionReport& connection) = 0;
  /// In the order of their indexes in ConnectionReport::anomalies. Formats ordered by id get them
  /// after the connections, the others those of a connection right behind it.
  virtual void anomaly(const Anomaly&) {}
  /// While packets come, if the analysis was asked for news: what just opened or closed, as it is
  /// known so far, and an anomaly that was just found; it may still grow.
  virtual void opened(const ConnectionReport&, Moment) {}
  virtual void closed(const ConnectionReport&, Moment) {}
  virtual void found(const Anomaly&) {}
  /// Called last, always with the complete summary.
  virtual void end(const Summary& summary) = 0;
};

struct ReportFormat {
  std::string_view name;
  std::string_view help;
  std::unique_ptr<ReportWriter> (*make)(ByteSink& sink, const Style& style) = nullptr;
};

[[nodiscard]] std::span<const ReportFormat> report_formats();

/// Null where there is no such format.
[[nodiscard]] const ReportFormat* find_report_format(std::string_view name);

}  // namespace tapdeck
