// The classic pcap format with its variants: both byte orders, micro- and nanoseconds, the longer
// record headers of Kuznetzov's tcpdump, the swapped lengths of versions before 2.4, and AIX.
#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <variant>

#include "captures/record_scanner.h"

namespace tapdeck {

inline constexpr std::size_t pcap_header_octets = 24;

/// In which order a record gives its two lengths. Version 2.3 was written both ways.
enum class LengthOrder : std::uint8_t { captured_first, wire_first, smaller_first };

struct PcapHeader {
  std::endian order = std::endian::little;
  LengthOrder lengths = LengthOrder::captured_first;
  bool nanoseconds = false;
  /// Kuznetzov's tcpdump: 24 octets a record in most versions, 28 in one.
  bool modified = false;
  std::uint8_t fcs_length = 0;
  LinkType link_type = LinkType::ethernet;
  std::uint32_t snap_length = 0;
};

[[nodiscard]] bool is_pcap(Bytes first_octets);

/// Requires: is_pcap(bytes), bytes.size() >= pcap_header_octets.
[[nodiscard]] std::variant<PcapHeader, CaptureFault> parse_pcap_header(Bytes bytes);

class PcapScanner final : public RecordScanner {
 public:
  /// `info` outlives the scanner; `capture` is what packets carry as Packet::capture.
  PcapScanner(const PcapHeader& header, std::uint16_t capture, CaptureInfo& info);

  [[nodiscard]] ScanResult scan(Bytes window, std::uint64_t offset, bool last,
                                std::vector<Packet>& packets) override;

 private:
  struct Record {
    std::int64_t time_ns;
    std::uint32_t captured;
    std::uint32_t wire_length;
    bool subsecond_overflow;
  };

  template <std::endian order>
  [[nodiscard]] ScanResult scan_in_order(Bytes window, std::vector<Packet>& packets);
  [[nodiscard]] Record read_record(Bytes window, std::size_t at, std::endian order) const;
  [[nodiscard]] bool is_bad(const Record& record) const;
  [[nodiscard]] CaptureFault bad_record(const Record& record) const;
  void tell_info(std::uint64_t packets);
  [[nodiscard]] std::size_t choose_record_header(Bytes window);
  [[nodiscard]] bool is_plausible_record(Bytes window, std::size_t at) const;

  PcapHeader x_header;
  std::uint16_t x_capture;
  CaptureInfo& x_info;
  std::size_t x_record_octets;
  bool x_record_octets_known;
  PacketTally x_tally;
  std::uint64_t x_subsecond_overflow = 0;
  std::uint64_t x_number = 0;
};

}  // namespace tapdeck
