#include "tools/tapdeck/terminal/connection_saver.h"

#include <utility>

#include "dissectors/network.h"

namespace tapdeck {
namespace {

FlowKey key_of(const LiveRow& connection) {
  return make_flow_key(connection.client.address, connection.client.port.value_or(0),
                       connection.server.address, connection.server.port.value_or(0),
                       connection.ip_protocol)
      .key;
}

}  // namespace

ConnectionSaver::ConnectionSaver(std::unique_ptr<CaptureWriter> writer, const LiveRow& connection)
    : x_writer(std::move(writer)),
      x_first_frame(connection.id),
      x_has_ports(connection.server.port.has_value()),
      x_key(key_of(connection)),
      x_reader(false) {}

void ConnectionSaver::add(const Packet& packet) {
  if (packet.number >= x_first_frame && belongs(packet)) {
    x_writer->write(packet);
    ++x_packets;
  }
  x_dissector.release_datagrams();
}

void ConnectionSaver::add(const PacketBatch& batch) {
  for (const Packet& packet : batch.packets) add(packet);
}

bool ConnectionSaver::belongs(const Packet& packet) {
  x_dissector.dissect(packet, x_dissection);
  if (x_dissection.is_fragment) return is_fragment_of_it();
  if (!x_reader.read(packet, x_dissection, ChecksumStatus::unverifiable, x_datagram)) return false;
  FlowKey key = x_datagram.key;
  key.tunnels = 0;
  if (!x_has_ports) key.low_port = key.high_port = 0;
  return key == x_key;
}

bool ConnectionSaver::is_fragment_of_it() const {
  if (x_dissection.network == Dissection::no_layer) return false;
  if (x_dissection.ip_protocol != x_key.ip_protocol) return false;
  const auto [source, destination] =
      addresses_of(x_dissection, x_dissection.layers[x_dissection.network]);
  const auto [key, direction] = make_flow_key(source, 0, destination, 0, x_key.ip_protocol);
  return key.low_address == x_key.low_address && key.high_address == x_key.high_address;
}

}  // namespace tapdeck
