// Writes the classic pcap format, little-endian, version 2.4.
#pragma once

#include <optional>

#include "captures/capture_writer.h"
#include "captures/output_file.h"

namespace tapdeck {

class PcapWriter final : public CaptureWriter {
 public:
  /// See create_capture.
  PcapWriter(const std::string& path, const std::vector<CaptureInfo>& captures, FileOpener& opener);

  void write(const Packet& packet) override;
  void flush() override { x_file.flush(); }
  void close() override;
  [[nodiscard]] std::uint64_t octets_written() const override { return x_file.octets_written(); }

 private:
  void write_header(LinkType link_type, std::uint8_t fcs_length, bool nanoseconds);
  [[nodiscard]] bool may_hold_nanoseconds() const;
  [[noreturn]] void refuse(const Packet& packet, const std::string& why) const;

  OutputFile x_file;
  const std::vector<CaptureInfo>& x_captures;
  std::optional<LinkType> x_link_type;  // empty: the header is not written yet
  bool x_nanoseconds = false;
};

}  // namespace tapdeck
