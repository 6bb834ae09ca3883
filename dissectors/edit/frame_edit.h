// Writes into a frame and keeps every checksum over what it changes as right or wrong as it was:
// the header's own, that of the transport whose pseudo-header holds an address, those of the
// tunnels around. Nothing is summed up but what changes, so fragments and cut frames come out right
// too.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "dissectors/address.h"
#include "dissectors/dissection.h"

namespace tapdeck {

class FrameEdit {
 public:
  /// `frame` is a copy of the octets that `dissection`, made by dissect_frame, was made of. Both
  /// must outlive the edit.
  FrameEdit(const Dissection& dissection, std::span<std::byte> frame);

  /// Requires: at + octets.size() <= frame().size().
  void write(std::size_t at, Bytes octets);

  /// The address in as many octets as its version has.
  void write(std::size_t at, const IpAddress& address);
  void write(std::size_t at, const MacAddress& address);
  void write(std::size_t at, std::uint8_t value);
  void write(std::size_t at, std::uint16_t value);  ///< In network order.

  /// As edited so far.
  [[nodiscard]] Bytes frame() const { return x_frame; }
  /// As it was.
  [[nodiscard]] const Dissection& dissection() const { return x_dissection; }
  [[nodiscard]] bool changed() const { return x_changed; }

 private:
  /// What one checksum covers, in octets from the frame's start.
  struct Cover {
    enum class Kind : std::uint8_t {
      checksum,      // of the Internet
      udp_checksum,  // likewise, never zero
      partial_sum,   // of the pseudo-header alone, left for the interface to complete
      crc32c,        // SCTP's (RFC 9260 appendix A), without a pseudo-header
    };
    Kind kind{};
    std::uint32_t field = 0;
    std::uint32_t begin = 0, end = 0;  // the octets summed up, as far as captured
    std::uint32_t declared_end = 0;    // captured or not
    /// The addresses in the pseudo-header; 0 octets without one, or where they lie nowhere.
    std::uint32_t source = 0, destination = 0, address_octets = 0;
  };

  void add_covers(const Layer& layer);
  void add_ipv4(const Layer& layer);
  void add_transport(const Layer& layer, std::uint32_t field, std::uint32_t octets,
                     std::uint8_t ip_protocol);
  void add(const Layer& layer, Cover cover);
  void place_pseudo_header(const Layer& transport, Cover& cover) const;
  void update(const Cover& cover, std::size_t at, Bytes octets);
  void update_sum(const Cover& cover, std::uint16_t before, std::uint16_t after);
  void update_crc(const Cover& cover, std::size_t at, Bytes octets);

  const Dissection& x_dissection;
  std::span<std::byte> x_frame;
  bool x_changed = false;
  std::uint8_t x_cover_count = 0;
  std::array<Cover, Dissection::max_layers> x_covers;
};

}  // namespace tapdeck
