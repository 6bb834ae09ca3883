// What the states of both ends say of a segment.
#pragma once

#include <cstdint>

#include "analyzer/tcp/verdict.h"

namespace tapdeck {

struct StateVerdict {
  Acceptance acceptance{};
  bool challenge_ack = false;          // it answers a segment that its sender did not accept
  std::uint16_t connection_words = 0;  // of ConnectionWord

  friend bool operator==(const StateVerdict&, const StateVerdict&) = default;
};

}  // namespace tapdeck
