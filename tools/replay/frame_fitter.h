// Makes frames that an interface takes out of packets as captures hold them: without check
// sequence, with the interface's link header, no longer than its MTU. What can't be made to fit is
// skipped, and counted by the reason.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "captures/packet.h"
#include "dissectors/address.h"
#include "dissectors/dissector.h"
#include "dissectors/edit/frame_pieces.h"
#include "tools/replay/segment_sizes.h"

namespace tapdeck {

/// What becomes of frames over the MTU.
enum class Oversize : std::uint8_t {
  segment,   // TCP cut by its own rules, other packets into IP fragments where that is allowed
  fragment,  // all cut into IP fragments, allowed or not
  skip,
  fail,
};

/// What becomes of frames of which the capture holds only the begin.
enum class Truncated : std::uint8_t {
  skip,
  pad,  // zeros in place of what is missing
};

struct FittingOptions {
  /// That the interface takes: ethernet or raw; absent: that of each packet.
  std::optional<LinkType> link_type = LinkType::ethernet;
  std::uint32_t mtu = 0;  ///< Octets behind the link header; 0: no limit.
  Oversize oversize = Oversize::segment;
  Truncated truncated = Truncated::skip;
  /// For packets of links that aren't Ethernet: who sends them, where their own header doesn't tell
  /// it, and the next host.
  std::optional<MacAddress> source = std::nullopt, destination = std::nullopt;
};

/// Why a packet was skipped.
enum class Unfit : std::uint8_t {
  truncated,
  too_short,  // for a link header
  no_form,    // nothing that the interface's link could name: PPP negotiation, ARP where IP must be
  prohibited,   // over the MTU, and no router may cut it: IPv4 packets that say so, and IPv6
  unsegmented,  // over the MTU, and nothing that can be cut, or Oversize::skip
};
inline constexpr std::size_t unfit_count = 5;

struct FittingCounts {
  std::uint64_t packets = 0;     // that came
  std::uint64_t segmented = 0;   // frames over the MTU …
  std::uint64_t segments = 0;    // … and what they were cut into
  std::uint64_t fragmented = 0;  // likewise
  std::uint64_t fragments = 0;
  std::uint64_t converted = 0;                       // from another link type
  std::uint64_t padded = 0;                          // where the capture had cut them
  std::array<std::uint64_t, unfit_count> skipped{};  // by Unfit
  std::uint64_t sizes_forgotten = 0;  // connections whose maximum segment size found no room
  std::uint32_t largest = 0;          // octets of the longest frame over the MTU

  [[nodiscard]] std::uint64_t skipped_for(Unfit why) const {
    return skipped[static_cast<std::size_t>(why)];
  }
};

class FrameFitter {
 public:
  explicit FrameFitter(const FittingOptions& options);

  /// The frames to send for a packet, in their order and with its number and time: usually the one
  /// that came, none if it was skipped. Borrowed from the packet and the fitter until the next
  /// call. Throws Failure(usage) for packets of a link that can't be converted or lacks addresses
  /// to do it, Failure(unwritable_output) with Oversize::fail.
  [[nodiscard]] std::span<const Packet> fit(const Packet& packet);

  [[nodiscard]] FittingCounts counts() const;

  /// Frames may be longer than what the capture holds of them.
  [[nodiscard]] bool may_lengthen() const {
    return x_options.link_type || x_options.truncated == Truncated::pad;
  }

 private:
  [[nodiscard]] std::span<const Packet> skip(Unfit why);
  [[nodiscard]] bool complete();
  [[nodiscard]] bool convert();
  [[nodiscard]] std::size_t longest_frame() const;
  void dissect();
  void note_opening();
  [[nodiscard]] std::span<const Packet> cut();
  [[nodiscard]] bool cut_into_segments();
  [[nodiscard]] std::span<const Packet> pieces();

  FittingOptions x_options;
  FittingCounts x_counts;
  Packet x_frame;                      // that is being fitted
  std::vector<std::byte> x_padded;     // its bytes, where it was cut …
  std::vector<std::byte> x_rewritten;  // … or had another link header
  Dissector x_dissector;
  Dissection x_dissection;
  SegmentSizes x_sizes;
  FramePieces x_cut;
  std::vector<Packet> x_pieces;
  std::uint32_t x_identification = 0;  // of the last packet that was given one
};

}  // namespace tapdeck
