// The parts of the text format, in the order in which people read them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analyzer/report/page.h"
#include "analyzer/report/report.h"

namespace tapdeck {

/// What was captured; at most `most` files.
void write_captures(Page& page, const Summary& summary, std::size_t most);

/// How far the capture can be trusted.
void write_quality(Page& page, const Summary& summary);

void write_totals(Page& page, const Summary& summary);

/// "10.0.0.1:80", "[2001:db8::1]:80", or the address alone.
[[nodiscard]] std::string socket_text(const Socket& socket);
/// With the service that is registered for the port, as the guess that it is.
[[nodiscard]] std::string server_text(const ConnectionReport& connection);

void write_connection_header(Page& page);
void write_connection(Page& page, const ConnectionReport& connection);

[[nodiscard]] Ink ink_for(Severity severity);

/// The anomalies, the worst first; at most `most` of those that hurt, or all if it is 0. Keeps no
/// more than it will show.
class AnomalyList {
 public:
  explicit AnomalyList(std::size_t most) : x_most(most) {}
  void add(const Anomaly& anomaly);
  void write(Page& page);

 private:
  void keep_the_worst();

  std::size_t x_most;
  std::vector<Anomaly> x_kept;
  std::uint64_t x_all = 0, x_worth_showing = 0;
};

/// How a connection began, ended and what is odd about it, in words; empty if there is nothing to
/// say. `ink` tells whether that is trouble.
struct Story {
  std::string text;
  Ink ink = Ink::plain;
};
/// What of it is told; the rest is left to whoever tells more.
struct StoryParts {
  bool beginning = true;
  bool end = true;
  bool repeats = true;  // how much was sent more than once
};
[[nodiscard]] Story tell_story(const ConnectionReport& connection, const StoryParts& parts = {});

}  // namespace tapdeck
