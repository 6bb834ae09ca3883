// The pcapng format: sections of either byte order, each with interfaces of their own link type and
// clock, and blocks of packets, counters, names and comments. What it doesn't know it skips.
// Options that run over their block end with it: where the next block begins is known all the same.
#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "captures/pcapng_format.h"
#include "captures/record_scanner.h"

namespace tapdeck {

[[nodiscard]] bool is_pcapng(Bytes first_octets);

class PcapngScanner final : public RecordScanner {
 public:
  /// `info` outlives the scanner; `capture` is what packets carry as Packet::capture.
  PcapngScanner(std::uint16_t capture, CaptureInfo& info);

  [[nodiscard]] ScanResult scan(Bytes window, std::uint64_t offset, bool last,
                                std::vector<Packet>& packets) override;

 private:
  /// What packets need of their interface, close together for the hot loop.
  struct Interface {
    std::uint32_t index = 0;  // in CaptureInfo::interfaces
    std::uint32_t snap_length = 0;
    LinkType link_type = LinkType::ethernet;
    std::uint8_t fcs_length = 0;
    std::uint8_t time_digits = 6;
    std::uint64_t packets = 0;
    pcapng::TimeScale time_scale = {};
  };

  /// An interface while its options are read.
  struct InterfaceDraft {
    CaptureInterface described;
    std::uint8_t fcs_length = 0;
    std::uint8_t time_resolution = 6;
    std::int64_t time_offset_seconds = 0;
  };

  /// A packet block's fields, whichever of the three kinds it is.
  struct PacketFields {
    std::uint32_t interface = 0;
    std::int64_t time_ns = 0;
    std::uint32_t captured = 0;
    std::uint32_t wire_length = 0;
    std::size_t data = 0;  // offset in the block's body
  };

  /// Empty: fine. Otherwise what is wrong with the block, in words.
  using Complaint = std::string;

  [[nodiscard]] std::size_t block_octets(Bytes rest, Complaint& complaint);
  [[nodiscard]] Complaint read_block(Bytes block, std::vector<Packet>& packets);
  [[nodiscard]] Complaint read_section_header(Bytes body);
  [[nodiscard]] Complaint read_interface(Bytes body);
  void read_interface_option(std::uint16_t code, Bytes value, InterfaceDraft& draft);
  [[nodiscard]] Complaint read_enhanced_packet(Bytes body, std::vector<Packet>& packets);
  [[nodiscard]] Complaint read_obsolete_packet(Bytes body, std::vector<Packet>& packets);
  [[nodiscard]] Complaint read_simple_packet(Bytes body, std::vector<Packet>& packets);
  [[nodiscard]] Complaint add_packet(Bytes body, const PacketFields& fields,
                                     std::vector<Packet>& packets);
  void add_drops(std::size_t interface, std::uint64_t drops);
  void read_packet_options(Bytes options, Packet& packet);
  template <typename Found>
  void read_options(Bytes options, Found&& found) {
    const auto overlong = pcapng::for_each_option(options, x_order, found);
    if (overlong && !x_overlong) x_overlong = overlong;
  }
  void note_overlong_option(std::uint64_t offset, std::uint64_t packets_before);
  void read_statistics(Bytes body);
  void read_names(Bytes body);
  void keep_name(Bytes address, Bytes name);
  void keep_comment(Bytes comment);
  [[nodiscard]] std::string keep_text(Bytes text);
  [[nodiscard]] std::uint64_t counter(Bytes value) const;
  void tell_info();

  std::uint16_t x_capture;
  CaptureInfo& x_info;
  std::endian x_order = std::endian::little;
  bool x_first_section = true;
  std::vector<Interface> x_interfaces;  // of this section
  PacketTally x_tally;
  std::uint64_t x_number = 0;
  std::int64_t x_previous_ns = 0;
  std::size_t x_text_octets_left;
  std::optional<pcapng::OverlongOption> x_overlong;  // the first one of all
  bool x_overlong_noted = false;
  CaptureFaultKind x_complaint_kind = CaptureFaultKind::bad_record;
};

}  // namespace tapdeck
