#include "dissectors/edit/incremental_checksum.h"

#include <random>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "dissectors/checksum.h"

namespace tapdeck {
namespace {

// RFC 1624 §4: the header's word 0x5555 becomes 0x3285, the checksum 0xdd2f becomes 0x0000.
static_assert(updated_checksum(0xdd2f, 0x5555, 0x3285) == 0x0000);

// What the sender left for its interface grows as the words do.
static_assert(updated_sum(0x1234, 0x0001, 0x0003) == 0x1236);
static_assert(updated_sum(0xfffe, 0x0000, 0x0002) == 0x0001);

static_assert(as_udp_checksum(0) == 0xffff);
static_assert(as_udp_checksum(0x0001) == 0x0001);

std::uint16_t full_checksum(const std::vector<std::byte>& data) {
  return static_cast<std::uint16_t>(~internet_sum(data));
}

/// The words are mostly zeros and ones, so that sums of zero come often.
TEST(IncrementalChecksum, EqualsAFullOneAfterAMillionEdits) {
  constexpr unsigned seed = 1624;
  std::mt19937 random(seed);
  SCOPED_TRACE(seed);
  constexpr std::size_t words = 6;
  std::vector<std::byte> data(2 * words, std::byte{1});
  const auto choose = [&] {
    constexpr std::uint16_t extremes[] = {0x0000, 0xffff, 0x0001, 0xfffe};
    const auto chosen = random();
    return chosen % 8 < 6 ? extremes[chosen / 8 % 4] : static_cast<std::uint16_t>(chosen >> 16U);
  };
  std::uint64_t zeros = 0, ones = 0;
  std::uint16_t checksum = full_checksum(data);
  for (int edit = 0; edit < 1'000'000; ++edit) {
    const std::size_t at = 2 * (random() % words);
    const std::uint16_t word = choose();
    const Bytes before = Bytes(data).subspan(at, 2);
    const std::uint16_t sum_before = internet_sum(before);
    // Sums over nothing but zeros don't occur: each header holds a protocol or a version.
    const std::uint16_t kept = at == 0 && word == 0 ? std::uint16_t{1} : word;
    data[at] = static_cast<std::byte>(kept >> 8U);
    data[at + 1] = static_cast<std::byte>(kept);
    checksum = updated_checksum(checksum, sum_before, internet_sum(before));
    const std::uint16_t full = full_checksum(data);
    zeros += full == 0 ? 1 : 0;
    ones += full == 0xffff ? 1 : 0;
    ASSERT_EQ(checksum, full) << "edit " << edit;
  }
  EXPECT_GT(zeros, 1000U);
  EXPECT_EQ(ones, 0U);
}

}  // namespace
}  // namespace tapdeck
