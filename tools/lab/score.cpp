// tapdeck-lab-score: how often a program is right about recordings whose truth is known.
#include <boost/program_options.hpp>
#include <cstdlib>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "captures/failure.h"
#include "tools/guarded_main.h"
#include "tools/lab/scoring/run_score.h"
#include "tools/lab/scoring/score_text.h"

namespace tapdeck {
namespace {

namespace options = boost::program_options;

constexpr std::string_view help =
    "Usage: tapdeck-lab-score --verdicts DIR [--tool NAME] [--wrong] RUN...\n\n"
    "Scores what a program said of recordings of tools/lab/record-link (RUN: a recording's "
    "folder).\n"
    "DIR/RUN/NAME_client.tsv, …_server.tsv and …_missing.tsv hold its verdicts on their captures, "
    "in\n"
    "the form of `tapdeck packets --fields frame,verdicts --format tsv FILE`. A list that isn't "
    "there\n"
    "or breaks off is a failure of the program: nothing in that capture counts as right. Reports "
    "of\n"
    "`tapdeck analyze --format json`, NAME_client.json and NAME_server.json, are asked for "
    "states.\n\n"
    "  --verdicts DIR   where the lists are; tools/lab/score makes them\n"
    "  --tool NAME      whose they are (tapdeck)\n"
    "  --wrong          print each frame told wrongly instead: run, capture, frame, way,\n"
    "                   connection, range in sequence space, truth, verdict\n\n"
    "Exit codes: 0 scored, 1 usage, 2 a recording can't be read.\n";

int run(int count, char** words) {
  if (count == 2 && std::string_view(words[1]) == "--help") {
    fmt::print("{}", help);
    return EXIT_SUCCESS;
  }
  std::string verdicts;
  std::string tool = "tapdeck";
  bool wrong = false;
  std::vector<std::string> folders;
  options::options_description named;
  auto add = named.add_options();
  add("verdicts", options::value(&verdicts)->required());
  add("tool", options::value(&tool));
  add("wrong", options::bool_switch(&wrong));
  add("run", options::value(&folders)->required());
  options::variables_map values;
  options::store(options::command_line_parser(count, words)
                     .options(named)
                     .positional(options::positional_options_description().add("run", -1))
                     .run(),
                 values);
  options::notify(values);
  std::vector<RunScore> runs;
  runs.reserve(folders.size());
  for (const std::string& folder : folders) runs.push_back(score_run(folder, verdicts, tool));
  fmt::print("{}", wrong ? wrong_text(runs) : score_text(tool, runs));
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace tapdeck

int main(int count, char** words) {
  return tapdeck::guarded_main("tapdeck-lab-score", tapdeck::ExitCode::unreadable_input,
                               [=] { return tapdeck::run(count, words); });
}
