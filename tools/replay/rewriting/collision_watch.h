// Finds conversations that were told apart before and aren't any more: rules led both to the same
// addresses and ports.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>

#include "analyzer/flow/flow_key.h"
#include "tools/replay/rewriting/flow_ends.h"

namespace tapdeck {

class CollisionWatch {
 public:
  explicit CollisionWatch(std::size_t capacity = 65'536) : x_capacity(capacity) {}

  void add(const FlowEnds& before, const FlowEnds& after, std::uint64_t frame);

  struct Example {
    FlowKey one, other;  ///< As they were.
    FlowKey both;        ///< As they are.
    std::uint64_t frame = 0;
  };

  /// Conversations that share their ends with an earlier one.
  [[nodiscard]] std::uint64_t count() const { return x_count; }
  [[nodiscard]] const Example& first() const { return x_first; }  ///< Valid if there is one.
  /// Past the bound: nobody knows of these.
  [[nodiscard]] std::uint64_t unwatched() const { return x_unwatched; }

 private:
  struct Hash {
    std::size_t operator()(const FlowKey& key) const {
      return std::hash<std::string_view>{}({reinterpret_cast<const char*>(&key), sizeof key});
    }
  };
  using Keys = std::unordered_map<FlowKey, FlowKey, Hash>;

  std::size_t x_capacity;
  Keys x_after;   // by what they were
  Keys x_before;  // by what they are, the first of each
  Example x_first;
  std::uint64_t x_count = 0;
  std::uint64_t x_unwatched = 0;
};

}  // namespace tapdeck
