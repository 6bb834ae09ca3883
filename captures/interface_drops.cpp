#include "captures/interface_drops.h"

#include <charconv>
#include <optional>

#include <fcntl.h>
#include <unistd.h>

namespace tapdeck {
namespace {

// What the card had no room for, and what the host was too slow to take from it.
constexpr std::array files{"rx_missed_errors", "rx_fifo_errors"};

std::optional<std::uint64_t> read_number(int descriptor) {
  std::array<char, 32> text{};
  const ssize_t octets = ::pread(descriptor, text.data(), text.size(), 0);
  std::uint64_t number = 0;
  if (octets <= 0) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + octets, number);
  return error == std::errc{} ? std::optional(number) : std::nullopt;
}

}  // namespace

InterfaceDrops::InterfaceDrops(const std::string& interface) {
  if (interface.find('/') != std::string::npos) return;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::string path = "/sys/class/net/" + interface + "/statistics/" + files[i];
    Counter& counter = x_counters[i];
    counter.descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (counter.descriptor < 0) continue;
    counter.first = counter.last = read_number(counter.descriptor).value_or(0);
  }
}

InterfaceDrops::~InterfaceDrops() {
  for (const Counter& counter : x_counters) {
    if (counter.descriptor >= 0) ::close(counter.descriptor);
  }
}

/// An interface that went away counts no further.
std::uint64_t InterfaceDrops::count() {
  std::uint64_t sum = 0;
  for (Counter& counter : x_counters) {
    if (counter.descriptor >= 0) {
      counter.last = read_number(counter.descriptor).value_or(counter.last);
    }
    sum += counter.last - counter.first;
  }
  return sum;
}

}  // namespace tapdeck
