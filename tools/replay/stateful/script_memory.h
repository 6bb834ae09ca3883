// The bound on what all scripts of a run may take of memory.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tapdeck {

class ScriptMemory {
 public:
  explicit ScriptMemory(std::uint64_t limit) : x_limit(limit) {}

  /// False, and nothing is taken, where the bound would be passed.
  [[nodiscard]] bool take(std::uint64_t octets) {
    if (octets > x_limit - x_used) return false;
    x_used += octets;
    return true;
  }
  /// Requires: they were taken.
  void give_back(std::uint64_t octets) { x_used -= octets; }

  [[nodiscard]] std::uint64_t used() const { return x_used; }

 private:
  std::uint64_t x_limit;
  std::uint64_t x_used = 0;
};

}  // namespace tapdeck
