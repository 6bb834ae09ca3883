// Linux cooked captures, as the "any" device makes them (LINKTYPE_LINUX_SLL and _SLL2).
#pragma once

#include <array>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/field.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

/// The ARPHRD_ numbers of Linux that change what the protocol field means.
struct ArpHardware {
  static constexpr std::uint16_t ieee802_11 = 801, ieee802_11_prism = 802,
                                 ieee802_11_radiotap = 803, netlink = 824;
};

/// What follows a cooked header.
[[nodiscard]] constexpr Selector cooked_selector(std::uint16_t hardware, std::uint16_t protocol) {
  constexpr std::uint16_t llc = 4;
  switch (hardware) {
    case ArpHardware::ieee802_11:
      return by(LinkType::ieee802_11);
    case ArpHardware::ieee802_11_prism:
      return by(LinkType::ieee802_11_prism);
    case ArpHardware::ieee802_11_radiotap:
      return by(LinkType::ieee802_11_radiotap);
    case ArpHardware::netlink:
      return {};
  }
  if (protocol == llc) return by(InnerHeader::llc);
  return protocol >= smallest_ether_type ? by_ether_type(protocol) : Selector{};
}

class LinuxSll {
 public:
  static constexpr std::string_view name = "linux_sll";
  static constexpr Role role = Role::link;
  static constexpr std::array attaches_to{by(LinkType::linux_sll)};
  static constexpr std::size_t header_octets = 16;

  /// Requires: region.holds(header_octets).
  explicit LinuxSll(Region region) : x_bytes(region.bytes) {}

  [[nodiscard]] std::uint16_t packet_type() const { return read(0); }
  [[nodiscard]] std::uint16_t hardware() const { return read(2); }
  [[nodiscard]] std::uint16_t address_length() const { return read(4); }
  /// Eight octets, of which the first `address_length` mean something.
  [[nodiscard]] Bytes address() const { return x_bytes.subspan(6, 8); }
  [[nodiscard]] std::uint16_t protocol() const { return read(14); }

  static Step parse(Region region, const ParseContext&) {
    if (!region.holds(header_octets)) return Step::too_short(region, header_octets);
    const LinuxSll header(region);
    return {.header_length = header_octets,
            .payload = region.after(header_octets),
            .next = cooked_selector(header.hardware(), header.protocol())};
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink);

 private:
  [[nodiscard]] std::uint16_t read(std::size_t at) const {
    return read_big_endian<std::uint16_t>(x_bytes, at);
  }

  Bytes x_bytes;
};

class LinuxSll2 {
 public:
  static constexpr std::string_view name = "linux_sll2";
  static constexpr Role role = Role::link;
  static constexpr std::array attaches_to{by(LinkType::linux_sll2)};
  static constexpr std::size_t header_octets = 20;

  /// Requires: region.holds(header_octets).
  explicit LinuxSll2(Region region) : x_bytes(region.bytes) {}

  [[nodiscard]] std::uint16_t protocol() const {
    return read_big_endian<std::uint16_t>(x_bytes, 0);
  }
  [[nodiscard]] std::uint32_t interface_index() const {
    return read_big_endian<std::uint32_t>(x_bytes, 4);
  }
  [[nodiscard]] std::uint16_t hardware() const {
    return read_big_endian<std::uint16_t>(x_bytes, 8);
  }
  [[nodiscard]] std::uint8_t packet_type() const { return read_octet(x_bytes, 10); }
  [[nodiscard]] std::uint8_t address_length() const { return read_octet(x_bytes, 11); }
  /// Eight octets, of which the first `address_length` mean something.
  [[nodiscard]] Bytes address() const { return x_bytes.subspan(12, 8); }

  static Step parse(Region region, const ParseContext&) {
    if (!region.holds(header_octets)) return Step::too_short(region, header_octets);
    const LinuxSll2 header(region);
    return {.header_length = header_octets,
            .payload = region.after(header_octets),
            .next = cooked_selector(header.hardware(), header.protocol())};
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink);

 private:
  Bytes x_bytes;
};

}  // namespace tapdeck
