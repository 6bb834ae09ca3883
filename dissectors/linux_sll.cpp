#include "dissectors/linux_sll.h"

#include <algorithm>

#include "dissectors/link_numbers.h"
#include "dissectors/numbers.h"
#include "dissectors/octets.h"

namespace tapdeck {
namespace {

std::string packet_type_name(std::uint16_t packet_type) {
  constexpr std::array names{"to this host", "broadcast", "multicast", "to another host",
                             "sent by this host"};
  return packet_type < names.size() ? names[packet_type] : "";
}

std::string protocol_name(std::uint16_t hardware, std::uint16_t protocol) {
  const Selector selector = cooked_selector(hardware, protocol);
  if (selector == by(InnerHeader::llc)) return "LLC";
  return selector.space() == SelectorSpace::ether_type ? ether_type_name(protocol) : "";
}

void describe_address(Bytes address, std::size_t offset, std::size_t length, FieldSink& sink) {
  const std::size_t used = std::min(length, address.size());
  if (used != 0) sink.add("address", offset, used, octets_as_hex(address.first(used)));
  if (used == address.size()) return;
  sink.add("unused", offset + used, address.size() - used, octets_as_hex(address.subspan(used)));
}

}  // namespace

void LinuxSll::describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
  const LinuxSll header(dissection.region_of(layer));
  sink.add("packet_type", 0, 2, std::uint64_t{header.packet_type()},
           packet_type_name(header.packet_type()));
  sink.add("hardware", 2, 2, std::uint64_t{header.hardware()},
           arp_hardware_name(header.hardware()));
  sink.add("address_length", 4, 2, std::uint64_t{header.address_length()});
  describe_address(header.address(), 6, header.address_length(), sink);
  sink.add("protocol", 14, 2, std::uint64_t{header.protocol()},
           protocol_name(header.hardware(), header.protocol()));
}

void LinuxSll2::describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
  const LinuxSll2 header(dissection.region_of(layer));
  sink.add("protocol", 0, 2, std::uint64_t{header.protocol()},
           protocol_name(header.hardware(), header.protocol()));
  sink.add("reserved", 2, 2, std::uint64_t{read_big_endian<std::uint16_t>(header.x_bytes, 2)});
  sink.add("interface_index", 4, 4, std::uint64_t{header.interface_index()});
  sink.add("hardware", 8, 2, std::uint64_t{header.hardware()},
           arp_hardware_name(header.hardware()));
  sink.add("packet_type", 10, 1, std::uint64_t{header.packet_type()},
           packet_type_name(header.packet_type()));
  sink.add("address_length", 11, 1, std::uint64_t{header.address_length()});
  describe_address(header.address(), 12, header.address_length(), sink);
}

}  // namespace tapdeck
