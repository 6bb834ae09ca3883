// tapdeck show: one connection's story, as a ladder of its segments.
#include <utility>

#include <fmt/format.h>

#include "analyzer/report/quantity.h"
#include "analyzer/report/text_parts.h"
#include "analyzer/report/time.h"
#include "tools/tapdeck/command.h"
#include "tools/tapdeck/connection_pick.h"
#include "tools/tapdeck/input.h"
#include "tools/tapdeck/options.h"
#include "tools/tapdeck/output.h"
#include "tools/tapdeck/terminal.h"

namespace tapdeck {
namespace {

constexpr std::string_view help =
    "Tells the story of one TCP connection: in a paragraph, then as a ladder with the\n"
    "client on the left, the server on the right and an arrow for each segment, with\n"
    "both ends' states where they change and what happened to the segment, and why.\n"
    "Long runs without news are folded.\n\n"
    "ID is the connection's id, which is the number of its first frame ('tapdeck\n"
    "analyze' lists them), or one or both of its ends: 192.0.2.1:80, [2001:db8::1]:80,\n"
    "an address alone. It may be left out where there is but one connection.\n\n"
    "Sequence numbers count from each side's SYN; 'win' is in octets, with a * where\n"
    "nobody knows its scale, since the handshake wasn't captured.";

constexpr std::size_t rows_of_all = 400'000;
constexpr std::size_t most_ends = 2;

void declare(CommandOptions& options) {
  options.add("raw-seq", "", "sequence numbers as they are, not counted from the SYN");
  options.add("all", "", "leave nothing out for its length (up to 400,000 lines of the ladder)");
  options.add("no-fold", "", "a line for every segment; with --all if there are many");
  options.add("output,o", "FILE", "write to FILE instead of standard output");
  options.add_input();
}

LadderOptions chosen_ladder(const CommandOptions& options) {
  LadderOptions ladder;
  ladder.raw_numbers = options.has("raw-seq");
  ladder.fold = !options.has("no-fold");
  if (options.has("all")) ladder.rows = rows_of_all;
  return ladder;
}

std::string named(const ConnectionReport& connection) {
  return fmt::format(
      "\n{:>9}  {} > {}, {}, {}", connection.id, socket_text(connection.client),
      server_text(connection),
      count_of(connection.directions[0].packets + connection.directions[1].packets, "packet"),
      rfc3339(connection.start_ns, 3));
}

std::string listed(const ConnectionFollower::Found& found) {
  std::string text;
  for (const ConnectionReport& connection : found.first) text += named(connection);
  if (found.count > found.first.size()) {
    text += fmt::format("\nand {} more; 'tapdeck analyze --top 0' lists all",
                        count_text(found.count - found.first.size()));
  }
  return text;
}

/// Why there isn't one connection to show; empty if there is.
std::string problem(const ConnectionFollower& follower, const ConnectionPick& pick) {
  const auto& fitting = follower.fitting();
  if (fitting.count > 1) {
    return fmt::format("{} connections fit; name one by its id:{}", count_text(fitting.count),
                       listed(fitting));
  }
  if (fitting.count == 1) {
    if (fitting.first.front().tcp) return {};
    return fmt::format("{} is no TCP connection, and others have no ladder:{}", *pick.id,
                       named(fitting.first.front()));
  }
  if (follower.all().count == 0) return "there is no TCP connection to show";
  if (const auto holder = follower.holder_of_id()) {
    return fmt::format("frame {} belongs to the connection with the id {}", *pick.id, *holder);
  }
  return fmt::format("no TCP connection fits; there {} {}:{}",
                     follower.all().count == 1 ? "is" : "are", count_text(follower.all().count),
                     listed(follower.all()));
}

void hint_at_left_out(const Ladder& ladder, const CommandOptions& options) {
  for (const LadderItem& item : ladder.items) {
    const auto* const fold = std::get_if<LadderFold>(&item);
    if (fold == nullptr || !fold->left_out || options.quiet()) continue;
    complain(fmt::format("{} were left out of the middle of the ladder{}",
                         count_of(fold->segments(), "segment"),
                         options.has("all") ? "" : "; --all draws them"));
  }
}

}  // namespace

ExitCode run_show(const Arguments& arguments) {
  CommandOptions options("show", "FILE... ID [FILTER] [options]", help);
  declare(options);
  if (!options.parse(arguments)) return ExitCode::fine;
  const ConnectionPick pick = parse_pick(options.take_words(most_ends, names_connection));

  Sandbox sandbox(options);
  Input input(options.input(), options.quiet(), sandbox);
  sandbox.will_write(options.value("output"));
  sandbox.enter();
  input.open(WhenInterrupted::ends_reading);
  ConnectionFollower follower(pick, chosen_ladder(options));
  PacketBatch batch;
  while (input.next(batch)) follower.add(batch);
  follower.finish(input.source().captures());

  if (const std::string words = problem(follower, pick); !words.empty()) {
    const ExitCode code = input.finish();
    complain(words);
    return weightier(code, ExitCode::usage);
  }
  Output output(options.value("output"), sandbox, input.source().captures());
  const Style style = style_for(look_at_terminal(), options.color(), options.has("output"));
  const Ladder ladder = follower.ladder();
  write_show(follower.fitting().first.front(), ladder, {}, style, output);
  output.close();
  hint_at_left_out(ladder, options);
  return input.finish();
}

}  // namespace tapdeck
