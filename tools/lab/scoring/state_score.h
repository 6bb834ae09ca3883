// The states that a program gave a connection's ends against those that their kernels had.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tools/lab/truth/recording.h"

namespace tapdeck {

struct StateScore {
  std::uint64_t moments = 0;  // sampled, and no round trip from a change
  std::uint64_t equal = 0;
  std::vector<std::string> wrong;  // a line each: time, host, sockets, kernel's state, said

  StateScore& operator+=(const StateScore& other);
};

/// When a host first sent the FIN of a connection. Its kernel may call the connection closing long
/// before, while data wait to be sent: nobody who listens can know.
struct FinSent {
  std::string host;
  std::string client;  // sockets, as in states.tsv
  std::string server;
  std::int64_t time_ns = 0;
};

[[nodiscard]] std::vector<FinSent> find_fins(const Recording& recording);

/// Of one host's states. `states` is a recording's states.tsv, `report` the JSON of `tapdeck
/// analyze` over one of its captures. Throws Failure(unreadable_input) if one of them isn't that.
[[nodiscard]] StateScore score_states(const std::string& states, const std::string& report,
                                      const std::string& host, const std::vector<FinSent>& fins);

}  // namespace tapdeck
