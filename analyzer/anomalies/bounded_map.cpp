#include "analyzer/anomalies/bounded_map.h"

#include <type_traits>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace tapdeck {

std::uint64_t hash_of(const HostKey& key, std::uint64_t seed) {
  static_assert(std::has_unique_object_representations_v<HostKey>);
  return XXH3_64bits_withSeed(&key, sizeof key, seed);
}

}  // namespace tapdeck
