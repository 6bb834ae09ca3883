#include "dissectors/ethernet.h"

#include "dissectors/numbers.h"
#include "dissectors/trailer.h"

namespace tapdeck {
namespace {

std::string kind_of(const MacAddress& address) {
  constexpr MacAddress broadcast{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};
  if (address == broadcast) return "broadcast";
  return (address.octets[0] & 1U) != 0 ? "multicast" : "";
}

}  // namespace

void Ethernet::describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
  const Ethernet header(dissection.region_of(layer));
  sink.add("destination", 0, 6, to_string(header.destination()), kind_of(header.destination()));
  sink.add("source", 6, 6, to_string(header.source()), kind_of(header.source()));
  describe_type_or_length(header.type_or_length(), 12, sink);
  describe_trailer(dissection, layer, shortest_frame, sink);
}

void Ethernet::describe_type_or_length(std::uint16_t value, std::size_t offset, FieldSink& sink) {
  if (value > longest_payload) {
    sink.add("type", offset, 2, std::uint64_t{value}, ether_type_name(value));
  } else {
    sink.add("length", offset, 2, std::uint64_t{value});
  }
}

}  // namespace tapdeck
