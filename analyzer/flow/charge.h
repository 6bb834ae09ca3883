// Whose memory it is, where shards share their slabs.
#pragma once

#include <cstddef>

namespace tapdeck {

/// While it lives, whatever is taken from slabs and given back counts for one shard.
class Charge {
 public:
  Charge(const std::size_t& all, std::size_t& own) : x_all(all), x_own(own), x_before(all) {}
  Charge(const Charge&) = delete;
  Charge& operator=(const Charge&) = delete;
  ~Charge() { x_own += x_all - x_before; }

 private:
  const std::size_t& x_all;
  std::size_t& x_own;
  std::size_t x_before;
};

}  // namespace tapdeck
