// The hash table against the standard library's, with hashes that collide.
#include "analyzer/flow/flow_index.h"

#include <random>
#include <unordered_map>

#include <gtest/gtest.h>

#include "analyzer/flow/flow_key.h"

namespace tapdeck {
namespace {

SlabIndex find(const FlowIndex& index, std::uint32_t hash, SlabIndex wanted) {
  return index.find(hash, [&](SlabIndex candidate) { return candidate == wanted; });
}

TEST(FlowIndex, AgreesWithAMapUnderRandomInsertionAndErasure) {
  const std::uint32_t seed = std::random_device{}();
  std::mt19937 random(seed);
  FlowIndex index;
  std::unordered_map<SlabIndex, std::uint32_t> oracle;
  for (SlabIndex step = 0; step < 20'000; ++step) {
    if (oracle.empty() || random() % 5 < 3) {
      const auto hash =
          static_cast<std::uint32_t>(random() % 512);  // many collisions, and wrapping at the end
      index.insert(hash, step);
      oracle.emplace(step, hash);
    } else {
      const auto victim = oracle.begin();
      index.erase(victim->second, victim->first);
      ASSERT_EQ(find(index, victim->second, victim->first), no_slab_index) << "seed " << seed;
      oracle.erase(victim);
    }
    if (step % 500 != 0) continue;
    for (const auto& [key, hash] : oracle) ASSERT_EQ(find(index, hash, key), key) << seed;
  }
}

TEST(FlowKey, BothDirectionsMakeOneKey) {
  const IpAddress a{{192, 0, 2, 1}, 4};
  const IpAddress b{{192, 0, 2, 2}, 4};
  const DirectedKey there = make_flow_key(a, 1, b, 2, 6);
  const DirectedKey back = make_flow_key(b, 2, a, 1, 6);
  EXPECT_EQ(there.key, back.key);
  EXPECT_EQ(there.direction, opposite(back.direction));
  EXPECT_EQ(shard_of(there.key), shard_of(back.key));
  EXPECT_EQ(table_hash(there.key, 7), table_hash(back.key, 7));
}

TEST(FlowKey, ShardsAreUsedEvenly) {
  std::array<int, 256> used{};
  for (std::uint16_t port = 0; port < 25'600; ++port) {
    const IpAddress client{{10, 0, 0, 1}, 4};
    const IpAddress server{{10, 0, 0, 2}, 4};
    ++used[shard_of(make_flow_key(client, port, server, 443, 6).key)];
  }
  for (const int count : used) {
    EXPECT_GT(count, 50);
    EXPECT_LT(count, 200);
  }
}

}  // namespace
}  // namespace tapdeck
