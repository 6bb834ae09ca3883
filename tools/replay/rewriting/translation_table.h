// Which end inside stands behind which public end, a connection an entry: what a router that
// translates addresses remembers. Bounded; the entry that was silent longest gives way.
#pragma once

#include <array>
#include <cstdint>
#include <list>
#include <unordered_map>

#include "tools/replay/rewriting/flow_ends.h"

namespace tapdeck {

struct TranslationEntry {
  std::uint8_t ip_protocol = 0;
  FlowEnd inside, public_end, remote;
  FlowEnds::Ports ports{};
  bool forwarded = false;  ///< By a rule for its port, not by a packet from inside.
  std::uint64_t first_frame = 0;
  std::int64_t last_ns = 0;
  std::uint64_t packets_out = 0, packets_in = 0;
  bool seen_out = false, seen_in = false;  ///< TCP segments that are no SYN.
  bool fin_out = false, fin_in = false, reset = false;

  /// Nanoseconds of silence after which it is forgotten, by what RFC 4787, RFC 5382 and RFC 5508
  /// ask for.
  [[nodiscard]] std::int64_t lifetime_ns() const;
};

class TranslationTable {
 public:
  using Entries = std::list<TranslationEntry>;

  explicit TranslationTable(std::size_t capacity = 65'536) : x_capacity(capacity) {}

  /// By either of the ends and the remote one; nullptr if there is none. An entry may have expired.
  [[nodiscard]] TranslationEntry* find_inside(std::uint8_t ip_protocol, const FlowEnd& inside,
                                              const FlowEnd& remote);
  [[nodiscard]] TranslationEntry* find_public(std::uint8_t ip_protocol, const FlowEnd& public_end,
                                              const FlowEnd& remote);

  /// Entries with either end equal give way.
  TranslationEntry& add(const TranslationEntry& entry);

  /// Marks it as used.
  void touch(TranslationEntry& entry);

  /// The longest silent first.
  [[nodiscard]] const Entries& entries() const { return x_entries; }
  [[nodiscard]] std::uint64_t evicted() const { return x_evicted; }

 private:
  struct Key {
    std::array<std::uint8_t, 16> local{}, remote{};
    std::uint16_t local_port = 0, remote_port = 0;
    std::uint8_t ip_protocol = 0, version = 0;
    std::uint16_t reserved = 0;

    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };
  using Index = std::unordered_map<Key, Entries::iterator, KeyHash>;

  [[nodiscard]] static Key key_of(std::uint8_t ip_protocol, const FlowEnd& local,
                                  const FlowEnd& remote);
  [[nodiscard]] static TranslationEntry* find(const Index& index, const Key& key);
  void remove(const Index& index, const Key& key);
  void remove(Entries::iterator entry);

  std::size_t x_capacity;
  Entries x_entries;
  Index x_by_inside, x_by_public;
  std::uint64_t x_evicted = 0;
};

}  // namespace tapdeck
