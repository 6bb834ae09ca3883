// The process that keeps the rights: it does a few things for the one that gave them up, each of
// them decided before the first packet, asked for by number and answered with a descriptor. It
// never sees what packets hold.
#pragma once

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
};

using Duty = std::function<Outcome(const Errand& errand)>;

class Broker {
 public:
  /// The broker is a child that has nothing else to do; it ends when this object or this process
  /// does, whatever ends them, even if it is stopped. If the broker itself is ended, this process
  /// gets SIGTERM.
  /// Requires: no other threads yet. Throws Failure.
  explicit Broker(const std::vector<Duty>& duties);
  ~Broker();
  Broker(const Broker&) = delete;
  Broker& operator=(const Broker&) = delete;

  /// What came of it; the descriptor is one of this process. Failure(no_permission) if the broker
  /// is gone, or stopped alone for a second. Any thread may ask.
  [[nodiscard]] Outcome ask(std::size_t duty, const Errand& errand);

  /// Somebody ended it.
  [[nodiscard]] bool is_gone() const;

 private:
  [[nodiscard]] bool await_answer();

  int x_link;
  int x_life;  // never written to: that it is open says that this process lives
  pid_t x_process;
  std::mutex x_asking;
  bool x_is_stopped = false;  // whatever it still answers is too late
};

}  // namespace tapdeck
