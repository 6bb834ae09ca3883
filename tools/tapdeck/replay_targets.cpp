#include "tools/tapdeck/replay_targets.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "analyzer/report/quantity.h"
#include "analyzer/report/text_parts.h"
#include "tools/tapdeck/connection_pick.h"
#include "tools/tapdeck/wording.h"

namespace tapdeck {
namespace {

[[noreturn]] void refuse(const std::string& message) { throw Failure(ExitCode::usage, message); }

/// "192.0.2.1:80 (2 connections), 192.0.2.1:25 (1 connection)", at most a few.
std::string servers_text(std::span<const Script> scripts) {
  constexpr std::size_t most = 4;
  std::map<std::string, std::uint64_t> counts;
  for (const Script& script : scripts) ++counts[socket_text(script.ends[index_of(Side::server)])];
  std::vector<std::string> texts;
  for (const auto& [server, count] : counts) {
    if (texts.size() == most) {
      texts.push_back(fmt::format("{} more", counts.size() - most));
      break;
    }
    texts.push_back(fmt::format("{} ({})", server, count_of(count, "connection")));
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

}  // namespace

PlayTargets::PlayTargets(const CommandOptions& options) {
  for (const std::string& text : options.values("to")) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) {
      if (x_all) refuse("--to: two targets for every server");
      x_all = find_host_and_port("to", text);
      continue;
    }
    const auto server = parse_socket(text.substr(0, equals));
    if (!server || !server->port) {
      refuse(fmt::format("--to: '{}' is no CAPTURED:PORT=HOST:PORT", shown(text)));
    }
    x_some.emplace_back(*server, find_host_and_port("to", text.substr(equals + 1)));
  }
}

const NetAddress* PlayTargets::of(const Socket& server) const {
  const auto found = std::ranges::find(x_some, server, &std::pair<Socket, NetAddress>::first);
  if (found != x_some.end()) return &found->second;
  return x_all ? &*x_all : nullptr;
}

void PlayTargets::check(std::span<const Script> scripts) const {
  if (scripts.empty()) return;
  for (const auto& [server, target] : x_some) {
    const bool is_there = std::ranges::any_of(scripts, [&](const Script& script) {
      return script.ends[index_of(Side::server)] == server;
    });
    if (is_there) continue;
    refuse(fmt::format("--to {}=...: no connection to be played goes there;\nthey go to {}",
                       socket_text(server), servers_text(scripts)));
  }
}

}  // namespace tapdeck
