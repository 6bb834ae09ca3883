// What became of a datagram's first fragment, for the others, which don't say whose they are.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "dissectors/network.h"
#include "dissectors/reassembly.h"
#include "tools/replay/address_translation.h"

namespace tapdeck {

/// A network header that is a fragment's.
struct FragmentPlaceInFrame {
  FragmentKey key;
  bool is_first = false;
};

/// Of the header in this layer; empty if the packet is whole. Tunnels aren't looked at.
[[nodiscard]] std::optional<FragmentPlaceInFrame> fragment_of(const Dissection& dissection,
                                                              std::size_t layer);

struct FragmentFate {
  std::optional<DropReason> dropped;
  AddressPair addresses;  ///< As the header got them.
};

class FragmentFates {
 public:
  void remember(const FragmentKey& key, const FragmentFate& fate, std::int64_t time_ns);
  [[nodiscard]] std::optional<FragmentFate> find(const FragmentKey& key,
                                                 std::int64_t time_ns) const;

 private:
  static constexpr std::size_t most = 16'384;                  // the oldest gives way
  static constexpr std::int64_t lifetime_ns = 60'000'000'000;  // RFC 8200 §4.5

  struct Entry {
    FragmentFate fate;
    std::int64_t time_ns = 0;
    std::list<FragmentKey>::iterator age;
  };
  struct Hash {
    std::size_t operator()(const FragmentKey& key) const;
  };

  std::unordered_map<FragmentKey, Entry, Hash> x_fates;
  std::list<FragmentKey> x_by_age;
};

}  // namespace tapdeck
