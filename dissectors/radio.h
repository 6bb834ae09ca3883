// What capturing radios put before an 802.11 frame: radiotap (radiotap.org), and the older headers
// of Prism cards and of AVS.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/field_cursor.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class Radiotap {
 public:
  static constexpr std::string_view name = "radiotap";
  static constexpr Role role = Role::link;
  static constexpr std::array attaches_to{by(LinkType::ieee802_11_radiotap)};
  static constexpr std::size_t shortest_header = 8;
  static constexpr std::size_t fcs_octets = 4;

  /// Requires: region.holds(shortest_header); for the flags, the whole header.
  explicit Radiotap(Region region) : x_bytes(region.bytes) {}

  [[nodiscard]] std::uint8_t version() const { return read_octet(x_bytes, 0); }
  /// Octets, everything included.
  [[nodiscard]] std::uint16_t length() const {
    return read_little_endian<std::uint16_t>(x_bytes, 2);
  }
  /// The first word of the bit mask that says which fields follow.
  [[nodiscard]] std::uint32_t present() const {
    return read_little_endian<std::uint32_t>(x_bytes, 4);
  }
  /// Where the words of the bit mask end; 0 where the header ends before they do.
  [[nodiscard]] std::size_t fields_offset() const;
  /// Where the octet of flags lies; 0 if there is none.
  [[nodiscard]] std::size_t flags_offset() const;
  [[nodiscard]] std::uint8_t flags() const {
    const std::size_t at = flags_offset();
    return at == 0 ? std::uint8_t{0} : read_octet(x_bytes, at);
  }
  [[nodiscard]] bool fcs_at_end() const { return (flags() & 0x10U) != 0; }
  [[nodiscard]] bool padded() const { return (flags() & 0x20U) != 0; }
  [[nodiscard]] bool bad_fcs() const { return (flags() & 0x40U) != 0; }

  static Step parse(Region region, const ParseContext& context);
  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink);

 private:
  Bytes x_bytes;
};

/// The header of AVS (magic number 0x80211001) or of Prism, which files mix up: either link type
/// may have either.
class PrismOrAvs {
 public:
  static constexpr std::string_view name = "radio_header";
  static constexpr Role role = Role::link;
  static constexpr std::array attaches_to{by(LinkType::ieee802_11_prism),
                                          by(LinkType::ieee802_11_avs)};
  static constexpr std::size_t shortest_header = 8;

  /// Requires: region.holds(shortest_header).
  explicit PrismOrAvs(Region region) : x_bytes(region.bytes) {}

  [[nodiscard]] bool is_avs() const {
    constexpr std::uint32_t magic_without_version = 0x80211000U;
    return (read_big_endian<std::uint32_t>(x_bytes, 0) & 0xfffff000U) == magic_without_version;
  }
  /// Octets; Prism's is in the byte order of the capturing machine, so the smaller reading counts.
  [[nodiscard]] std::uint32_t length() const {
    const auto big = read_big_endian<std::uint32_t>(x_bytes, 4);
    return is_avs() ? big : std::min(big, read_little_endian<std::uint32_t>(x_bytes, 4));
  }

  static Step parse(Region region, const ParseContext& context) {
    if (!region.holds(shortest_header)) return Step::too_short(region, shortest_header);
    const std::size_t length = PrismOrAvs(region).length();
    if (length < shortest_header) return Step::fault(FaultKind::bad_length, shortest_header);
    if (!region.holds(length)) return Step::too_short(region, length);
    const std::size_t without_fcs =
        region.length - std::min<std::size_t>(region.length - length, context.fcs_length);
    return {.header_length = static_cast<std::uint32_t>(length),
            .payload = region.limited_to(without_fcs).after(length),
            .next = by(InnerHeader::ieee802_11)};
  }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
    const PrismOrAvs header(dissection.region_of(layer));
    sink.add("kind", 0, 4, std::uint64_t{read_big_endian<std::uint32_t>(header.x_bytes, 0)},
             header.is_avs() ? "AVS" : "Prism");
    sink.add("length", 4, 4, std::uint64_t{header.length()});
    FieldCursor cursor(dissection.header_of(layer).bytes, sink, shortest_header);
    cursor.octets("fields", cursor.left());
  }

 private:
  Bytes x_bytes;
};

}  // namespace tapdeck
