// Choosing the method.
#include "captures/transmit/transmitter.h"

#include "captures/failure.h"
#include "captures/transmit/af_xdp_socket.h"
#include "captures/transmit/packet_socket.h"
#include "captures/transmit/pcap_inject.h"

namespace tapdeck {

std::unique_ptr<Transmitter> open_transmitter(TransmitMethod method, const std::string& interface) {
  switch (method) {
    case TransmitMethod::packet:
      return std::make_unique<PacketSocket>(interface, Queueing::used);
    case TransmitMethod::direct:
      return std::make_unique<PacketSocket>(interface, Queueing::bypassed);
    case TransmitMethod::pcap:
      return std::make_unique<PcapInject>(interface);
    case TransmitMethod::af_xdp:
      return std::make_unique<AfXdpSocket>(interface);
  }
  throw Failure(ExitCode::usage, "no such method of sending");
}

}  // namespace tapdeck
