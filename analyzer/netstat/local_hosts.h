// Whose table it is, where nobody says: the host that most conversations have in common.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "analyzer/netstat/host_facts.h"
#include "analyzer/netstat/network.h"

namespace tapdeck {

struct LocalGuess {
  std::vector<Network> hosts;       // addresses of one host; empty: there is none to choose
  std::uint64_t conversations = 0;  // that it takes part in
  std::uint64_t all_conversations = 0;
  bool by_capture = false;  // a cooked capture says which host it was made on
};

/// Hosts that a cooked capture says it was made on. Else the one in most conversations; of equal
/// ones the one nearest to the capture point, then the one with most frames, then the lowest. With
/// it goes its other version's address: the busiest that sent from the same link-layer address.
[[nodiscard]] LocalGuess guess_local(const GatheredFacts& facts);

}  // namespace tapdeck
