#include "tools/tapdeck/command.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "analyzer/report/anomaly_kinds.h"
#include "tools/tapdeck/output.h"
#include "tools/tapdeck/terminal.h"
#include "tools/tapdeck/wording.h"

namespace tapdeck {
namespace {

constexpr std::array table{
    Command{"analyze", "report every connection of captures", run_analyze},
    Command{"packets", "print packets: a line each, all their fields, or their bytes", run_packets},
    Command{"show", "tell one connection's story, segment by segment", run_show},
    Command{"live", "capture on an interface and tell what happens, as it happens", run_live},
    Command{"interfaces", "list what can be captured on", run_interfaces},
    Command{"netstat", "print the table of connections at any moment, as netstat does",
            run_netstat},
    Command{"replay", "send captures again by an interface, with exact timing", run_replay},
    Command{"rewrite", "write captures with other addresses, ports and tags", run_rewrite},
    Command{"check", "compare captures with the reports expected of them", run_check},
};

std::string program_help() {
  std::string text =
      "Usage: tapdeck COMMAND [options]\n\n"
      "Reads packets and says what every layer of them holds, and what every connection\n"
      "did.\n\n"
      "Commands:\n";
  for (const Command& command : table) {
    text += fmt::format("  {:<11}{}\n", command.name, command.help);
  }
  return text +
         "\nOptions of every command:\n"
         "  --help                     what the command does and takes\n"
         "  --version                  the version of tapdeck\n"
         "  --color auto|always|never  colours (auto: on a terminal without NO_COLOR)\n"
         "  --quiet                    no progress and no hints on stderr\n"
         "  --user USER, -Z USER       whom root becomes before packets are read (auto:\n"
         "                             the user behind sudo, else nobody)\n"
         "  --no-sandbox               keep all rights while reading packets (debugging)\n\n"
         "'tapdeck help COMMAND' shows what a command takes, 'tapdeck help anomalies' what\n"
         "there is to find.\n"
         "Exit codes: 0 fine, 1 usage or filter, 2 input can't be read, 3 input damaged,\n"
         "4 output can't be written, 5 no permission or no such interface, 6 differences\n"
         "found, 7 packets dropped.\n";
}

ExitCode say(const std::string& text) {
  Output output;
  output.write(text);
  output.close();
  return ExitCode::fine;
}

const Command& find_command(std::string_view name) {
  const auto found = std::ranges::find(table, name, &Command::name);
  if (found != table.end()) return *found;
  std::vector<std::string> names;
  for (const Command& command : table) names.emplace_back(command.name);
  throw Failure(ExitCode::usage, fmt::format("no command '{}'{}\nTry 'tapdeck --help'.",
                                             shown(name), did_you_mean(name, names)));
}

ExitCode list_anomalies() {
  Output output;
  Page page(output, style_for(look_at_terminal(), ColorMode::automatic, false));
  write_anomaly_kinds(page);
  output.close();
  return ExitCode::fine;
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

ExitCode run_help(const Arguments& rest) {
  if (rest.empty()) return say(program_help());
  if (rest.front() == "anomalies") return list_anomalies();
  return find_command(rest.front()).run({"--help"});
}

}  // namespace

std::span<const Command> commands() { return table; }

ExitCode run_program(const Arguments& arguments) {
  Arguments global;  // given before the command: handed on behind it
  auto word = arguments.begin();
  for (; word != arguments.end() && word->starts_with('-'); ++word) {
    if (*word == "--help" || *word == "-h") return say(program_help());
    if (*word == "--version" || *word == "-V") return say("tapdeck " TAPDECK_VERSION "\n");
    const bool takes_value = is_one_of(*word, {"--color", "--user", "-Z"});
    if (!takes_value && !is_one_of(*word, {"--quiet", "--no-sandbox"}) &&
        !word->starts_with("--color=") && !word->starts_with("--user=")) {
      throw Failure(ExitCode::usage, fmt::format("options of a command follow its name: '{}' "
                                                 "stands before it\nTry 'tapdeck --help'.",
                                                 shown(*word)));
    }
    global.push_back(*word);
    if (takes_value && std::next(word) != arguments.end()) global.push_back(*++word);
  }
  if (word == arguments.end()) {
    throw Failure(ExitCode::usage, "which command?\n\n" + program_help());
  }
  Arguments rest(std::next(word), arguments.end());
  if (*word == "help") return run_help(rest);
  const Command& command = find_command(*word);
  rest.insert(rest.begin(), global.begin(), global.end());
  return command.run(rest);
}

}  // namespace tapdeck
