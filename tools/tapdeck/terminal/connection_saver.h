// Writes the packets of one connection to a capture: what its two sockets sent each other.
#pragma once

#include <cstdint>
#include <memory>

#include "analyzer/flow/datagram_reader.h"
#include "captures/capture_writer.h"
#include "dissectors/dissector.h"
#include "tools/tapdeck/live_table.h"

namespace tapdeck {

class ConnectionSaver {
 public:
  ConnectionSaver(std::unique_ptr<CaptureWriter> writer, const LiveRow& connection);

  /// Writes the packet if it belongs to the connection: from its first one on, between its sockets,
  /// in a tunnel or not, ICMP errors about it among them. Of a fragmented datagram only the whole
  /// has ports, so that fragments between its hosts are taken for its own. Throws
  /// Failure(unwritable_output).
  void add(const Packet& packet);
  void add(const PacketBatch& batch);

  /// As CaptureWriter's.
  void flush() { x_writer->flush(); }
  void close() { x_writer->close(); }

  [[nodiscard]] std::uint64_t packets() const { return x_packets; }

 private:
  [[nodiscard]] bool belongs(const Packet& packet);
  [[nodiscard]] bool is_fragment_of_it() const;

  std::unique_ptr<CaptureWriter> x_writer;
  std::uint64_t x_first_frame;
  bool x_has_ports;
  FlowKey x_key;
  Dissector x_dissector;
  Dissection x_dissection;
  DatagramReader x_reader;
  Datagram x_datagram;
  std::uint64_t x_packets = 0;
};

}  // namespace tapdeck
