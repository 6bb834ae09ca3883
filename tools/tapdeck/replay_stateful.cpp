#include "tools/tapdeck/replay_stateful.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <limits>
#include <map>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "analyzer/report/quantity.h"
#include "tools/duration.h"
#include "tools/replay/rate.h"
#include "tools/replay/stateful/play_report.h"
#include "tools/replay/stateful/script_player.h"
#include "tools/replay/stateful/script_reader.h"
#include "tools/tapdeck/connection_pick.h"
#include "tools/tapdeck/input.h"
#include "tools/tapdeck/output.h"
#include "tools/tapdeck/replay_targets.h"
#include "tools/tapdeck/signal_inbox.h"
#include "tools/tapdeck/terminal.h"
#include "tools/tapdeck/wording.h"

namespace tapdeck {

const std::string_view stateful_replay_help =
    "With --as it plays one side of every captured TCP connection over sockets of the\n"
    "kernel: as client against --to HOST:PORT, or as server to whoever connects to\n"
    "--listen PORT, the captured connections in their order. It sends what this side\n"
    "sent, each step once the peer has sent as much as before it in the capture or\n"
    "fell silent, and closes as this side did. A connection is ok if every step was\n"
    "done and both ends closed as captured. Octets of the peer that differ from the\n"
    "captured ones (dates, cookies) are counted. Exits with 6 if a connection is not\n"
    "ok. Protocols whose octets must be fresh (TLS, challenges) can't be played.";

namespace {

[[noreturn]] void refuse(const std::string& message) { throw Failure(ExitCode::usage, message); }

constexpr std::array own_options{
    "to",     "listen",         "source",           "connection",      "midstream",
    "think",  "response-idle",  "response-timeout", "connect-timeout", "timeout",
    "strict", "accept-timeout", "script-memory"};
/// Of those that other ways of replaying have, too.
constexpr std::array shared_options{"as",     "speed", "top-speed", "format", "output", "read",
                                    "filter", "count", "numeric",   "quiet",  "color"};

std::int64_t duration_of(const CommandOptions& options, const char* name,
                         std::int64_t otherwise_ns) {
  return options.has(name) ? parse_duration(name, options.value(name)) : otherwise_ns;
}

double speed_of(const CommandOptions& options) {
  if (!options.has("top-speed")) {
    return options.has("speed") ? parse_rate("speed", options.value("speed")).value() : 1;
  }
  if (options.has("speed")) refuse("--speed and --top-speed: there can be one pace only");
  return std::numeric_limits<double>::infinity();
}

Side side_of(const CommandOptions& options) {
  const std::string word = options.value("as");
  require_one_of("as", word, {"client", "server"});
  const Side side = word == "client" ? Side::client : Side::server;
  const char* const wanted = side == Side::client ? "to" : "listen";
  const char* const other_one = side == Side::client ? "listen" : "to";
  if (!options.has(wanted)) refuse(fmt::format("--as {} takes --{}", word, wanted));
  if (options.has(other_one)) refuse(fmt::format("--as {} takes no --{}", word, other_one));
  if (side == Side::server && options.has("source")) refuse("--as server takes no --source");
  return side;
}

double think_factor_of(const CommandOptions& options, double speed) {
  const std::string word = options.value("think", "scale");
  require_one_of("think", word, {"keep", "none", "scale"});
  if (word == "none") return 0;
  return word == "keep" ? 1 : 1 / speed;
}

ScriptPlayerOptions player_options_of(const CommandOptions& options, Side ours) {
  ScriptPlayerOptions chosen;
  chosen.speed = speed_of(options);
  ConnectionOptions& connection = chosen.connection;
  connection.ours = ours;
  connection.part.think_factor = think_factor_of(options, chosen.speed);
  connection.part.strict = options.has("strict");
  connection.part.response_idle_ns =
      duration_of(options, "response-idle", connection.part.response_idle_ns);
  connection.part.response_timeout_ns =
      duration_of(options, "response-timeout", connection.part.response_timeout_ns);
  connection.connect_timeout_ns =
      duration_of(options, "connect-timeout", connection.connect_timeout_ns);
  connection.whole_timeout_ns = duration_of(options, "timeout", connection.whole_timeout_ns);
  chosen.accept_timeout_ns = duration_of(options, "accept-timeout", chosen.accept_timeout_ns);
  if (options.has("source")) chosen.source = find_host("source", options.value("source"));
  chosen.most_open = make_room_for_connections();
  return chosen;
}

ScriptOptions script_options_of(const CommandOptions& options, Side ours) {
  ScriptOptions chosen{.ours = ours, .midstream = options.has("midstream"), .only = {}};
  for (const std::string& id : options.values("connection")) {
    chosen.only.push_back(parse_count("connection", id));
  }
  if (options.has("script-memory")) {
    chosen.memory = parse_size("script-memory", options.value("script-memory"));
  }
  return chosen;
}

/// Servers that no target was given for are left out.
std::vector<Play> plays_of(std::span<const Script> scripts, const PlayTargets& targets, Side ours) {
  std::vector<Play> plays;
  for (const Script& script : scripts) {
    Play play{.script = &script};
    if (ours == Side::client) {
      const NetAddress* const target = targets.of(script.ends[index_of(Side::server)]);
      if (target == nullptr) continue;
      play.target = *target;
    }
    plays.push_back(play);
  }
  return plays;
}

void refuse_unknown(const ScriptBuilder& builder) {
  if (builder.unmet().empty()) return;
  const std::string others = builder.connections() == 0
                                 ? "the capture holds none"
                                 : fmt::format("'tapdeck analyze' lists the capture's {}",
                                               count_text(builder.connections()));
  refuse(fmt::format("--connection {}: no TCP connection has this id;\n{}", builder.unmet().front(),
                     others));
}

std::string why_nothing_is_played(const ScriptBuilder& builder) {
  if (builder.not_taken() != 0) {
    return fmt::format("--script-memory: no room for even one of {}",
                       count_of(builder.not_taken(), "TCP connection"));
  }
  if (builder.never_opened() != 0) {
    return fmt::format("nothing to play: {} never opened in the capture",
                       count_of(builder.never_opened(), "TCP connection"));
  }
  return "nothing to play: there is no TCP connection in the capture";
}

/// On a line of its own when asked, else on one that is drawn again and again on a terminal.
void show_progress(const PlayStatus& status, bool asked, bool wanted) {
  if (!asked && !wanted) return;
  fmt::print(stderr, "{}{} of {} played, {} ok, {} under way, {} sent, {} received{}",
             asked ? "tapdeck: " : "\r", count_text(status.done),
             count_of(status.total, "connection"), count_text(status.ok), count_text(status.open),
             bytes_text(status.sent), bytes_text(status.received), asked ? "\n" : "\x1b[K");
  std::fflush(stderr);
}

void play_all(const ScriptPlayerOptions& chosen, std::vector<Play>& plays,
              const CommandOptions& options, std::optional<NetAddress> address) {
  const SignalInbox signals{SIGINT, SIGTERM, SIGUSR1};
  const bool wanted = !options.quiet() && ::isatty(STDERR_FILENO) == 1;
  ScriptPlayer player(
      chosen, plays, signals.descriptor(),
      [wanted](const PlayStatus& status, bool asked) { show_progress(status, asked, wanted); });
  if (address) {
    player.serve_all(listen_on(*address));
  } else {
    player.connect_all();
  }
  if (wanted) fmt::print(stderr, "\r\x1b[K");
}

void write_results(const CommandOptions& options, const std::vector<CaptureInfo>& captures,
                   const std::vector<Play>& plays, const PlaySummary& summary) {
  Output output(options.value("output"), own_rights(), captures);
  if (options.value("format", "text") == "json") {
    write_plays_as_json(plays, summary, output);
  } else {
    Page page(output, style_for(look_at_terminal(), options.color(), options.has("output")));
    write_plays(plays, summary, page);
  }
  output.close();
}

}  // namespace

void declare_stateful_replay(CommandOptions& options) {
  options.add("as", "SIDE", "play this side of each connection: client or server");
  options.add_repeatable("to", "[SERVER=]HOST:PORT",
                         "as client: where to connect to; with SERVER (as captured, 192.0.2.1:80) "
                         "only in its place, and then maybe several times");
  options.add("listen", "[ADDRESS:]PORT", "as server: where to wait for clients");
  options.add("source", "ADDRESS", "as client: the address to connect from");
  options.add_repeatable("connection", "ID", "only this connection; maybe several times");
  options.add("midstream", "", "play connections whose beginning was not captured, too");
  options.add("think", "WHEN",
              "pauses that a side made by itself: keep, none, or scale by --speed (the default)");
  options.add("response-idle", "TIME",
              "a peer that has begun to answer and is silent for so long is through (1); this and "
              "the timeouts count beyond the pauses that it made in the capture");
  options.add("response-timeout", "TIME", "give up a peer that is silent for so long (5)");
  options.add("connect-timeout", "TIME", "give up a connection that nobody answers (10)");
  options.add("timeout", "TIME",
              "give up a connection that takes so much longer than captured (30)");
  options.add("accept-timeout", "TIME", "as server: end when no client came for so long (60)");
  options.add("strict", "", "a connection whose answers differ from the captured ones isn't ok");
  options.add(
      "script-memory", "SIZE",
      "what is kept of the connections' octets at most (1G); what doesn't fit of the peer's "
      "isn't compared, a connection whose own octets don't fit isn't played");
}

bool wants_stateful_replay(const CommandOptions& options) {
  const bool wanted = options.has("as");
  for (const std::string& name : options.given()) {
    const bool is_own = std::ranges::count(own_options, name) != 0;
    const bool is_shared = std::ranges::count(shared_options, name) != 0;
    if (wanted && !is_own && !is_shared) {
      refuse(fmt::format("--{} is for sending packets: it doesn't go with --as", name));
    }
    if (!wanted && is_own) refuse(fmt::format("--{} goes with --as client or --as server", name));
  }
  return wanted;
}

ExitCode run_stateful_replay(const CommandOptions& options) {
  const Side ours = side_of(options);
  require_one_of("format", options.value("format", "text"), {"text", "json"});
  const PlayTargets targets(options);
  const ScriptPlayerOptions chosen = player_options_of(options, ours);
  std::optional<NetAddress> address;
  if (ours == Side::server) address = find_listening("listen", options.value("listen"));

  Input input(options.input(), options.quiet());
  ScriptReader reader(script_options_of(options, ours));
  PacketBatch batch;
  while (input.next(batch)) reader.add(batch);
  reader.finish();
  const ScriptBuilder& builder = reader.builder();
  const std::vector<Script> scripts = reader.builder().take();
  std::vector<Play> plays = plays_of(scripts, targets, ours);
  if (scripts.empty() && builder.unmet().empty()) {
    const ExitCode code = input.finish();
    complain(why_nothing_is_played(builder));
    return weightier(code, ExitCode::usage);
  }
  refuse_unknown(builder);
  targets.check(scripts);

  play_all(chosen, plays, options, address);
  write_results(options, input.source().captures(), plays,
                {.ours = ours,
                 .never_opened = builder.never_opened(),
                 .without_target = scripts.size() - plays.size(),
                 .not_taken = builder.not_taken(),
                 .not_kept = builder.not_kept()});
  const bool all_ok = builder.not_taken() == 0 && std::ranges::all_of(plays, [](const Play& play) {
                        return play.result.outcome == PlayOutcome::ok;
                      });
  return weightier(input.finish(), all_ok ? ExitCode::fine : ExitCode::findings);
}

}  // namespace tapdeck
