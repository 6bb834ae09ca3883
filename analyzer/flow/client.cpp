#include "analyzer/flow/client.h"

#include "analyzer/flow/socket.h"
#include "dissectors/ip_protocol.h"

namespace tapdeck {
namespace {

struct Ends {
  std::uint16_t sender;
  std::uint16_t receiver;
};

Ends ends_of(const Datagram& datagram) {
  const FlowKey& key = datagram.key;
  if (datagram.direction == Direction::low_to_high) return {key.low_port, key.high_port};
  return {key.high_port, key.low_port};
}

bool has_service(std::uint16_t port, std::uint8_t ip_protocol) {
  return !service_name(port, ip_protocol).empty();
}

ClientChoice choose_by_port(const Datagram& datagram) {
  const Ends ports = ends_of(datagram);
  const PortClass sender = port_class_of(ports.sender);
  const PortClass receiver = port_class_of(ports.receiver);
  if (sender != receiver) return {sender > receiver, ClientKnownBy::port};
  const std::uint8_t protocol = datagram.key.ip_protocol;
  const bool sender_serves = has_service(ports.sender, protocol);
  const bool receiver_serves = has_service(ports.receiver, protocol);
  if (sender_serves != receiver_serves) return {receiver_serves, ClientKnownBy::port};
  return {};
}

}  // namespace

ClientChoice choose_client(const Datagram& first) {
  const std::uint8_t protocol = first.key.ip_protocol;
  if (first.kind == Datagram::Kind::tcp && !first.segment.has(TcpFlags::rst)) {
    if (first.segment.is_syn()) return {true, ClientKnownBy::syn};
    if (first.segment.is_syn_ack()) return {false, ClientKnownBy::syn_ack};
  }
  if (!IpProtocol::has_ports(protocol)) return {};
  return choose_by_port(first);
}

}  // namespace tapdeck
