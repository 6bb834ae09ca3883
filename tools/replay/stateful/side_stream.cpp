#include "tools/replay/stateful/side_stream.h"

#include <algorithm>
#include <utility>

namespace tapdeck {

void SideStream::begin_at(SeqNum number) {
  if (x_begun && (x_next != 0 || !x_waiting.empty())) return;
  x_begun = true;
  x_next_number = number;
}

void SideStream::wait(std::uint64_t place, Region payload, const Arrival& arrival) {
  if (payload.length == 0 && !arrival.finishes) return;
  const std::uint64_t taken = payload.bytes.size() + sizeof(Waiting);
  if (x_waiting_octets + taken > most_waiting || !x_memory.take(taken)) {
    x_missing = (x_waiting.empty() ? place : std::min(place, x_waiting.begin()->first)) - x_next;
    x_stopped = true;
    drop_waiting();
    return;
  }
  x_waiting_octets += taken;
  x_waiting.emplace(place, Waiting{.octets = {payload.bytes.begin(), payload.bytes.end()},
                                   .declared = payload.length,
                                   .arrival = arrival});
}

void SideStream::stop_for_cut(std::uint64_t octets) {
  x_stopped = x_cut = true;
  x_missing = octets;
}

void SideStream::give_back(const Waiting& piece) {
  const std::uint64_t taken = piece.octets.size() + sizeof(Waiting);
  x_waiting_octets -= taken;
  x_memory.give_back(taken);
}

void SideStream::drop_waiting() {
  for (const auto& [place, piece] : x_waiting) give_back(piece);
  x_waiting.clear();
}

std::uint64_t SideStream::missing(std::uint64_t heard) const {
  if (x_stopped) return x_missing;
  if (x_finished) return 0;
  if (!x_waiting.empty()) return x_waiting.begin()->first - x_next;
  return heard > x_next ? heard - x_next : 0;
}

}  // namespace tapdeck
