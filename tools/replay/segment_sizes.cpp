#include "tools/replay/segment_sizes.h"

#include "dissectors/ip_protocol.h"
#include "dissectors/network.h"
#include "dissectors/registry.h"
#include "dissectors/tcp_options.h"

namespace tapdeck {
namespace {

constexpr std::uint64_t seed = 0;  // whoever makes keys collide only makes sizes unknown

bool is_tcp(const Dissection& dissection) {
  return dissection.transport != Dissection::no_layer &&
         dissection.layers[dissection.transport].protocol == protocol_of<Tcp>;
}

Tcp tcp_of(const Dissection& dissection) {
  return Tcp(dissection.region_of(dissection.layers[dissection.transport]));
}

DirectedKey key_of(const Dissection& dissection) {
  const AddressPair addresses = addresses_of(dissection, dissection.layers[dissection.network]);
  const Tcp tcp = tcp_of(dissection);
  return make_flow_key(addresses.source, tcp.source_port(), addresses.destination,
                       tcp.destination_port(), IpProtocol::tcp);
}

/// What is taken where the option is missing (RFC 9293 §3.7.1).
std::uint16_t usual_size(const FlowKey& key) { return key.ip_version == 4 ? 536 : 1220; }

}  // namespace

void SegmentSizes::note(const Dissection& dissection) {
  if (!is_tcp(dissection) || (tcp_of(dissection).flags() & TcpFlags::syn) == 0) return;
  if (x_entries.empty()) x_entries.resize(room);
  const auto [key, direction] = key_of(dissection);
  Entry& entry = x_entries[table_hash(key, seed) % room];
  if (entry.key != key) {
    if (entry.key != FlowKey{}) ++x_forgotten;
    entry = {.key = key};
  }
  TcpOptions options;
  read_tcp_options(tcp_of(dissection).options(), options);
  const bool is_said = options.has_maximum_segment_size && options.maximum_segment_size != 0;
  entry.sizes[static_cast<std::size_t>(direction)] =
      is_said ? options.maximum_segment_size : usual_size(key);
}

std::size_t SegmentSizes::of_receiver(const Dissection& dissection) const {
  if (x_entries.empty() || !is_tcp(dissection)) return 0;
  const auto [key, direction] = key_of(dissection);
  const Entry& entry = x_entries[table_hash(key, seed) % room];
  return entry.key == key ? entry.sizes[static_cast<std::size_t>(opposite(direction))] : 0;
}

}  // namespace tapdeck
