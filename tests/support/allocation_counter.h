// Counts what the test binary allocates, to show that the hot path allocates nothing. Linking
// allocation_counter.cpp replaces the global operator new of that binary.
#pragma once

#include <cstdint>

namespace tapdeck {

/// Allocations of the calling thread since construction.
///
///   AllocationCounter counter;
///   table.add(segment);
///   EXPECT_EQ(counter.allocations(), 0U);
class AllocationCounter {
 public:
  AllocationCounter();

  [[nodiscard]] std::uint64_t allocations() const;
  [[nodiscard]] std::uint64_t octets() const;

  /// False under the address sanitizer, which keeps its own operator new: skip the test there.
  [[nodiscard]] static bool works();

 private:
  std::uint64_t x_allocations_before;
  std::uint64_t x_octets_before;
};

}  // namespace tapdeck
