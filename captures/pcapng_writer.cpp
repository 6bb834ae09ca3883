// pcapng blocks from packets.
#include "captures/pcapng_writer.h"

#include <array>
#include <string>

#include "captures/little_endian_octets.h"
#include "captures/pcapng_block.h"
#include "captures/pcapng_format.h"

namespace tapdeck {
namespace {

using pcapng::BlockType;
using pcapng::padded;

std::vector<std::byte> section_header() {
  constexpr std::uint64_t section_length_unknown = ~std::uint64_t{0};
  pcapng::Options options;
  options.add_text(pcapng::option::section_application, "tapdeck");
  return pcapng::block_of(BlockType::section_header,
                          LittleEndianOctets<16>()
                              .add(pcapng::byte_order_magic)
                              .add(std::uint16_t{1})
                              .add(std::uint16_t{0})
                              .add(section_length_unknown)
                              .bytes(),
                          options);
}

/// `known` is null where nothing but its packets is known of an interface.
std::vector<std::byte> interface_description(const CaptureInterface* known, LinkType link_type,
                                             bool nanoseconds, std::uint8_t fcs_length,
                                             PacketLengths lengths, InterfaceTexts texts) {
  const bool keeps_limit = known != nullptr && lengths == PacketLengths::captured;
  pcapng::Options options;
  if (known != nullptr && texts == InterfaceTexts::kept) {
    options.add_text(pcapng::option::interface_name, known->name);
    options.add_text(pcapng::option::interface_description, known->description);
    if (!known->filter.empty()) {
      // The first octet says that it is an expression, not a program.
      options.add_text(pcapng::option::interface_filter, std::string(1, '\0') + known->filter);
    }
  }
  options.add_number(pcapng::option::interface_time_resolution,
                     static_cast<std::uint8_t>(nanoseconds ? 9 : 6));
  if (fcs_length > 0) options.add_number(pcapng::option::interface_fcs_length, fcs_length);
  return pcapng::block_of(BlockType::interface_description,
                          LittleEndianOctets<8>()
                              .add(static_cast<std::uint16_t>(link_type))
                              .add(std::uint16_t{0})
                              .add(keeps_limit ? known->snap_length : std::uint32_t{0})
                              .bytes(),
                          options);
}

bool counts_nanoseconds(std::uint8_t time_digits) { return time_digits > 6; }

std::uint64_t stamp_of(std::int64_t time_ns, bool nanoseconds) {
  return static_cast<std::uint64_t>(nanoseconds ? time_ns : time_ns / 1000);
}

}  // namespace

PcapngWriter::PcapngWriter(const std::string& path, const std::vector<CaptureInfo>& captures,
                           FileOpener& opener, PacketLengths lengths, InterfaceTexts texts)
    : x_file(path, opener), x_captures(captures), x_lengths(lengths), x_texts(texts) {
  x_file.write(section_header());
}

PcapngWriter::PcapngWriter(const std::string& path, int descriptor,
                           const std::vector<CaptureInfo>& captures, WriteOctets write)
    : x_file(path, descriptor, std::move(write)), x_captures(captures) {
  for (std::uint32_t i = 0; i < captures.front().interfaces.size(); ++i) {
    add_interface({0, i}, counts_nanoseconds(captures.front().interfaces[i].time_digits));
  }
}

std::vector<std::byte> PcapngWriter::beginning(const std::vector<CaptureInfo>& captures) {
  std::vector<std::byte> octets = section_header();
  for (const CaptureInterface& known : captures.front().interfaces) {
    const auto described =
        interface_description(&known, known.link_type, counts_nanoseconds(known.time_digits), 0,
                              PacketLengths::captured, InterfaceTexts::kept);
    octets.insert(octets.end(), described.begin(), described.end());
  }
  return octets;
}

void PcapngWriter::write(const Packet& packet, std::string_view comment) {
  const Interface interface = interface_of(packet);
  const std::uint64_t stamp = stamp_of(packet.time_ns, interface.nanoseconds);
  pcapng::Options options;
  options.add_text(pcapng::option::comment, comment);
  const Bytes behind = options.finished();
  const std::size_t data_octets = padded(packet.bytes.size());
  constexpr std::size_t fixed_octets = 20;
  const auto length = static_cast<std::uint32_t>(pcapng::smallest_block_octets + fixed_octets +
                                                 data_octets + behind.size());
  LittleEndianOctets<28> head;
  head.add(static_cast<std::uint32_t>(BlockType::enhanced_packet))
      .add(length)
      .add(interface.number)
      .add(static_cast<std::uint32_t>(stamp >> 32))
      .add(static_cast<std::uint32_t>(stamp))
      .add(static_cast<std::uint32_t>(packet.bytes.size()))
      .add(packet.wire_length);
  const std::array<std::byte, 3> padding{};
  const auto repeated = LittleEndianOctets<4>().add(length);
  x_file.write({head.bytes(), packet.bytes, Bytes(padding).first(data_octets - packet.bytes.size()),
                behind, repeated.bytes()});
}

void PcapngWriter::write_statistics(const InterfaceStatistics& statistics, std::int64_t begin_ns,
                                    std::int64_t end_ns, std::string_view comment) {
  const bool nanoseconds = x_interfaces.begin()->second.nanoseconds;
  const auto half_swapped = [&](std::int64_t time_ns) {
    const std::uint64_t stamp = stamp_of(time_ns, nanoseconds);
    return stamp >> 32U | stamp << 32U;  // the upper half goes first
  };
  pcapng::Options options;
  options.add_text(pcapng::option::comment, comment);
  options.add_number(pcapng::option::statistics_begin, half_swapped(begin_ns));
  options.add_number(pcapng::option::statistics_end, half_swapped(end_ns));
  const auto add = [&](std::uint16_t code, const std::optional<std::uint64_t>& count) {
    if (count) options.add_number(code, *count);
  };
  add(pcapng::option::statistics_received, statistics.received);
  add(pcapng::option::statistics_dropped_by_interface, statistics.dropped_by_interface);
  add(pcapng::option::statistics_accepted_by_filter, statistics.accepted_by_filter);
  add(pcapng::option::statistics_dropped_by_system, statistics.dropped_by_system);
  add(pcapng::option::statistics_delivered, statistics.delivered);
  x_file.write(pcapng::block_of(
      BlockType::interface_statistics,
      LittleEndianOctets<12>().add(std::uint32_t{0}).add(half_swapped(end_ns)).bytes(), options));
}

PcapngWriter::Interface PcapngWriter::interface_of(const Packet& packet) {
  const InterfaceKey key{packet.capture, packet.interface};
  if (!x_interfaces.empty() && key == x_recent_key) {
    return x_recent;
  }
  const auto found = x_interfaces.find(key);
  if (found != x_interfaces.end()) {
    x_recent = found->second;
  } else {
    const bool nanoseconds = counts_nanoseconds(packet.time_digits);
    x_file.write(interface_description(find_interface(packet.capture, packet.interface),
                                       packet.link_type, nanoseconds, packet.fcs_length, x_lengths,
                                       x_texts));
    x_recent = add_interface(key, nanoseconds);
  }
  x_recent_key = key;
  return x_recent;
}

PcapngWriter::Interface PcapngWriter::add_interface(InterfaceKey key, bool nanoseconds) {
  const Interface added{.number = static_cast<std::uint32_t>(x_interfaces.size()),
                        .nanoseconds = nanoseconds};
  if (x_interfaces.empty()) {
    x_recent_key = key;
    x_recent = added;
  }
  return x_interfaces.emplace(key, added).first->second;
}

const CaptureInterface* PcapngWriter::find_interface(std::uint16_t capture,
                                                     std::uint32_t interface) const {
  if (capture >= x_captures.size() || interface >= x_captures[capture].interfaces.size()) {
    return nullptr;
  }
  return &x_captures[capture].interfaces[interface];
}

// Programs that use libpcap refuse a file without any interface.
void PcapngWriter::close() {
  if (x_interfaces.empty()) {
    Packet none;
    if (const CaptureInterface* known = find_interface(0, 0); known != nullptr) {
      none.link_type = known->link_type;
      none.time_digits = known->time_digits;
    }
    static_cast<void>(interface_of(none));
  }
  x_file.close();
}

}  // namespace tapdeck
