// Short stacks of ids (tunnels, VLANs) as single numbers, so that a flow key stays small: equal
// stacks get equal numbers. Bounded; past the bound further stacks share the last number.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

namespace tapdeck {

template <class Entry>
class NumberedStacks {
 public:
  static constexpr std::size_t bound = 1U << 20U;
  using Stack = std::vector<Entry>;

  /// 0 for the empty stack. Allocates only for a stack not seen before.
  [[nodiscard]] std::uint32_t number_of(const Stack& stack) {
    if (stack.empty()) return 0;
    const auto found = x_numbers.find(stack);
    if (found != x_numbers.end()) return found->second;
    if (x_stacks.size() < bound) {
      x_stacks.push_back(stack);
      x_numbers.emplace(stack, static_cast<std::uint32_t>(x_stacks.size()));
    } else {
      ++x_dropped;
    }
    return static_cast<std::uint32_t>(x_stacks.size());
  }

  /// Times that a stack had to share the last number.
  [[nodiscard]] std::uint64_t dropped() const { return x_dropped; }

  /// Requires: number came from number_of.
  [[nodiscard]] const Stack& stack(std::uint32_t number) const {
    static const Stack none;
    return number == 0 ? none : x_stacks[number - 1];
  }

 private:
  std::vector<Stack> x_stacks;
  std::map<Stack, std::uint32_t> x_numbers;
  std::uint64_t x_dropped = 0;
};

}  // namespace tapdeck
