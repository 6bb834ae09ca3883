#include "analyzer/tcp/sent_segments.h"

#include <algorithm>
#include <bit>

namespace tapdeck {

std::size_t SentBlocks::size_index(std::size_t records) {
  return static_cast<std::size_t>(std::bit_width(records / smallest)) - 1;
}

SentSegment* SentBlocks::take(std::size_t records) {
  auto& free = x_free[size_index(records)];
  if (free.empty()) {
    // Small blocks come many at a time.
    const std::size_t count = std::max<std::size_t>(1, 512 / records);
    x_blocks.push_back(std::make_unique<SentSegment[]>(records * count));
    for (std::size_t i = 0; i < count; ++i) free.push_back(x_blocks.back().get() + i * records);
  }
  SentSegment* const block = free.back();
  free.pop_back();
  if (x_octets != nullptr) *x_octets += records * sizeof(SentSegment);
  return block;
}

void SentBlocks::give_back(SentSegment* block, std::size_t records) {
  x_free[size_index(records)].push_back(block);
  if (x_octets != nullptr) *x_octets -= records * sizeof(SentSegment);
}

void SentSegments::move_to(SentBlocks& blocks, std::uint32_t capacity) {
  SentSegment* const fresh = blocks.take(capacity);
  for (std::size_t i = 0; i < x_count; ++i) fresh[i] = (*this)[i];
  if (x_block != nullptr) blocks.give_back(x_block, x_capacity);
  x_block = fresh;
  x_capacity = capacity;
  x_head = 0;
}

void SentSegments::grow(SentBlocks& blocks) {
  move_to(blocks, x_capacity == 0 ? std::uint32_t{SentBlocks::smallest} : x_capacity * 2U);
}

void SentSegments::fit(SentBlocks& blocks) {
  const auto fitting = static_cast<std::uint32_t>(
      std::bit_ceil(std::max<std::size_t>(x_count + 1U, SentBlocks::smallest)));
  if (fitting < x_capacity) move_to(blocks, fitting);
}

std::size_t SentSegments::find_ending_after(SeqNum position) const {
  if (x_count == 0 || at_or_before(last().end, position)) return x_count;
  // What is asked for lies near the end: in strides from there, each twice the one before.
  std::size_t high = x_count - 1;
  std::size_t stride = 1;
  while (stride <= high && precedes(position, (*this)[high - stride].end)) {
    high -= stride;
    stride *= 2;
  }
  std::size_t low = stride <= high ? high - stride + 1 : 0;
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (precedes(position, (*this)[middle].end)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

void SentSegments::insert(SentBlocks& blocks, const SentSegment& segment) {
  if (x_count == x_capacity) {
    if (x_capacity == SentBlocks::largest) {
      remove_lowest();
      ++x_given_up;
    } else {
      grow(blocks);
    }
  }
  std::size_t at = x_count;
  ++x_count;
  for (; at > 0 && precedes(segment.begin, (*this)[at - 1].begin); --at) {
    (*this)[at] = (*this)[at - 1];
  }
  (*this)[at] = segment;
}

void SentSegments::release(SentBlocks& blocks) {
  if (x_block != nullptr) blocks.give_back(x_block, x_capacity);
  const std::uint32_t given_up = x_given_up;
  *this = {};
  x_given_up = given_up;
}

}  // namespace tapdeck
