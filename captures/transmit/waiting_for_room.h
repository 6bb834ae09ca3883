// Waiting until the system has room for another frame: briefly, again and again, and not for ever.
#pragma once

#include <cerrno>
#include <cstdint>

#include <poll.h>
#include <sched.h>

namespace tapdeck {

class WaitingForRoom {
 public:
  [[nodiscard]] static bool is_for_want_of_room(int error) {
    return error == ENOBUFS || error == EAGAIN || error == ENOMEM;
  }

  /// After a refusal with `error`: waits a moment and returns true, or false if that error is of
  /// another kind or there has been no room for about a second. Requires: trying takes no time.
  [[nodiscard]] bool try_again(int error) {
    // An interface at its limit has room again within microseconds; a sleep would leave it idle.
    constexpr std::uint32_t tries_awake = 1000, most_tries = tries_awake + 1000;
    if (!is_for_want_of_room(error) || x_tries == most_tries) return false;
    ++x_tries;
    constexpr int pause_ms = 1;
    static_cast<void>(x_tries <= tries_awake ? ::sched_yield() : ::poll(nullptr, 0, pause_ms));
    return true;
  }

  /// There was room.
  void succeeded() { x_tries = 0; }

 private:
  std::uint32_t x_tries = 0;
};

}  // namespace tapdeck
