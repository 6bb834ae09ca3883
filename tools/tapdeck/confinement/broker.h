// The process that keeps the rights: it does a few things for the one that gave them up, each of
// them decided before the first packet, asked for by number and answered with a descriptor. It
// never sees what packets hold.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <vector>

#include <sys/types.h>

namespace tapdeck {

/// Gets what is asked for: which one of a list, the number of a file in a row. A descriptor, or a
/// negated errno.
using Duty = std::function<int(std::uint64_t which)>;

class Broker {
 public:
  /// The broker is a child that has nothing else to do; it ends when this object or this process
  /// does, whatever ends them. If the broker itself is ended, this process gets SIGTERM.
  /// Requires: no other threads yet. Throws Failure.
  explicit Broker(const std::vector<Duty>& duties);
  ~Broker();
  Broker(const Broker&) = delete;
  Broker& operator=(const Broker&) = delete;

  /// The answer of that duty, here. Failure(no_permission) if the broker is gone. Any thread may
  /// ask.
  [[nodiscard]] int ask(std::size_t duty, std::uint64_t which);

 private:
  int x_link;
  pid_t x_process;
  std::mutex x_asking;
};

}  // namespace tapdeck
