#include "tools/lab/truth/tcp_frame.h"

#include "captures/capture_file.h"
#include "captures/failure.h"
#include "dissectors/dissector.h"
#include "dissectors/ipv4.h"
#include "dissectors/network.h"
#include "dissectors/registry.h"
#include "dissectors/tcp.h"
#include "dissectors/tcp_options.h"

namespace tapdeck {
namespace {

std::uint32_t sequence_octets(const Tcp& header, const Layer& layer) {
  const std::uint32_t payload = layer.declared - std::min(layer.declared, layer.header_length);
  const bool syn = (header.flags() & TcpFlags::syn) != 0;
  const bool fin = (header.flags() & TcpFlags::fin) != 0;
  return payload + (syn ? 1U : 0U) + (fin ? 1U : 0U);
}

std::optional<TcpFrame> read_frame(const Packet& packet, const Dissection& dissection) {
  if (dissection.transport == Dissection::no_layer || dissection.ip_protocol != 6) {
    return std::nullopt;
  }
  const Layer& layer = dissection.layers[dissection.transport];
  const Layer& network = dissection.layers[dissection.network];
  const Tcp header(dissection.region_of(layer));
  TcpOptions options;
  read_tcp_options(header.options(), options);
  const AddressPair addresses = addresses_of(dissection, network);
  TcpFrame frame{.time_ns = packet.time_ns,
                 .source = {addresses.source, header.source_port()},
                 .destination = {addresses.destination, header.destination_port()},
                 .seg_seq = {header.sequence_number()},
                 .seg_ack = {header.acknowledgment_number()},
                 .seg_len = sequence_octets(header, layer),
                 .flags = header.flags(),
                 .window_field = header.window_field()};
  if (options.has_window_scale) frame.window_scale = options.window_scale;
  if (options.has_timestamps) frame.timestamp_value = options.timestamp_value;
  if (addresses.source.version == 4) {
    frame.identification = Ipv4(dissection.region_of(network)).identification();
  }
  return frame;
}

}  // namespace

std::vector<std::optional<TcpFrame>> read_tcp_frames(const std::string& path) {
  CaptureInfo info;
  info.file = path;
  CaptureFile file(0, info);
  Dissector dissector;
  Dissection dissection;
  PacketBatch batch;
  std::vector<std::optional<TcpFrame>> frames;
  while (file.next(batch)) {
    for (const Packet& packet : batch.packets) {
      dissector.dissect(packet, dissection);
      frames.push_back(read_frame(packet, dissection));
    }
    dissector.release_datagrams();
  }
  if (!info.faults.empty()) {
    throw Failure(ExitCode::unreadable_input, path + " " + describe(info.faults.front()));
  }
  return frames;
}

}  // namespace tapdeck
