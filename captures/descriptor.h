// A file descriptor with one owner.
#pragma once

#include <utility>

#include <unistd.h>

namespace tapdeck {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : x_number(number) {}
  Descriptor(Descriptor&& other) noexcept : x_number(std::exchange(other.x_number, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(x_number, other.x_number);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }

  void close() {
    if (x_number >= 0) ::close(std::exchange(x_number, -1));
  }
  /// The caller's from now on.
  [[nodiscard]] int release() { return std::exchange(x_number, -1); }
  [[nodiscard]] int number() const { return x_number; }
  [[nodiscard]] explicit operator bool() const { return x_number >= 0; }

 private:
  int x_number = -1;
};

}  // namespace tapdeck
