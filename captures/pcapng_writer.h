// Writes pcapng, little-endian, one section: an interface for each that the packets come from, with
// its link type, clock, name, description and filter.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "captures/capture_writer.h"
#include "captures/output_file.h"

namespace tapdeck {

class PcapngWriter final : public CaptureWriter {
 public:
  /// See create_capture.
  PcapngWriter(const std::string& path, const std::vector<CaptureInfo>& captures,
               FileOpener& opener, PacketLengths lengths = PacketLengths::captured,
               InterfaceTexts texts = InterfaceTexts::kept);

  /// What a capture begins with that already tells of the interfaces of the first of `captures`.
  [[nodiscard]] static std::vector<std::byte> beginning(const std::vector<CaptureInfo>& captures);
  /// Goes on behind that. The descriptor is this object's from now on.
  PcapngWriter(const std::string& path, int descriptor, const std::vector<CaptureInfo>& captures,
               WriteOctets write = write_octets);

  void write(const Packet& packet) override { write(packet, {}); }
  /// With a comment that other programs show beside the packet.
  void write(const Packet& packet, std::string_view comment);
  /// What the first interface counted from one time to the other.
  void write_statistics(const InterfaceStatistics& statistics, std::int64_t begin_ns,
                        std::int64_t end_ns, std::string_view comment = {});
  void flush() override { x_file.flush(); }
  void close() override;
  [[nodiscard]] std::uint64_t octets_written() const override { return x_file.octets_written(); }
  /// Blocks written by this object that the system has taken whole.
  [[nodiscard]] std::uint64_t blocks_safe() const { return x_file.records_safe(); }

 private:
  struct Interface {
    std::uint32_t number = 0;
    bool nanoseconds = false;
  };
  using InterfaceKey = std::pair<std::uint16_t, std::uint32_t>;

  [[nodiscard]] Interface interface_of(const Packet& packet);
  Interface add_interface(InterfaceKey key, bool nanoseconds);
  [[nodiscard]] const CaptureInterface* find_interface(std::uint16_t capture,
                                                       std::uint32_t interface) const;

  OutputFile x_file;
  const std::vector<CaptureInfo>& x_captures;
  PacketLengths x_lengths = PacketLengths::captured;
  InterfaceTexts x_texts = InterfaceTexts::kept;
  std::map<InterfaceKey, Interface> x_interfaces;
  InterfaceKey x_recent_key{};
  Interface x_recent;
};

}  // namespace tapdeck
