// What tapdeck show writes: the heading, the story, and the ladder with all that belongs into it.
#include <algorithm>

#include <fmt/format.h>

#include "analyzer/report/ladder.h"
#include "analyzer/report/ladder_words.h"
#include "analyzer/report/text_parts.h"
#include "analyzer/report/time.h"
#include "analyzer/report/words.h"

namespace tapdeck {
namespace {

constexpr unsigned time_digits = 6;

std::vector<LadderNote> with_icmp_errors(std::span<const LadderNote> notes,
                                         const ConnectionReport& connection) {
  std::vector<LadderNote> all(notes.begin(), notes.end());
  for (const IcmpErrorReport& error : connection.icmp_errors) {
    all.push_back(
        {error.frame,
         {fmt::format("ICMP error from {}: {}", to_string(error.from), icmp_words(error))}});
  }
  std::ranges::stable_sort(all, {}, &LadderNote::frame);
  return all;
}

}  // namespace

void write_show(const ConnectionReport& connection, const Ladder& ladder,
                std::span<const LadderNote> notes, const Style& style, ByteSink& sink) {
  Page page(sink, style);
  page.heading(fmt::format("CONNECTION {}  {} {} {}", connection.id, socket_text(connection.client),
                           page.arrow(), server_text(connection)));
  page.paragraph(fmt::format("began {}, lasted {}", rfc3339(connection.start_ns, time_digits),
                             duration_between(connection.start_ns, connection.end_ns)),
                 0, 0);
  page.blank();
  const Story story = tell_at_length(connection, ladder);
  page.paragraph(story.text, 0, 0, story.ink);
  page.blank();
  write_ladder(connection, ladder, with_icmp_errors(notes, connection), page, style);
}

}  // namespace tapdeck
