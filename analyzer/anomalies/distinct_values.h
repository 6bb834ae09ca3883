// How many different values there were: exactly as long as they are few, else by an estimate that
// takes no more room (HyperLogLog). What is said rests on the values alone and not on their order,
// so parts merge to what the whole would be.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace tapdeck {

class DistinctValues {
 public:
  static constexpr std::size_t exact = 32;
  /// Standard error of more than that, whatever their number: 1.04 / sqrt(512).
  static constexpr double relative_error = 0.046;

  void add(std::uint64_t value);
  void merge(const DistinctValues& other);

  [[nodiscard]] bool is_exact() const { return x_count <= exact; }
  [[nodiscard]] std::uint64_t count() const;

 private:
  static constexpr std::size_t registers = 512, register_bits = 4,
                               registers_of_word = 64 / register_bits;
  static constexpr unsigned greatest = 15;  // of a register
  static_assert(exact * registers_of_word == registers);

  void add_mixed(std::uint64_t mixed);
  void begin_to_estimate();
  void raise(std::size_t place, std::uint64_t to);
  void raise_for(std::uint64_t mixed);
  [[nodiscard]] std::uint64_t at(std::size_t place) const;
  [[nodiscard]] std::uint64_t estimate() const;

  /// The values, mixed; past `exact` of them registers, each the longest row of zeros among the
  /// mixed values of its place, plus one.
  std::array<std::uint64_t, exact> x_words{};
  std::uint8_t x_count = 0;  // of values; more than `exact`: there are registers
};

}  // namespace tapdeck
