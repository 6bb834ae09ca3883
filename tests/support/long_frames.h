// Frames of any length with TCP or UDP in them, as offload leaves them in captures, and what a
// receiver makes of the pieces that they were cut into.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "dissectors/checksum.h"
#include "dissectors/edit/frame_pieces.h"
#include "dissectors/edit/write_octets.h"
#include "dissectors/registry.h"
#include "tests/support/dissect.h"
#include "tests/support/packets.h"

namespace tapdeck::test {

struct LongFrame {
  std::string_view tags = "";  ///< Between the MAC addresses and the EtherType.
  bool is_ipv6 = false;
  std::string_view options = "";  ///< Of IPv4, or extension headers; a multiple of 4 or 8 octets.
  std::uint8_t next_header = 6;   ///< That the IP header names.
  std::string_view transport =
      "0457 08ae 0000 03e8 0000 07d0 5018 ffff 0000 0000";  ///< TCP, seq 1000, PSH and ACK.
  std::size_t payload = 0;                                  ///< Octets, counting up from 0.
  std::uint16_t fragment = 0;                               ///< IPv4's field of flags and offset.
  std::uint16_t identification = 0xfffe;
  bool length_is_zero = false;  ///< As TSO and BIG TCP leave it.

  [[nodiscard]] std::vector<std::byte> octets() const {
    std::vector<std::byte> frame = hex(macs, tags, is_ipv6 ? "86dd" : "0800");
    const std::size_t network = frame.size();
    const std::vector<std::byte> extra = hex(options), header = hex(transport);
    const auto ip = is_ipv6 ? hex("6000 0000 0000 0040 2001 0db8 0000 0000 0000 0000 0000 0001"
                                  "2001 0db8 0000 0000 0000 0000 0000 0002")
                            : hex("4500 0000 0000 0000 4000 0000 c000 0201 c633 6402");
    for (const auto* part : {&ip, &extra, &header}) {
      frame.insert(frame.end(), part->begin(), part->end());
    }
    for (std::size_t i = 0; i < payload; ++i) {
      frame.push_back(
          static_cast<std::byte>(i % 251));  // 251 is prime: no piece looks like another
    }
    const auto packet = std::span(frame).subspan(network);
    if (is_ipv6) {
      write_octet(packet, 6, next_header);
      if (!length_is_zero) {
        write_big_endian(packet, 4, static_cast<std::uint16_t>(packet.size() - 40));
      }
      return frame;
    }
    write_octet(packet, 0, static_cast<std::uint8_t>(0x45 + extra.size() / 4));
    if (!length_is_zero) write_big_endian(packet, 2, static_cast<std::uint16_t>(packet.size()));
    write_big_endian(packet, 4, identification);
    write_big_endian(packet, 6, fragment);
    write_octet(packet, 9, next_header);
    write_big_endian(packet, 10,
                     static_cast<std::uint16_t>(~internet_sum(packet.first(20 + extra.size()))));
    return {frame.begin(), frame.end()};
  }
};

inline DissectedPacket dissect(const LongFrame& frame) { return dissect(frame.octets()); }

inline DissectedPacket dissect(Bytes piece) {
  return dissect(std::vector<std::byte>(piece.begin(), piece.end()));
}

/// The payload of the transport header.
inline Bytes payload_of(const DissectedPacket& packet) { return packet.dissection.payload.bytes; }

/// All checksums of it are right.
inline void expect_good_checksums(const DissectedPacket& packet) {
  const ChecksumReport report = verify_checksums(packet.dissection);
  EXPECT_EQ(report.transport, ChecksumStatus::good) << packet.layer_names();
  EXPECT_NE(report.network, ChecksumStatus::bad);
  EXPECT_NE(report.network, ChecksumStatus::offloaded);
}

}  // namespace tapdeck::test
