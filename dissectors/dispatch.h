// From a selector to the dissector attached to it: a hash table made when compiling.
#pragma once

#include <array>
#include <cstdint>

#include "dissectors/registry.h"

namespace tapdeck {

class DispatchTable {
 public:
  /// The dissector attached to the selector, or registry::nobody.
  [[nodiscard]] constexpr ProtocolId find(Selector selector) const {
    const std::uint32_t key = selector.key();
    for (std::uint32_t slot = slot_of(key);; slot = (slot + 1) % slots) {
      if (x_keys[slot] == key) return x_protocols[slot];
      if (x_keys[slot] == unused) return registry::nobody;
    }
  }

  template <DissectorType... D>
  static consteval DispatchTable of(DissectorList<D...>) {
    DispatchTable table;
    ProtocolId protocol = 0;
    (table.attach<D>(protocol++), ...);
    return table;
  }

 private:
  static constexpr std::uint32_t slots = 512;
  static constexpr std::uint32_t unused = 0;  // SelectorSpace::none attaches nobody

  static constexpr std::uint32_t slot_of(std::uint32_t key) {
    return key * 0x9e3779b1U >> 23U;  // the golden ratio spreads neighbours; 23 leaves 9 bits
  }

  template <class D>
  consteval void attach(ProtocolId protocol) {
    for (const Selector selector : D::attaches_to) {
      std::uint32_t slot = slot_of(selector.key());
      while (x_keys[slot] != unused) {
        if (x_keys[slot] == selector.key()) throw "two dissectors attach to one selector";
        slot = (slot + 1) % slots;
      }
      x_keys[slot] = selector.key();
      x_protocols[slot] = protocol;
    }
  }

  std::array<std::uint32_t, slots> x_keys{};
  std::array<ProtocolId, slots> x_protocols{};
};

inline constexpr DispatchTable dispatch_table = DispatchTable::of(Dissectors{});

}  // namespace tapdeck
