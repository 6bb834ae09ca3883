#include "tools/replay/stateful/play_report.h"

#include <algorithm>
#include <map>
#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "analyzer/report/json_output.h"
#include "analyzer/report/quantity.h"
#include "analyzer/report/text_parts.h"
#include "analyzer/report/words.h"

namespace tapdeck {
namespace {

Ink ink_for(PlayOutcome outcome) {
  if (outcome == PlayOutcome::ok) return Ink::plain;
  return outcome == PlayOutcome::interrupted ? Ink::warning : Ink::bad;
}

std::map<PlayOutcome, std::uint64_t> tally(std::span<const Play> plays) {
  std::map<PlayOutcome, std::uint64_t> counts;
  for (const Play& play : plays) ++counts[play.result.outcome];
  return counts;
}

void write_socket(JsonOutput& json, std::string_view name, const Socket& socket) {
  json.key(name);
  json.begin_object();
  json.member("address", std::string_view(AddressText(socket.address)));
  json.member("port", socket.port);
  json.end_object();
}

void write_differences(JsonOutput& json, const Differences& differences) {
  json.key("differences");
  json.begin_object();
  json.member("bytes", differences.octets);
  json.member("missing", differences.missing);
  json.member("surplus", differences.surplus);
  json.member("first", differences.first);
  json.end_object();
}

void write_play(JsonOutput& json, const Play& play, Side ours) {
  const Script& script = *play.script;
  json.begin_object();
  json.member("id", script.id);
  write_socket(json, "client", script.ends[index_of(Side::client)]);
  write_socket(json, "server", script.ends[index_of(Side::server)]);
  if (play.target.length != 0) json.member("target", to_string(play.target));
  json.member("result", word_for(play.result.outcome));
  json.member("detail", play.result.detail);
  json.member("steps", script.of(ours).steps.size());
  json.member("steps_done", play.result.steps_done);
  json.member("sent", play.result.sent);
  json.member("received", play.result.received);
  json.member("to_send", script.of(ours).length);
  json.member("to_receive", script.of(other(ours)).length);
  write_differences(json, play.result.differences);
  json.end_object();
}

void write_row(const Play& play, Page& page) {
  const PlayResult& result = play.result;
  std::string columns = fmt::format("{:>9} {:>8} {:>8} ", play.script->id, bytes_text(result.sent),
                                    bytes_text(result.received));
  for (const std::string& line :
       wrap(page.shown(sentence(result)), page.width() - columns.size(), 0)) {
    page.line(columns + line, ink_for(result.outcome));
    columns.assign(columns.size(), ' ');
  }
}

}  // namespace

void write_plays(std::span<const Play> plays, const PlaySummary& summary, Page& page) {
  page.line(fmt::format("{:>9} {:>8} {:>8} {}", "ID", "SENT", "RECEIVED", "RESULT"), Ink::strong);
  for (const Play& play : plays) write_row(play, page);
  std::vector<std::string> parts;
  for (const auto& [outcome, count] : tally(plays)) {
    parts.push_back(fmt::format("{} {}", count_text(count), phrase_for(outcome)));
  }
  page.paragraph(fmt::format("{} as {}: {}", count_of(plays.size(), "connection"),
                             word_for(summary.ours), fmt::join(parts, ", ")),
                 0, 2);
  if (summary.never_opened != 0) {
    page.paragraph(fmt::format("{} never opened in the capture: nothing to play",
                               count_of(summary.never_opened, "connection")),
                   0, 2);
  }
  if (summary.without_target != 0) {
    page.paragraph(fmt::format("{} to servers that no --to names: not played",
                               count_of(summary.without_target, "connection")),
                   0, 2);
  }
  if (summary.not_taken != 0) {
    page.paragraph(fmt::format("{} more came when --script-memory was full: not played",
                               count_of(summary.not_taken, "connection")),
                   0, 2, Ink::bad);
  }
  if (summary.not_kept != 0) {
    page.paragraph(fmt::format("{} of what the peer sent could not be kept within "
                               "--script-memory, and so were not compared",
                               count_of(summary.not_kept, "byte")),
                   0, 2);
  }
}

void write_plays_as_json(std::span<const Play> plays, const PlaySummary& summary, ByteSink& sink) {
  JsonOutput json(sink, JsonLayout::indented);
  json.begin_object();
  json.member("as", word_for(summary.ours));
  json.key("results");
  json.begin_object();
  for (const auto& [outcome, count] : tally(plays)) json.member(word_for(outcome), count);
  json.end_object();
  json.member("never_opened", summary.never_opened);
  json.member("without_target", summary.without_target);
  json.member("not_taken", summary.not_taken);
  json.member("not_compared", summary.not_kept);
  json.key("connections");
  json.begin_array();
  for (const Play& play : plays) write_play(json, play, summary.ours);
  json.end_array();
  json.end_object();
  json.end_document();
}

}  // namespace tapdeck
