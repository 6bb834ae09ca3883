// pcapng blocks from packets.
#include "captures/pcapng_writer.h"

#include <array>
#include <span>
#include <string_view>

#include "captures/little_endian_octets.h"
#include "captures/pcapng_format.h"

namespace tapdeck {
namespace {

using pcapng::BlockType;
using pcapng::padded;

constexpr std::array<std::byte, 3> padding{};

/// The body of a description block with its options.
class BlockBody {
 public:
  template <std::size_t capacity>
  explicit BlockBody(const LittleEndianOctets<capacity>& fixed) {
    append(fixed.bytes());
  }

  /// Options hold at most 65,535 octets; a longer text is cut.
  void add_option(std::uint16_t code, Bytes value) {
    constexpr std::size_t longest = 0xffff;
    value = value.first(std::min(value.size(), longest));
    append(LittleEndianOctets<4>().add(code).add(static_cast<std::uint16_t>(value.size())).bytes());
    append(value);
    append(Bytes(padding).first(padded(value.size()) - value.size()));
  }

  void add_text(std::uint16_t code, std::string_view text) {
    if (!text.empty()) {
      add_option(code, std::as_bytes(std::span(text)));
    }
  }

  void end_options() { append(LittleEndianOctets<4>().add(std::uint32_t{0}).bytes()); }

  [[nodiscard]] Bytes bytes() const { return x_octets; }

 private:
  void append(Bytes bytes) { x_octets.insert(x_octets.end(), bytes.begin(), bytes.end()); }

  std::vector<std::byte> x_octets;
};

void write_block(OutputFile& file, BlockType type, Bytes body) {
  const auto length = static_cast<std::uint32_t>(body.size() + pcapng::smallest_block_octets);
  const auto head = LittleEndianOctets<8>().add(static_cast<std::uint32_t>(type)).add(length);
  file.write(head.bytes(), body, LittleEndianOctets<4>().add(length).bytes());
}

}  // namespace

PcapngWriter::PcapngWriter(const std::string& path, const std::vector<CaptureInfo>& captures,
                           FileOpener& opener)
    : x_file(path, opener), x_captures(captures) {
  write_section_header();
}

void PcapngWriter::write_section_header() {
  constexpr std::uint64_t section_length_unknown = ~std::uint64_t{0};
  BlockBody body(LittleEndianOctets<16>()
                     .add(pcapng::byte_order_magic)
                     .add(std::uint16_t{1})
                     .add(std::uint16_t{0})
                     .add(section_length_unknown));
  body.add_text(pcapng::option::section_application, "tapdeck");
  body.end_options();
  write_block(x_file, BlockType::section_header, body.bytes());
}

void PcapngWriter::write(const Packet& packet) {
  const Interface interface = interface_of(packet);
  const std::int64_t count = interface.nanoseconds ? packet.time_ns : packet.time_ns / 1000;
  const auto stamp = static_cast<std::uint64_t>(count);
  const std::size_t data_octets = padded(packet.bytes.size());
  constexpr std::size_t fixed_octets = 20;
  const auto length =
      static_cast<std::uint32_t>(pcapng::smallest_block_octets + fixed_octets + data_octets);
  LittleEndianOctets<28> head;
  head.add(static_cast<std::uint32_t>(BlockType::enhanced_packet))
      .add(length)
      .add(interface.number)
      .add(static_cast<std::uint32_t>(stamp >> 32))
      .add(static_cast<std::uint32_t>(stamp))
      .add(static_cast<std::uint32_t>(packet.bytes.size()))
      .add(packet.wire_length);
  std::array<std::byte, 7> tail{};
  const std::size_t padding_octets = data_octets - packet.bytes.size();
  const auto repeated = LittleEndianOctets<4>().add(length);
  std::ranges::copy(repeated.bytes(), tail.begin() + static_cast<std::ptrdiff_t>(padding_octets));
  x_file.write(head.bytes(), packet.bytes,
               Bytes(tail).first(padding_octets + pcapng::block_tail_octets));
}

PcapngWriter::Interface PcapngWriter::interface_of(const Packet& packet) {
  const std::pair key{packet.capture, packet.interface};
  if (!x_interfaces.empty() && key == x_recent_key) {
    return x_recent;
  }
  auto found = x_interfaces.find(key);
  if (found == x_interfaces.end()) {
    const Interface added{.number = static_cast<std::uint32_t>(x_interfaces.size()),
                          .nanoseconds = packet.time_digits > 6};
    write_interface(packet, added.nanoseconds);
    found = x_interfaces.emplace(key, added).first;
  }
  x_recent_key = key;
  x_recent = found->second;
  return x_recent;
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

void PcapngWriter::write_interface(const Packet& packet, bool nanoseconds) {
  const CaptureInterface* known = find_interface(packet.capture, packet.interface);
  BlockBody body(LittleEndianOctets<8>()
                     .add(static_cast<std::uint16_t>(packet.link_type))
                     .add(std::uint16_t{0})
                     .add(known != nullptr ? known->snap_length : std::uint32_t{0}));
  if (known != nullptr) {
    body.add_text(pcapng::option::interface_name, known->name);
    body.add_text(pcapng::option::interface_description, known->description);
    if (!known->filter.empty()) {
      // The first octet says that it is an expression, not a program.
      body.add_text(pcapng::option::interface_filter, std::string(1, '\0') + known->filter);
    }
  }
  const auto add_octet = [&body](std::uint16_t code, std::uint8_t value) {
    body.add_option(code, LittleEndianOctets<1>().add(value).bytes());
  };
  add_octet(pcapng::option::interface_time_resolution, nanoseconds ? 9 : 6);
  if (packet.fcs_length > 0) {
    add_octet(pcapng::option::interface_fcs_length, packet.fcs_length);
  }
  body.end_options();
  write_block(x_file, BlockType::interface_description, body.bytes());
}

}  // namespace tapdeck
