#include "dissectors/edit/vlan_tags.h"

#include <algorithm>
#include <array>

#include "dissectors/edit/write_octets.h"
#include "dissectors/ethernet.h"
#include "dissectors/vlan.h"

namespace tapdeck {
namespace {

/// Type and tag control information: what a tag adds before the type that was there.
constexpr std::size_t tag_octets = 4;
constexpr std::size_t first_tag = Ethernet::header_octets - 2;

constexpr std::uint16_t customer_tag = 0x8100;

bool is_tag_type(std::uint16_t type) {
  return std::ranges::any_of(Vlan::attaches_to,
                             [&](Selector selector) { return selector.value() == type; });
}

std::size_t place_of(std::size_t depth) { return first_tag + depth * tag_octets; }

void fill(std::vector<std::byte>& frame, std::size_t at, const VlanFields& fields) {
  if (fields.type) write_big_endian(frame, at, *fields.type);
  std::uint16_t information = read_big_endian<std::uint16_t>(frame, at + 2);
  const auto set_bits = [&](std::uint16_t mask, unsigned bits) {
    information = static_cast<std::uint16_t>((information & ~mask) | (bits & mask));
  };
  if (fields.vlan_id) set_bits(0x0fff, *fields.vlan_id);
  if (fields.drop_eligible) set_bits(0x1000, *fields.drop_eligible ? 0x1000U : 0U);
  if (fields.priority) set_bits(0xe000, unsigned{*fields.priority} << 13U);
  write_big_endian(frame, at + 2, information);
}

}  // namespace

std::size_t count_vlan_tags(Bytes frame) {
  std::size_t count = 0;
  while (frame.size() >= place_of(count) + tag_octets &&
         is_tag_type(read_big_endian<std::uint16_t>(frame, place_of(count)))) {
    ++count;
  }
  return count;
}

bool push_vlan_tag(std::vector<std::byte>& frame, std::size_t depth, const VlanFields& fields) {
  const bool has_type = frame.size() >= place_of(depth) + 2;
  if (!has_type || count_vlan_tags(frame) < depth) return false;
  constexpr std::array<std::byte, tag_octets> empty{};
  frame.insert(frame.begin() + static_cast<std::ptrdiff_t>(place_of(depth)), empty.begin(),
               empty.end());
  write_big_endian(frame, place_of(depth), customer_tag);
  fill(frame, place_of(depth), fields);
  return true;
}

bool pop_vlan_tag(std::vector<std::byte>& frame, std::size_t depth) {
  if (count_vlan_tags(frame) <= depth) return false;
  const auto begin = frame.begin() + static_cast<std::ptrdiff_t>(place_of(depth));
  frame.erase(begin, begin + tag_octets);
  return true;
}

bool set_vlan_tag(std::vector<std::byte>& frame, std::size_t depth, const VlanFields& fields) {
  if (count_vlan_tags(frame) <= depth) return false;
  fill(frame, place_of(depth), fields);
  return true;
}

}  // namespace tapdeck
