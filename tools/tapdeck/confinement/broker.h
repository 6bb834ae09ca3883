// The process that keeps the rights: it does a few things for the one that gave them up, each of
// them decided before the first packet, asked for by number and answered with a descriptor. It
// never sees what packets hold.
#pragma once

#include <csignal>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include <sys/types.h>

namespace tapdeck {

/// What is asked for: which one of a list, which step. A duty believes no text that it didn't
/// expect.
struct Errand {
  std::uint64_t which = 0;
  std::string text = {};  // as long as a path at most
};

struct Outcome {
  int error = 0;        // errno; 0: done
  int descriptor = -1;  // -1: there is none to give
  std::uint64_t octets = 0;
};

/// While one lives, a duty goes on to its end even if the other process is ended meanwhile.
class Uninterrupted {
 public:
  Uninterrupted();
  ~Uninterrupted();
  Uninterrupted(const Uninterrupted&) = delete;
  Uninterrupted& operator=(const Uninterrupted&) = delete;

 private:
  sigset_t x_before;
};

using Duty = std::function<Outcome(const Errand& errand)>;

class Broker {
 public:
  /// The broker is a child that has nothing else to do; it ends when this object or this process
  /// does, whatever ends them, even if it was stopped: it goes on when it is asked for something.
  /// If the broker itself is ended, this process gets SIGTERM.
  /// Requires: no other threads yet. Throws Failure.
  explicit Broker(const std::vector<Duty>& duties);
  ~Broker();
  Broker(const Broker&) = delete;
  Broker& operator=(const Broker&) = delete;

  /// What came of it; the descriptor is one of this process. Failure(no_permission) if the broker
  /// is gone. Any thread may ask.
  [[nodiscard]] Outcome ask(std::size_t duty, const Errand& errand);

  /// Somebody ended it.
  [[nodiscard]] bool is_gone() const;

 private:
  int x_link;
  pid_t x_process;
  std::mutex x_asking;
};

}  // namespace tapdeck
