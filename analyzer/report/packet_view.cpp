#include "analyzer/report/packet_view.h"

#include <algorithm>
#include <functional>

namespace tapdeck {
namespace {

constexpr auto before = std::less<const std::byte*>{};

bool lies_in(Bytes part, Bytes whole) {
  return !whole.empty() && !before(part.data(), whole.data()) &&
         !before(whole.data() + whole.size(), part.data() + part.size());
}

Bytes buffer_of(const Dissection& dissection, std::uint8_t buffer) {
  return buffer == 0 ? dissection.frame : dissection.datagrams[buffer - 1U];
}

void mark(std::vector<bool>& held, std::size_t begin, std::size_t length) {
  for (std::size_t at = begin; at < std::min(held.size(), begin + length); ++at) held[at] = true;
}

/// Which octets of a buffer the field tree holds.
std::vector<bool> octets_held(Bytes whole, std::uint8_t buffer,
                              const std::vector<LayerFields>& tree) {
  std::vector<bool> held(whole.size(), false);
  for (const LayerFields& layer : tree) {
    if (layer.layer.reassembled != buffer) continue;
    for (const Field& field : layer.fields) mark(held, field.offset, field.length);
  }
  return held;
}

void add_runs(std::vector<LooseOctets>& result, std::string_view name, std::uint8_t buffer,
              const std::vector<bool>& held, std::size_t begin, std::size_t end, Bytes whole) {
  while (begin < end) {
    if (held[begin]) {
      ++begin;
      continue;
    }
    std::size_t stop = begin;
    while (stop < end && !held[stop]) ++stop;
    result.push_back(
        {name, buffer, static_cast<std::uint32_t>(begin), whole.subspan(begin, stop - begin)});
    begin = stop;
  }
}

}  // namespace

std::vector<LooseOctets> loose_octets(const Dissection& dissection,
                                      const std::vector<LayerFields>& tree) {
  std::vector<LooseOctets> result;
  const Bytes payload = dissection.payload.bytes;
  for (std::uint8_t buffer = 0; buffer <= Dissection::max_datagrams; ++buffer) {
    const Bytes whole = buffer_of(dissection, buffer);
    if (whole.empty()) break;
    const bool next = buffer < Dissection::max_datagrams && !dissection.datagrams[buffer].empty();
    const std::vector<bool> held = octets_held(whole, buffer, tree);
    std::size_t begin = whole.size();
    std::size_t end = begin;
    if (!next && lies_in(payload, whole)) {
      begin = static_cast<std::size_t>(payload.data() - whole.data());
      end = begin + payload.size();
    }
    add_runs(result, next ? "fragment" : "octets", buffer, held, 0, begin, whole);
    add_runs(result, dissection.is_fragment ? "fragment" : "payload", buffer, held, begin, end,
             whole);
    add_runs(result, "octets", buffer, held, end, whole.size(), whole);
  }
  return result;
}

const Layer* top_layer(const Dissection& dissection) {
  const Layer* top = nullptr;
  for (const Layer& layer : dissection.all_layers()) {
    if (!layer.quoted) top = &layer;
  }
  return top;
}

}  // namespace tapdeck
