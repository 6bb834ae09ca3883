#include "analyzer/report/held_rows.h"

#include <algorithm>

namespace tapdeck {

void HeldRows::write(std::string_view bytes) {
  if (x_open) {
    x_rows.back().text += bytes;
  } else {
    x_sink.write(bytes);
  }
}

void HeldRows::put_verdict(VerdictText text) {
  x_rows.back().places.push_back({x_rows.back().text.size(), std::move(text)});
}

void HeldRows::open_row(std::uint64_t frame) {
  x_rows.push_back({.frame = frame});
  x_open = true;
}

void HeldRows::close_row(bool verdict_follows) {
  x_open = false;
  x_rows.back().waits = verdict_follows;
  x_octets += x_rows.back().text.size();
  release_settled();
  while (x_rows.size() > x_bounds.rows || x_octets > x_bounds.octets) {
    ++x_released_early;
    release_first();
    release_settled();
  }
}

void HeldRows::settle(const FrameVerdict& verdict) {
  const auto row = std::ranges::lower_bound(x_rows, verdict.frame, {}, &Row::frame);
  if (row == x_rows.end() || row->frame != verdict.frame) return;
  row->verdict = verdict.verdict;
  row->waits = false;
  release_settled();
}

void HeldRows::release() {
  while (!x_rows.empty()) release_first();
}

void HeldRows::release_settled() {
  while (!x_rows.empty() && !x_rows.front().waits) release_first();
}

void HeldRows::release_first() {
  const Row& row = x_rows.front();
  const Verdict* const verdict = row.verdict ? &*row.verdict : nullptr;
  std::string_view rest = row.text;
  std::size_t written = 0;
  for (const Place& place : row.places) {
    x_sink.write(rest.substr(0, place.offset - written));
    rest.remove_prefix(place.offset - written);
    written = place.offset;
    x_sink.write(place.text(verdict));
  }
  x_sink.write(rest);
  x_octets -= row.text.size();
  x_rows.pop_front();
}

}  // namespace tapdeck
