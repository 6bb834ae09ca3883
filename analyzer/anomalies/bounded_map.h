// A table that packets fill, so it is bounded: past the bound new keys are left out and counted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <unordered_map>

#include "dissectors/address.h"

namespace tapdeck {

/// A host, or one of its ports, or a pair of hosts.
struct HostKey {
  IpAddress host;
  std::uint16_t port = 0;
  IpAddress peer;

  friend bool operator==(const HostKey&, const HostKey&) = default;
};

struct HostKeyHash {
  std::size_t operator()(const HostKey& key) const {
    const auto hash = [](const IpAddress& address) {
      const std::string_view octets(reinterpret_cast<const char*>(address.octets.data()),
                                    address.octets.size());
      return std::hash<std::string_view>{}(octets) ^ address.version;
    };
    return (hash(key.host) * 31 + hash(key.peer)) * 0x9e3779b97f4a7c15U ^ key.port;
  }
};

template <class Value, std::size_t bound>
class HostTable {
 public:
  /// Null at the bound.
  Value* at(const HostKey& key) {
    const auto known = x_values.find(key);
    if (known != x_values.end()) return &known->second;
    if (x_values.size() == bound) {
      ++x_dropped;
      return nullptr;
    }
    return &x_values[key];
  }

  void merge(const HostTable& others) {
    x_dropped += others.x_dropped;
    for (const auto& [key, value] : others.x_values) x_values[key].merge(value);
  }

  template <class Visit>
  void for_each(Visit visit) const {
    for (const auto& [key, value] : x_values) visit(key, value);
  }
  [[nodiscard]] std::uint64_t dropped() const { return x_dropped; }

 private:
  std::unordered_map<HostKey, Value, HostKeyHash> x_values;
  std::uint64_t x_dropped = 0;
};

}  // namespace tapdeck
