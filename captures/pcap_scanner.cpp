// Walking the records of a pcap file.
#include "captures/pcap_scanner.h"

#include <algorithm>
#include <string>
#include <utility>

namespace tapdeck {
namespace {

constexpr std::size_t record_octets = 16;
constexpr std::size_t modified_record_octets = 24;
constexpr std::size_t longer_modified_record_octets = 28;
constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;

}  // namespace

PcapScanner::PcapScanner(const PcapHeader& header, std::uint16_t capture, CaptureInfo& info)
    : x_header(header),
      x_capture(capture),
      x_info(info),
      x_record_octets(header.modified ? modified_record_octets : record_octets),
      x_record_octets_known(!header.modified) {
  x_info.format = FileFormat::pcap;
  x_info.interfaces.push_back(CaptureInterface{
      .link_type = header.link_type,
      .snap_length = header.snap_length,
      .time_digits = static_cast<std::uint8_t>(header.nanoseconds ? 9 : 6),
  });
}

ScanResult PcapScanner::scan(Bytes window, std::uint64_t offset, bool last,
                             std::vector<Packet>& packets) {
  if (!x_record_octets_known) {
    if (const std::size_t needed = choose_record_header(window); needed > window.size() && !last) {
      return {.needed = needed};
    }
    x_record_octets_known = true;
  }
  ScanResult result = x_header.order == std::endian::little
                          ? scan_in_order<std::endian::little>(window, packets)
                          : scan_in_order<std::endian::big>(window, packets);
  if (result.fault) {
    result.fault->offset = offset + result.consumed;
    result.fault->available = window.size() - result.consumed;
  }
  return result;
}

inline PcapScanner::Record PcapScanner::read_record(Bytes window, std::size_t at,
                                                    std::endian order) const {
  const auto seconds = read_in_order<std::uint32_t>(window, at, order);
  const auto fraction = read_in_order<std::uint32_t>(window, at + 4, order);
  auto captured = read_in_order<std::uint32_t>(window, at + 8, order);
  auto wire_length = read_in_order<std::uint32_t>(window, at + 12, order);
  const bool swapped = x_header.lengths == LengthOrder::wire_first ||
                       (x_header.lengths == LengthOrder::smaller_first && captured > wire_length);
  if (swapped) {
    std::swap(captured, wire_length);
  }
  const std::int64_t fraction_ns =
      x_header.nanoseconds ? std::int64_t{fraction} : std::int64_t{fraction} * 1000;
  return {.time_ns = std::int64_t{seconds} * nanoseconds_per_second + fraction_ns,
          .captured = captured,
          .wire_length = wire_length,
          .subsecond_overflow = fraction_ns >= nanoseconds_per_second};
}

template <std::endian order>
ScanResult PcapScanner::scan_in_order(Bytes window, std::vector<Packet>& packets) {
  ScanResult result{.needed = x_record_octets};
  const std::uint64_t number_before = x_number;
  const std::uint8_t time_digits = x_header.nanoseconds ? 9 : 6;
  while (window.size() - result.consumed >= x_record_octets) {
    const Record record = read_record(window, result.consumed, order);
    result.needed = x_record_octets + record.captured;
    if (is_bad(record)) [[unlikely]] {
      result.fault = bad_record(record);
      break;
    }
    if (window.size() - result.consumed < result.needed) {
      break;
    }
    const std::size_t data = result.consumed + x_record_octets;
    packets.push_back(Packet{.number = ++x_number,
                             .time_ns = record.time_ns,
                             .wire_length = record.wire_length,
                             .interface = 0,
                             .capture = x_capture,
                             .link_type = x_header.link_type,
                             .fcs_length = x_header.fcs_length,
                             .time_digits = time_digits,
                             .bytes = window.subspan(data, record.captured)});
    x_tally.count(record.time_ns, record.captured, record.wire_length, x_header.snap_length);
    x_subsecond_overflow += record.subsecond_overflow ? 1 : 0;
    result.consumed += result.needed;
    result.needed = x_record_octets;
  }
  if (x_number > number_before) {
    tell_info(x_number - number_before);
  }
  return result;
}

void PcapScanner::tell_info(std::uint64_t packets) {
  x_tally.move_to(x_info);
  x_info.oddities.subsecond_overflow = x_subsecond_overflow;
  x_info.interfaces.front().packets += packets;
  note_link_type(x_info, x_header.link_type);
}

CaptureFault PcapScanner::bad_record(const Record& record) const {
  return {.kind = CaptureFaultKind::bad_record,
          .packets_before = x_number,
          .needed = x_record_octets + record.captured,
          .detail = "its header claims " + std::to_string(record.captured) + " captured bytes of " +
                    std::to_string(record.wire_length)};
}

bool PcapScanner::is_bad(const Record& record) const {
  if (record.captured <= largest_common_snap_length) [[likely]] {
    return false;
  }
  return record.captured > largest_record_octets ||
         (record.captured > record.wire_length && record.captured > x_header.snap_length);
}

// One version of the modified format has 28 octets where the others have 24, under the same magic
// number: the record that follows the first one tells. Returns the octets needed to see it.
std::size_t PcapScanner::choose_record_header(Bytes window) {
  if (window.size() < record_octets) {
    return record_octets;
  }
  const std::uint32_t captured = read_record(window, 0, x_header.order).captured;
  if (captured > largest_common_snap_length) {
    return 0;
  }
  const auto fits = [&](std::size_t at) {
    return at == window.size() ||
           (at + record_octets <= window.size() && is_plausible_record(window, at));
  };
  const bool longer_fits = fits(longer_modified_record_octets + captured);
  x_record_octets = !fits(modified_record_octets + captured) && longer_fits
                        ? longer_modified_record_octets
                        : modified_record_octets;
  return longer_modified_record_octets + captured + record_octets;
}

bool PcapScanner::is_plausible_record(Bytes window, std::size_t at) const {
  const Record record = read_record(window, at, x_header.order);
  return !record.subsecond_overflow && record.captured > 0 &&
         record.captured <= record.wire_length && record.captured <= largest_common_snap_length;
}

}  // namespace tapdeck
