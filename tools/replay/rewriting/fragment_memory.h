// What a datagram's first fragment tells of the others, which don't say themselves whose they are.
#pragma once

#include <cstdint>
#include <list>
#include <optional>
#include <unordered_map>
#include <utility>

#include "captures/elapsed.h"
#include "dissectors/dissection.h"
#include "dissectors/reassembly.h"

namespace tapdeck {

/// A network header that is a fragment's.
struct FragmentPlaceInFrame {
  FragmentKey key;
  std::uint32_t offset = 0;      ///< In the datagram; octets.
  std::uint32_t payload_at = 0;  ///< In the frame.

  [[nodiscard]] bool is_first() const { return offset == 0; }
};

/// Of that header; empty if the packet is whole. Tunnels aren't looked at.
[[nodiscard]] std::optional<FragmentPlaceInFrame> fragment_of(const Dissection& dissection,
                                                              const Layer& network);

/// Bounded: the oldest gives way.
template <class Value>
class FragmentMemory {
 public:
  void remember(const FragmentKey& key, const Value& value, std::int64_t time_ns) {
    if (const auto known = x_known.find(key); known != x_known.end()) {
      x_by_age.erase(known->second.age);
      x_known.erase(known);
    }
    if (x_known.size() >= most) {
      x_known.erase(x_by_age.front());
      x_by_age.pop_front();
    }
    const auto age = x_by_age.insert(x_by_age.end(), key);
    x_known.emplace(key, Entry{.value = value, .time_ns = time_ns, .age = age});
  }

  [[nodiscard]] std::optional<Value> find(const FragmentKey& key, std::int64_t time_ns) const {
    const auto found = x_known.find(key);
    if (found == x_known.end()) return std::nullopt;
    if (elapsed_ns(found->second.time_ns, time_ns) > lifetime_ns) return std::nullopt;
    return found->second.value;
  }

 private:
  static constexpr std::size_t most = 16'384;
  static constexpr std::int64_t lifetime_ns = 60'000'000'000;  // RFC 8200 §4.5

  struct Entry {
    Value value;
    std::int64_t time_ns = 0;
    std::list<FragmentKey>::iterator age;
  };

  std::unordered_map<FragmentKey, Entry, FragmentKeyHash> x_known;
  std::list<FragmentKey> x_by_age;
};

}  // namespace tapdeck
