// pcap records from packets.
#include "captures/pcap_writer.h"

#include <algorithm>
#include <limits>
#include <string>

#include "captures/failure.h"
#include "captures/little_endian_octets.h"
#include "captures/pcap_format.h"

namespace tapdeck {
namespace {

constexpr std::uint32_t snap_length = 262'144;
constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;

bool is_representable(std::int64_t time_ns) {
  constexpr std::int64_t end =
      (std::int64_t{std::numeric_limits<std::uint32_t>::max()} + 1) * nanoseconds_per_second;
  return time_ns >= 0 && time_ns < end;
}

}  // namespace

PcapWriter::PcapWriter(const std::string& path, const std::vector<CaptureInfo>& captures,
                       FileOpener& opener)
    : x_file(path, opener), x_captures(captures) {}

void PcapWriter::write(const Packet& packet) {
  if (!x_link_type) {
    write_header(packet.link_type, packet.fcs_length,
                 packet.time_digits > 6 || may_hold_nanoseconds());
  }
  if (*x_link_type != packet.link_type) {
    refuse(packet, "holds packets of one link type only, and after " + to_string(*x_link_type) +
                       " comes " + to_string(packet.link_type));
  }
  if (!is_representable(packet.time_ns)) {
    refuse(packet, "holds times from 1970 to 2106 only, and here comes another one");
  }
  const std::int64_t fraction_ns = packet.time_ns % nanoseconds_per_second;
  LittleEndianOctets<16> head;
  head.add(static_cast<std::uint32_t>(packet.time_ns / nanoseconds_per_second))
      .add(static_cast<std::uint32_t>(x_nanoseconds ? fraction_ns : fraction_ns / 1000))
      .add(static_cast<std::uint32_t>(packet.bytes.size()))
      .add(packet.wire_length);
  x_file.write({head.bytes(), packet.bytes});
}

void PcapWriter::refuse(const Packet& packet, const std::string& why) const {
  throw Failure(ExitCode::unwritable_output, x_file.path() + ": pcap " + why + " (packet " +
                                                 std::to_string(packet.number) +
                                                 "): write to a name that ends in .pcapng");
}

void PcapWriter::close() {
  if (!x_link_type) {
    const bool known = !x_captures.empty() && !x_captures.front().interfaces.empty();
    write_header(known ? x_captures.front().interfaces.front().link_type : LinkType::ethernet, 0,
                 may_hold_nanoseconds());
  }
  x_file.close();
}

void PcapWriter::write_header(LinkType link_type, std::uint8_t fcs_length, bool nanoseconds) {
  x_link_type = link_type;
  x_nanoseconds = nanoseconds;
  const auto fcs_words = static_cast<std::uint32_t>(fcs_length / 2) & 0x0f;
  const std::uint32_t fcs_bits =
      fcs_length > 0 ? fcs_words << pcap::fcs_length_shift | pcap::fcs_length_given : 0;
  LittleEndianOctets<24> header;
  header.add(x_nanoseconds ? pcap::nanoseconds_magic : pcap::microseconds_magic)
      .add(std::uint16_t{2})
      .add(std::uint16_t{4})
      .add(std::uint64_t{0})
      .add(snap_length)
      .add(static_cast<std::uint32_t>(link_type) | fcs_bits);
  x_file.write(header.bytes());
}

/// Captures that are opened later, and interfaces that pcapng describes later, may have finer times
/// than what is known when the header is written.
bool PcapWriter::may_hold_nanoseconds() const {
  return x_captures.size() > 1 || std::ranges::any_of(x_captures, [](const CaptureInfo& capture) {
           return capture.format == FileFormat::pcapng ||
                  std::ranges::any_of(capture.interfaces, [](const CaptureInterface& interface) {
                    return interface.time_digits > 6;
                  });
         });
}

}  // namespace tapdeck
