// What one endpoint sent lately, as it passed the capture point: a record for each range, ordered
// by sequence number, with the marks by which a repeat, a copy and a late original are told apart.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "analyzer/flow/slab.h"
#include "analyzer/tcp/seq_num.h"

namespace tapdeck {

struct SentSegment {
  SeqNum begin;
  SeqNum end;                 // after the last octet, FIN included
  std::int64_t first_ns = 0;  // what was overtaken was missed from then on
  std::int64_t last_ns = 0;
  std::uint64_t frame = 0;  // of the last transmission
  std::uint32_t first_timestamp = 0;
  std::uint32_t last_timestamp = 0;
  std::uint16_t first_ip_id = 0;
  std::uint16_t last_ip_id = 0;
  std::uint32_t fingerprint = 0;   // of the last transmission
  std::uint16_t payload_sum = 0;   // if has_payload_sum
  std::uint8_t transmissions = 1;  // copies don't count
  std::uint8_t copies = 0;
  bool has_payload_sum : 1 = false;
  bool pushed : 1 = false;
  bool not_accepted : 1 = false;  // what passed so far was refused by the receiver's PAWS
  bool reneged : 1 = false;       // held by the receiver, and given up again
  bool corrupted : 1 = false;     // …by its checksum
  bool first_unseen : 1 = false;  // what was seen first was a repeat
  bool filled_gap : 1 = false;    // what was seen first came behind what was sent later
  std::uint16_t taken_ip_id = 0;  // of the earliest sent that the receiver took, 0: unknown

  [[nodiscard]] bool is_repeated() const { return transmissions > 1 || first_unseen; }
};

/// Blocks of records in sizes of powers of two, used again when given back.
class SentBlocks {
 public:
  static constexpr std::size_t smallest = 4;
  static constexpr std::size_t largest = 4096;

  /// As Slab::count_into.
  void count_into(std::size_t& octets) { x_octets = &octets; }
  [[nodiscard]] SentSegment* take(std::size_t records);
  void give_back(SentSegment* block, std::size_t records);

 private:
  static constexpr std::size_t sizes = 11;
  static std::size_t size_index(std::size_t records);

  std::size_t* x_octets = nullptr;
  std::vector<std::unique_ptr<SentSegment[]>> x_blocks;
  std::array<std::vector<SentSegment*>, sizes> x_free;
};

class SentSegments {
 public:
  [[nodiscard]] bool empty() const { return x_count == 0; }
  [[nodiscard]] std::size_t size() const { return x_count; }
  [[nodiscard]] SentSegment& operator[](std::size_t at) { return x_block[place(at)]; }
  [[nodiscard]] const SentSegment& operator[](std::size_t at) const { return x_block[place(at)]; }
  [[nodiscard]] SentSegment& last() { return (*this)[x_count - 1]; }
  [[nodiscard]] const SentSegment& last() const { return (*this)[x_count - 1]; }

  /// The first record that ends above `position`; size() if there is none.
  [[nodiscard]] std::size_t find_ending_after(SeqNum position) const;

  /// Keeps the order: mostly it goes behind the last one. At the bound the lowest gives way.
  void insert(SentBlocks& blocks, const SentSegment& segment);

  void remove_lowest() {
    x_head = (x_head + 1) & (x_capacity - 1);
    --x_count;
  }
  [[nodiscard]] std::uint32_t given_up() const { return x_given_up; }
  /// The next one needs more room.
  [[nodiscard]] bool full() const { return x_count == x_capacity; }

  /// Ask memory for the newest record; for it and the place of the next one.
  void prefetch_last() const {
    if (x_count != 0) prefetch_lines(&last(), &last() + 1);
  }
  void prefetch_end() const {
    if (x_count != 0) prefetch_lines(&last(), &last() + 2);
  }

  /// Hardly anything will be added: gives back the room that isn't needed.
  void fit(SentBlocks& blocks);
  /// Gives the room back; what was given up stays counted.
  void release(SentBlocks& blocks);

 private:
  [[nodiscard]] std::size_t place(std::size_t at) const { return (x_head + at) & (x_capacity - 1); }
  void grow(SentBlocks& blocks);
  void move_to(SentBlocks& blocks, std::uint32_t capacity);

  SentSegment* x_block = nullptr;
  std::uint32_t x_capacity = 0;
  std::uint32_t x_head = 0;
  std::uint32_t x_count = 0;
  std::uint32_t x_given_up = 0;
};

}  // namespace tapdeck
