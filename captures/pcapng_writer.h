// Writes pcapng, little-endian, one section: an interface for each that the packets come from, with
// its link type, clock, name, description and filter.
#pragma once

#include <cstdint>
#include <map>
#include <utility>

#include "captures/capture_writer.h"
#include "captures/output_file.h"

namespace tapdeck {

class PcapngWriter final : public CaptureWriter {
 public:
  /// See create_capture.
  PcapngWriter(const std::string& path, const std::vector<CaptureInfo>& captures,
               FileOpener& opener);

  void write(const Packet& packet) override;
  void flush() override { x_file.flush(); }
  void close() override;
  [[nodiscard]] std::uint64_t octets_written() const override { return x_file.octets_written(); }

 private:
  struct Interface {
    std::uint32_t number = 0;
    bool nanoseconds = false;
  };

  void write_section_header();
  [[nodiscard]] Interface interface_of(const Packet& packet);
  [[nodiscard]] const CaptureInterface* find_interface(std::uint16_t capture,
                                                       std::uint32_t interface) const;
  void write_interface(const Packet& packet, bool nanoseconds);

  OutputFile x_file;
  const std::vector<CaptureInfo>& x_captures;
  std::map<std::pair<std::uint16_t, std::uint32_t>, Interface> x_interfaces;
  std::pair<std::uint16_t, std::uint32_t> x_recent_key{};
  Interface x_recent;
};

}  // namespace tapdeck
