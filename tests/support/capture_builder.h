// Capture files put together octet by octet in tests, in either byte order, right or wrong.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace tapdeck::test {

using Octets = std::vector<std::byte>;

inline Octets octets_of(std::string_view text) {
  Octets octets;
  for (const char letter : text) octets.push_back(static_cast<std::byte>(letter));
  return octets;
}

inline Octets operator+(Octets left, const Octets& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

/// Numbers and texts one behind the other.
class OctetWriter {
 public:
  explicit OctetWriter(std::endian order = std::endian::little) : x_order(order) {}

  template <std::unsigned_integral T>
  OctetWriter& add(T value) {
    for (std::size_t index = 0; index < sizeof(T); ++index) {
      const std::size_t place = x_order == std::endian::little ? index : sizeof(T) - 1 - index;
      x_octets.push_back(static_cast<std::byte>(value >> (8 * place)));
    }
    return *this;
  }
  OctetWriter& add(const Octets& octets) {
    x_octets = std::move(x_octets) + octets;
    return *this;
  }
  OctetWriter& pad_to_four() {
    x_octets.resize((x_octets.size() + 3) & ~std::size_t{3});
    return *this;
  }

  [[nodiscard]] const Octets& octets() const { return x_octets; }
  [[nodiscard]] std::endian order() const { return x_order; }

 private:
  std::endian x_order;
  Octets x_octets;
};

struct PcapFileHeader {
  std::endian order = std::endian::little;
  std::uint32_t magic = 0xa1b2c3d4;
  std::uint16_t major = 2;
  std::uint16_t minor = 4;
  std::uint32_t snap_length = 65535;
  std::uint32_t link_type = 1;
};

struct PcapRecord {
  std::uint32_t seconds = 0;
  std::uint32_t fraction = 0;
  Octets data = {};
  std::optional<std::uint32_t> wire_length = {};  // empty: as captured
  std::optional<std::uint32_t> captured = {};     // empty: as `data` has
};

/// A pcap file: `PcapBuilder().add({1, 0, frame}).octets()`.
class PcapBuilder {
 public:
  explicit PcapBuilder(const PcapFileHeader& header = {}) : x_writer(header.order) {
    x_writer.add(header.magic).add(header.major).add(header.minor);
    x_writer.add(std::uint64_t{0}).add(header.snap_length).add(header.link_type);
  }

  /// `extra`: octets between the record's header and its data (the modified format).
  PcapBuilder& add(const PcapRecord& record, const Octets& extra = {}) {
    const auto size = static_cast<std::uint32_t>(record.data.size());
    x_writer.add(record.seconds).add(record.fraction);
    x_writer.add(record.captured.value_or(size)).add(record.wire_length.value_or(size));
    x_writer.add(extra).add(record.data);
    return *this;
  }

  [[nodiscard]] const Octets& octets() const { return x_writer.octets(); }

 private:
  OctetWriter x_writer;
};

struct PcapngOption {
  std::uint16_t code = 0;
  Octets value = {};
};
using PcapngOptions = std::initializer_list<PcapngOption>;

struct PcapngInterface {
  std::uint16_t link_type = 1;
  std::uint32_t snap_length = 0;
};

struct PcapngPacket {
  std::uint32_t interface = 0;
  std::uint64_t time = 0;
  Octets data = {};
  std::optional<std::uint32_t> wire_length = {};
  std::optional<std::uint32_t> captured = {};
};

/// A pcapng file. `section()` starts a section; each may have its own byte order.
class PcapngBuilder {
 public:
  PcapngBuilder& section(std::endian order = std::endian::little, PcapngOptions options = {},
                         std::uint16_t major = 1, std::uint16_t minor = 0) {
    x_order = order;
    OctetWriter body(order);
    body.add(std::uint32_t{0x1a2b3c4d}).add(major).add(minor).add(~std::uint64_t{0});
    return block(0x0a0d0d0a, body, options);
  }

  PcapngBuilder& interface(const PcapngInterface& interface = {}, PcapngOptions options = {}) {
    OctetWriter body(x_order);
    body.add(interface.link_type).add(std::uint16_t{0}).add(interface.snap_length);
    return block(1, body, options);
  }

  PcapngBuilder& enhanced(const PcapngPacket& packet, PcapngOptions options = {}) {
    OctetWriter body(x_order);
    body.add(packet.interface);
    add_packet(body, packet);
    return block(6, body, options);
  }

  PcapngBuilder& obsolete(const PcapngPacket& packet, std::uint16_t drops = 0) {
    OctetWriter body(x_order);
    body.add(static_cast<std::uint16_t>(packet.interface)).add(drops);
    add_packet(body, packet);
    return block(2, body);
  }

  PcapngBuilder& simple(const Octets& data, std::uint32_t wire_length) {
    OctetWriter body(x_order);
    body.add(wire_length).add(data).pad_to_four();
    return block(3, body);
  }

  /// Any block; `length`: what it claims of itself in place of the truth.
  PcapngBuilder& block(std::uint32_t type, OctetWriter body, PcapngOptions options = {},
                       std::optional<std::uint32_t> length = {}) {
    for (const PcapngOption& option : options) add_option(body, option);
    if (options.size() > 0) body.add(std::uint32_t{0});
    const auto whole = static_cast<std::uint32_t>(body.octets().size() + 12);
    OctetWriter block(x_order);
    block.add(type).add(length.value_or(whole)).add(body.octets()).add(length.value_or(whole));
    return raw(block.octets());
  }

  PcapngBuilder& raw(const Octets& octets) {
    x_octets = std::move(x_octets) + octets;
    return *this;
  }

  [[nodiscard]] OctetWriter body() const { return OctetWriter(x_order); }
  [[nodiscard]] const Octets& octets() const { return x_octets; }

 private:
  static void add_packet(OctetWriter& body, const PcapngPacket& packet) {
    const auto size = static_cast<std::uint32_t>(packet.data.size());
    body.add(static_cast<std::uint32_t>(packet.time >> 32));
    body.add(static_cast<std::uint32_t>(packet.time));
    body.add(packet.captured.value_or(size)).add(packet.wire_length.value_or(size));
    body.add(packet.data).pad_to_four();
  }

  static void add_option(OctetWriter& body, const PcapngOption& option) {
    body.add(option.code).add(static_cast<std::uint16_t>(option.value.size()));
    body.add(option.value).pad_to_four();
  }

  std::endian x_order = std::endian::little;
  Octets x_octets;
};

}  // namespace tapdeck::test
