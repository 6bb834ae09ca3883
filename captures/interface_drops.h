// What an interface itself lost, as the kernel shows it in files that are opened once: they can
// still be read when nothing can be opened any more.
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace tapdeck {

class InterfaceDrops {
 public:
  /// An interface without such files, or none at all ("any"), counts nothing.
  explicit InterfaceDrops(const std::string& interface);
  ~InterfaceDrops();
  InterfaceDrops(const InterfaceDrops&) = delete;
  InterfaceDrops& operator=(const InterfaceDrops&) = delete;

  /// Since this was made.
  [[nodiscard]] std::uint64_t count();

 private:
  struct Counter {
    int descriptor = -1;
    std::uint64_t first = 0;
    std::uint64_t last = 0;
  };

  std::array<Counter, 2> x_counters;
};

}  // namespace tapdeck
