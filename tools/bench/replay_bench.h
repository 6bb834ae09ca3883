// Measures what tapdeck sends beside what other programs that replay captures send: how many frames
// a second, and how near to their time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tapdeck {

class WiredHosts;

struct ReplayBenchOptions {
  std::uint64_t packets = 1'000'000;  // of small frames; of mixed ones half as many
  std::uint32_t rounds = 5;
  std::string folder;   // where captures lie while they are measured
  std::string tapdeck;  // path of the program
  bool speed = true, timing = true;
};

/// A program that sends a capture.
struct ReplaySender {
  std::string shown;
  std::vector<std::string> command;      // empty: not installed
  std::vector<std::string> behind = {};  // words behind the capture's name

  [[nodiscard]] std::vector<std::string> over(const std::string& capture) const;
};

/// Of another program, found as a shell would. `words`: before the capture's name.
[[nodiscard]] ReplaySender other_sender(const std::string& program,
                                        const std::vector<std::string>& words);
/// tapdeck replay, with the words of its options.
[[nodiscard]] ReplaySender own_sender(const ReplayBenchOptions& options,
                                      const std::vector<std::string>& words);

/// tapdeck-bench bare, which does nothing but send. `words`: its options.
[[nodiscard]] ReplaySender bare_sender(const std::string& shown,
                                       const std::vector<std::string>& words);

/// Requires: values isn't empty.
[[nodiscard]] double median(std::vector<double> values);

/// Prints all that was asked for. Throws Failure.
void bench_replay(const ReplayBenchOptions& options);

/// Its parts: frames a second at top speed, and frames beside their time.
void print_replay_speed(const WiredHosts& hosts, const ReplayBenchOptions& options);
void print_replay_timing(const WiredHosts& hosts, const ReplayBenchOptions& options);

}  // namespace tapdeck
