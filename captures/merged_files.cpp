// The merge: a heap of the inputs' next packets. Bytes are copied into the batch handed out, since
// its packets come from many buffers.
#include "captures/merged_files.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace tapdeck {
namespace {

// The inputs' buffers together; where a few are read, a compressed one's reading ahead takes three
// more.
constexpr std::size_t most_look_ahead_octets = std::size_t{64} * 1024 * 1024;
constexpr std::size_t smallest_block_octets = std::size_t{16} * 1024;
constexpr std::size_t most_packets_in_batch = 4096;

}  // namespace

MergedFiles::MergedFiles(std::vector<InputPath> inputs, FileOpener& opener)
    : x_opener(opener),
      x_captures(inputs.size()),
      x_inputs(inputs.size()),
      x_block_octets(
          std::clamp(most_look_ahead_octets / (4 * std::max<std::size_t>(1, x_inputs.size())),
                     smallest_block_octets, default_block_octets)) {
  for (std::size_t number = 0; number < x_inputs.size(); ++number) {
    x_captures[number].file = std::move(inputs[number].file.path);
    x_captures[number].faults = std::move(inputs[number].faults);
    x_inputs[number].octets = inputs[number].file.octets;
    look_at_start(number);
  }
  std::ranges::make_heap(x_heads, std::greater<>());
}

void MergedFiles::look_at_start(std::size_t number) {
  Input& input = x_inputs[number];
  input.done = !x_captures[number].faults.empty();
  if (input.done) {
    return;
  }
  if (input.octets > 0) {
    CaptureInfo look;
    look.file = x_captures[number].file;
    CaptureFile file(0, look, recognition_block_octets, x_opener);
    PacketBatch first;
    if (file.next(first)) {
      x_heads.push_back({first.packets.front().time_ns, number});
      return;
    }
  }
  if (open(number)) {
    x_heads.push_back({input.batch.packets.front().time_ns, number});
  }
}

bool MergedFiles::open(std::size_t number) {
  x_inputs[number].file = std::make_unique<CaptureFile>(
      static_cast<std::uint16_t>(number), x_captures[number], x_block_octets, x_opener);
  return refill(number);
}

bool MergedFiles::refill(std::size_t number) {
  Input& input = x_inputs[number];
  input.position = 0;
  if (input.file->next(input.batch)) {
    return true;
  }
  input.octets = std::max(input.octets, input.file->octets_read());
  input.file.reset();
  input.batch = PacketBatch();
  input.done = true;
  return false;
}

bool MergedFiles::next(PacketBatch& batch) {
  batch.packets.clear();
  x_filled = 0;
  if (batch.buffer.size() < default_block_octets) {
    batch.buffer.resize(default_block_octets);
  }
  bool room = true;
  while (room && !x_heads.empty()) {
    std::ranges::pop_heap(x_heads, std::greater<>());
    const std::size_t number = x_heads.back().input;
    x_heads.pop_back();
    if (x_inputs[number].file || open(number)) {
      room = hand_out(number, batch);
    }
    if (!x_inputs[number].done) {
      const Input& input = x_inputs[number];
      x_heads.push_back({input.batch.packets[input.position].time_ns, number});
      std::ranges::push_heap(x_heads, std::greater<>());
    }
  }
  return !batch.packets.empty();
}

// Takes the input's packets as long as they are the earliest. False: the batch is full.
bool MergedFiles::hand_out(std::size_t number, PacketBatch& batch) {
  Input& input = x_inputs[number];
  while (!input.done) {
    Packet packet = input.batch.packets[input.position];
    if (!x_heads.empty() && x_heads.front() < Head{packet.time_ns, number}) {
      return true;
    }
    const std::size_t octets = packet.bytes.size();
    if (batch.packets.size() >= most_packets_in_batch || octets > batch.buffer.size() - x_filled) {
      if (!batch.packets.empty()) {
        return false;
      }
      batch.buffer.resize(octets);
    }
    const auto place = std::span(batch.buffer).subspan(x_filled, octets);
    std::ranges::copy(packet.bytes, place.begin());
    packet.bytes = place;
    x_filled += octets;
    renumber_comments(number, packet.number, ++x_number);
    packet.number = x_number;
    batch.packets.push_back(packet);
    if (++input.position == input.batch.packets.size() && !refill(number)) {
      return true;
    }
  }
  return true;
}

void MergedFiles::renumber_comments(std::size_t number, std::uint64_t own, std::uint64_t merged) {
  std::vector<PacketComment>& comments = x_captures[number].packet_comments;
  std::size_t& next = x_inputs[number].next_comment;
  for (; next < comments.size() && comments[next].packet_number == own; ++next) {
    comments[next].packet_number = merged;
  }
}

ReadProgress MergedFiles::progress() const {
  ReadProgress sum;
  bool known = true;
  for (const Input& input : x_inputs) {
    const std::uint64_t total = input.file ? input.file->octets_total() : input.octets;
    const std::uint64_t read = input.done ? input.octets : 0;
    sum.octets_read += input.file ? input.file->octets_read() : read;
    sum.octets_total += total;
    known = known && (total > 0 || input.done);
  }
  sum.octets_total = known ? sum.octets_total : 0;
  return sum;
}

}  // namespace tapdeck
