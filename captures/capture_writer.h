// Writes packets to a capture file: pcap or pcapng, with the link types, clocks and interface names
// that the packets came with.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "captures/capture_info.h"
#include "captures/file_opener.h"
#include "captures/packet.h"

namespace tapdeck {

class CaptureWriter {
 public:
  CaptureWriter() = default;
  CaptureWriter(const CaptureWriter&) = delete;
  CaptureWriter& operator=(const CaptureWriter&) = delete;
  virtual ~CaptureWriter() = default;

  /// Throws Failure(unwritable_output).
  virtual void write(const Packet& packet) = 0;

  /// Hands everything written so far to the system. Throws Failure(unwritable_output).
  virtual void flush() = 0;

  /// Ends the file; a file without packets is a valid capture too. Throws
  /// Failure(unwritable_output). Without it an error at the end stays unseen.
  virtual void close() = 0;

  [[nodiscard]] virtual std::uint64_t octets_written() const = 0;
};

/// What an interface promised of the length of its packets holds for packets as they were captured;
/// others may be longer.
enum class PacketLengths : std::uint8_t { captured, maybe_longer };

/// Names, descriptions and filters of interfaces: people wrote them, and addresses into them.
enum class InterfaceTexts : std::uint8_t { kept, left_out };

/// "-" is standard output. A path that ends in ".pcap" gets pcap, which holds one link type and
/// times from 1970 to 2106 only: a packet of others throws Failure(unwritable_output) then.
/// Everything else gets pcapng. `captures` is where Packet::capture and Packet::interface point to;
/// it outlives the writer. Throws Failure(usage) if `path` is one of them, Failure if it can't be
/// created.
[[nodiscard]] std::unique_ptr<CaptureWriter> create_capture(
    const std::string& path, const std::vector<CaptureInfo>& captures,
    FileOpener& opener = own_rights(), PacketLengths lengths = PacketLengths::captured,
    InterfaceTexts texts = InterfaceTexts::kept);

}  // namespace tapdeck
