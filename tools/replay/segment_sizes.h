// How much payload the ends of TCP connections take in a segment, as their SYNs said: what long
// segments are cut by. Room for so many connections; one that comes may push another one out.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "analyzer/flow/flow_key.h"
#include "dissectors/dissection.h"

namespace tapdeck {

class SegmentSizes {
 public:
  /// Of a SYN it keeps the maximum segment size, other packets say nothing. Cheap for those.
  void note(const Dissection& dissection);

  /// The maximum segment size of whom the segment goes to; 0: not known, or it isn't TCP.
  [[nodiscard]] std::size_t of_receiver(const Dissection& dissection) const;

  /// Connections that gave way to others.
  [[nodiscard]] std::uint64_t forgotten() const { return x_forgotten; }

 private:
  static constexpr std::size_t room = 65'536;

  struct Entry {
    FlowKey key;
    std::array<std::uint16_t, 2> sizes{};  // by the Direction that the SYN went; 0: not known
  };

  std::vector<Entry> x_entries;  // empty before the first SYN
  std::uint64_t x_forgotten = 0;
};

}  // namespace tapdeck
