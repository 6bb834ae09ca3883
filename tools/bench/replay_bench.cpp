#include "tools/bench/replay_bench.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tools/bench/interruption.h"
#include "tools/bench/measured_run.h"
#include "tools/bench/wired_hosts.h"

namespace tapdeck {

std::vector<std::string> ReplaySender::over(const std::string& capture) const {
  std::vector<std::string> words = command;
  words.push_back(capture);
  words.insert(words.end(), behind.begin(), behind.end());
  return words;
}

ReplaySender other_sender(const std::string& program, const std::vector<std::string>& words) {
  ReplaySender sender{.shown = fmt::format("{} {}", program, fmt::join(words, " ")), .command = {}};
  const std::string path = find_program(program);
  if (path.empty()) return sender;
  sender.command = {path};
  for (const std::string& word : words) sender.command.push_back(word);
  for (const char* word : {"-i", WiredHosts::interface}) sender.command.emplace_back(word);
  return sender;
}

ReplaySender own_sender(const ReplayBenchOptions& options, const std::vector<std::string>& words) {
  ReplaySender sender{.shown = fmt::format("tapdeck replay {}", fmt::join(words, " ")),
                      .command = {options.tapdeck, "replay"}};
  for (const std::string& word : words) sender.command.push_back(word);
  for (const char* word : {"--quiet", "-i", WiredHosts::interface, "-r"}) {
    sender.command.emplace_back(word);
  }
  return sender;
}

ReplaySender bare_sender(const std::string& shown, const std::vector<std::string>& words) {
  ReplaySender sender{.shown = shown,
                      .command = {std::filesystem::read_symlink("/proc/self/exe"), "bare"},
                      .behind = words};
  sender.behind.emplace_back(WiredHosts::interface);
  return sender;
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

void bench_replay(const ReplayBenchOptions& options) {
  watch_for_interruption();
  if (options.speed) print_replay_speed(WiredHosts(Receiver::other_processor), options);
  if (options.timing) print_replay_timing(WiredHosts(Receiver::same_processor), options);
}

}  // namespace tapdeck
