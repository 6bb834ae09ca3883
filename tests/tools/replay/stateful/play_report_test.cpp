#include "tools/replay/stateful/play_report.h"

#include <gtest/gtest.h>

#include "tests/tools/replay/stateful/scripted.h"

namespace tapdeck::test {
namespace {

struct Played {
  Played() {
    script.id = 4;
    script.ends = {Socket{.address = {{192, 0, 2, 1}, 4}, .port = 50'000},
                   Socket{.address = {{192, 0, 2, 2}, 4}, .port = 80}};
    plays[0].result = {.outcome = PlayOutcome::ok, .steps_done = 1, .sent = 3, .received = 6};
    plays[0].result.differences = {.octets = 2, .first = 4};
    plays[1].result = {.outcome = PlayOutcome::timed_out,
                       .detail = "in step 1 of 1, 1,234 bytes short of what it needs"};
  }

  Script script = Dialogue().says(Side::client, "ask").says(Side::server, "answer").script();
  std::vector<Play> plays{{.script = &script}, {.script = &script}};
};

TEST(PlayReport, FitsIntoEightyColumns) {
  const Played played;
  StringSink sink;
  Page page(sink, {});
  write_plays(played.plays, {.never_opened = 1, .without_target = 3, .not_kept = 5000}, page);
  EXPECT_EQ(sink.text(),
            "       ID     SENT RECEIVED RESULT\n"
            "        4      3 B      6 B ok; 2 bytes differ, the first at 4\n"
            "        4      0 B      0 B timed out: in step 1 of 1, 1,234 bytes short of what\n"
            "                            it needs\n"
            "2 connections as client: 1 ok, 1 timed out\n"
            "1 connection never opened in the capture: nothing to play\n"
            "3 connections to servers that no --to names: not played\n"
            "5,000 bytes of what the peer sent could not be kept within --script-memory, and\n"
            "  so were not compared\n");
}

TEST(PlayReport, IsOneDocumentForPrograms) {
  const Played played;
  StringSink sink;
  write_plays_as_json(played.plays, {.ours = Side::client}, sink);
  for (const char* line : {R"( "as": "client",)", R"(  "timed_out": 1)", R"(   "result": "ok",)",
                           R"(   "steps": 1,)", R"(   "to_receive": 6,)", R"(    "first": 4)",
                           R"(    "first": null)", R"(    "address": "192.0.2.2",)"}) {
    EXPECT_NE(sink.text().find(std::string(line) + "\n"), std::string::npos) << line;
  }
}

}  // namespace
}  // namespace tapdeck::test
