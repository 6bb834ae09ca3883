// Walking the blocks of a pcapng file; the packets among them.
#include "captures/pcapng_scanner.h"

#include <algorithm>
#include <limits>

namespace tapdeck {

using pcapng::BlockType;

namespace {

// Comments and names of one capture; what comes after is counted only.
constexpr std::size_t most_text_octets = std::size_t{4} * 1024 * 1024;

}  // namespace

bool is_pcapng(Bytes first_octets) {
  return first_octets.size() >= 4 && read_big_endian<std::uint32_t>(first_octets, 0) ==
                                         static_cast<std::uint32_t>(BlockType::section_header);
}

PcapngScanner::PcapngScanner(std::uint16_t capture, CaptureInfo& info)
    : x_capture(capture), x_info(info), x_text_octets_left(most_text_octets) {
  x_info.format = FileFormat::pcapng;
}

ScanResult PcapngScanner::scan(Bytes window, std::uint64_t offset, bool /*last*/,
                               std::vector<Packet>& packets) {
  ScanResult result{.needed = pcapng::smallest_block_octets};
  Complaint complaint;
  while (complaint.empty()) {
    const Bytes rest = window.subspan(result.consumed);
    if (rest.size() < pcapng::smallest_block_octets) {
      result.needed = pcapng::smallest_block_octets;
      break;
    }
    result.needed = block_octets(rest, complaint);
    if (!complaint.empty() || rest.size() < result.needed) {
      break;
    }
    const std::uint64_t packets_before = x_number;
    complaint = read_block(rest.first(result.needed), packets);
    if (x_overlong && !x_overlong_noted) [[unlikely]] {
      note_overlong_option(offset + result.consumed, packets_before);
    }
    result.consumed += complaint.empty() ? result.needed : 0;
  }
  if (!complaint.empty()) {
    result.fault = CaptureFault{.kind = x_complaint_kind,
                                .offset = offset + result.consumed,
                                .packets_before = x_number,
                                .needed = result.needed,
                                .available = window.size() - result.consumed,
                                .detail = complaint};
  }
  tell_info();
  return result;
}

// Requires: rest holds a smallest block. A section header says itself in which order it is written.
std::size_t PcapngScanner::block_octets(Bytes rest, Complaint& complaint) {
  if (is_pcapng(rest)) {
    const auto magic = read_little_endian<std::uint32_t>(rest, pcapng::block_head_octets);
    x_order = magic == pcapng::byte_order_magic ? std::endian::little : std::endian::big;
    if (read_in_order<std::uint32_t>(rest, pcapng::block_head_octets, x_order) !=
        pcapng::byte_order_magic) {
      complaint = "a section header without the byte-order magic";
      return pcapng::smallest_block_octets;
    }
  }
  const auto claimed = read_in_order<std::uint32_t>(rest, 4, x_order);
  if (claimed < pcapng::smallest_block_octets || claimed > largest_record_octets) {
    complaint = "a block that claims to be " + std::to_string(claimed) + " bytes long";
  }
  return pcapng::padded(claimed);
}

PcapngScanner::Complaint PcapngScanner::read_block(Bytes block, std::vector<Packet>& packets) {
  const Bytes body =
      block.subspan(pcapng::block_head_octets, block.size() - pcapng::smallest_block_octets);
  const auto length = read_in_order<std::uint32_t>(block, 4, x_order);
  const auto repeated =
      read_in_order<std::uint32_t>(block, block.size() - pcapng::block_tail_octets, x_order);
  if (length != repeated) [[unlikely]] {
    return "a block that says " + std::to_string(length) + " bytes at its start and " +
           std::to_string(repeated) + " at its end";
  }
  switch (static_cast<BlockType>(read_in_order<std::uint32_t>(block, 0, x_order))) {
    case BlockType::enhanced_packet:
      return read_enhanced_packet(body, packets);
    case BlockType::simple_packet:
      return read_simple_packet(body, packets);
    case BlockType::obsolete_packet:
      return read_obsolete_packet(body, packets);
    case BlockType::interface_description:
      return read_interface(body);
    case BlockType::interface_statistics:
      read_statistics(body);
      return {};
    case BlockType::name_resolution:
      read_names(body);
      return {};
    case BlockType::section_header:
      return read_section_header(body);
    case BlockType::decryption_secrets:
      return {};
  }
  ++x_info.oddities.unknown_blocks;
  return {};
}

PcapngScanner::Complaint PcapngScanner::read_enhanced_packet(Bytes body,
                                                             std::vector<Packet>& packets) {
  constexpr std::size_t fixed_octets = 20;
  if (body.size() < fixed_octets) {
    return "an enhanced packet block too short for its fields";
  }
  PacketFields fields{.interface = read_in_order<std::uint32_t>(body, 0, x_order),
                      .captured = read_in_order<std::uint32_t>(body, 12, x_order),
                      .wire_length = read_in_order<std::uint32_t>(body, 16, x_order),
                      .data = fixed_octets};
  if (fields.interface < x_interfaces.size()) {
    const std::uint64_t high = read_in_order<std::uint32_t>(body, 4, x_order);
    const std::uint64_t low = read_in_order<std::uint32_t>(body, 8, x_order);
    fields.time_ns = x_interfaces[fields.interface].time_scale.nanoseconds(high << 32 | low);
  }
  return add_packet(body, fields, packets);
}

PcapngScanner::Complaint PcapngScanner::read_obsolete_packet(Bytes body,
                                                             std::vector<Packet>& packets) {
  constexpr std::size_t fixed_octets = 20;
  if (body.size() < fixed_octets) {
    return "a packet block too short for its fields";
  }
  PacketFields fields{.interface = read_in_order<std::uint16_t>(body, 0, x_order),
                      .captured = read_in_order<std::uint32_t>(body, 12, x_order),
                      .wire_length = read_in_order<std::uint32_t>(body, 16, x_order),
                      .data = fixed_octets};
  if (fields.interface < x_interfaces.size()) {
    const Interface& interface = x_interfaces[fields.interface];
    const std::uint64_t high = read_in_order<std::uint32_t>(body, 4, x_order);
    const std::uint64_t low = read_in_order<std::uint32_t>(body, 8, x_order);
    fields.time_ns = interface.time_scale.nanoseconds(high << 32 | low);
    constexpr std::uint16_t drops_unknown = 0xffff;
    const auto drops = read_in_order<std::uint16_t>(body, 2, x_order);
    add_drops(interface.index, drops == drops_unknown ? 0U : drops);
  }
  return add_packet(body, fields, packets);
}

PcapngScanner::Complaint PcapngScanner::read_simple_packet(Bytes body,
                                                           std::vector<Packet>& packets) {
  constexpr std::size_t fixed_octets = 4;
  if (body.size() < fixed_octets) {
    return "a simple packet block too short for its field";
  }
  const auto wire_length = read_in_order<std::uint32_t>(body, 0, x_order);
  auto captured =
      static_cast<std::uint32_t>(std::min<std::size_t>(wire_length, body.size() - fixed_octets));
  if (!x_interfaces.empty() && x_interfaces.front().snap_length != 0) {
    captured = std::min(captured, x_interfaces.front().snap_length);
  }
  ++x_info.oddities.no_time_stamp;
  return add_packet(body,
                    {.time_ns = x_previous_ns,
                     .captured = captured,
                     .wire_length = wire_length,
                     .data = fixed_octets},
                    packets);
}

PcapngScanner::Complaint PcapngScanner::add_packet(Bytes body, const PacketFields& fields,
                                                   std::vector<Packet>& packets) {
  if (fields.interface >= x_interfaces.size()) [[unlikely]] {
    x_complaint_kind = CaptureFaultKind::unknown_interface;
    return "it names number " + std::to_string(fields.interface) + " of " +
           std::to_string(x_interfaces.size());
  }
  const std::size_t room = body.size() - fields.data;
  if (fields.captured > room) [[unlikely]] {
    return "a block with room for " + std::to_string(room) + " bytes that claims " +
           std::to_string(fields.captured);
  }
  Interface& interface = x_interfaces[fields.interface];
  packets.push_back(Packet{.number = ++x_number,
                           .time_ns = fields.time_ns,
                           .wire_length = fields.wire_length,
                           .interface = interface.index,
                           .capture = x_capture,
                           .link_type = interface.link_type,
                           .fcs_length = interface.fcs_length,
                           .time_digits = interface.time_digits,
                           .bytes = body.subspan(fields.data, fields.captured)});
  x_tally.count(fields.time_ns, fields.captured, fields.wire_length, interface.snap_length);
  x_previous_ns = fields.time_ns;
  if (interface.packets++ == 0) {
    note_link_type(x_info, interface.link_type);
  }
  const std::size_t options = fields.data + pcapng::padded(fields.captured);
  if (options < body.size()) {
    read_packet_options(body.subspan(options), packets.back());
  }
  return {};
}

/// What is forged stays too large.
void PcapngScanner::add_drops(std::size_t interface, std::uint64_t drops) {
  std::uint64_t& sum = x_info.interfaces[interface].dropped_between_packets;
  if (__builtin_add_overflow(sum, drops, &sum)) sum = std::numeric_limits<std::uint64_t>::max();
}

void PcapngScanner::read_packet_options(Bytes options, Packet& packet) {
  read_options(options, [&](std::uint16_t code, Bytes value) {
    if (code == pcapng::option::comment) {
      if (std::string text = keep_text(value); !text.empty()) {
        x_info.packet_comments.push_back({packet.number, std::move(text)});
      }
    } else if (code == pcapng::option::packet_flags && value.size() >= 4) {
      const auto flags = read_in_order<std::uint32_t>(value, 0, x_order);
      const auto fcs_length = static_cast<std::uint8_t>((flags >> 5) & 0x0f);
      packet.fcs_length = fcs_length != 0 ? fcs_length : packet.fcs_length;
    } else if (code == pcapng::option::packet_drop_count) {
      add_drops(packet.interface, counter(value));
    }
  });
}

// Once: what makes one block's options wrong makes those of the next wrong too.
void PcapngScanner::note_overlong_option(std::uint64_t offset, std::uint64_t packets_before) {
  x_overlong_noted = true;
  x_info.faults.push_back({.kind = CaptureFaultKind::bad_record,
                           .offset = offset,
                           .packets_before = packets_before,
                           .detail = "an option that claims " +
                                     std::to_string(x_overlong->claimed) + " bytes, of which " +
                                     std::to_string(x_overlong->available) +
                                     " are in its block; what follows that block was read"});
}

// The counts kept beside the hot loop go where everybody sees them.
void PcapngScanner::tell_info() {
  x_tally.move_to(x_info);
  for (Interface& interface : x_interfaces) {
    x_info.interfaces[interface.index].packets += interface.packets;
    interface.packets = 0;
  }
}

}  // namespace tapdeck
