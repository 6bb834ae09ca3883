// What a dissector's parse() returns: how long its header is, what it encloses, what comes next.
#pragma once

#include <cstdint>

#include "dissectors/fault.h"
#include "dissectors/region.h"
#include "dissectors/selector.h"

namespace tapdeck {

/// What the rest of the walk must know of the layers above and of the file.
struct ParseContext {
  std::uint8_t fcs_length = 0;  ///< Octets of frame check sequence that the file declares.
  bool quoted = false;          ///< Inside the packet that an ICMP error quotes.
  bool may_be_cut = false;      ///< Quoted, or in a first fragment: less than headers declare.
  Selector selector{};          ///< By which the walk came here.

  /// Lengths count octets that other fragments hold; only dissect_frame walks on in one.
  [[nodiscard]] constexpr bool in_first_fragment() const { return may_be_cut && !quoted; }
};

/// Where a fragment lies in its datagram.
struct FragmentPlace {
  std::uint32_t identification = 0;
  std::uint32_t offset = 0;  ///< Octets.
  bool more = false;
  std::uint8_t protocol = 0;  ///< Of what the datagram carries; the first fragment decides.
};

struct Step {
  enum class Outcome : std::uint8_t {
    header,    // parsed; the walk goes on with `payload`
    fragment,  // parsed; `payload` is a fragment that waits for its datagram
    redirect,  // no header of its own: the same octets are for who attaches to `next`
    not_mine,  // the selector was a convention and these octets aren't this protocol
    fault,     // see the fault fields
  };

  Outcome outcome = Outcome::header;
  FaultKind fault_kind{};
  bool quotes = false;              ///< The payload is a packet quoted by an ICMP error.
  std::uint32_t header_length = 0;  ///< As declared; the capture may hold less (options cut).
  std::uint32_t fault_needed = 0;
  Region payload{};
  Selector next{};
  FragmentPlace fragment{};  ///< Valid with Outcome::fragment; `next` is what the datagram holds.
  Selector alternative{};  ///< Tried where nobody attaches to `next` or it proves not to be theirs.

  static constexpr Step not_mine() { return {.outcome = Outcome::not_mine}; }

  /// Must lead to a dissector that takes octets, or the walk would not end.
  static constexpr Step redirect(Selector next) {
    return {.outcome = Outcome::redirect, .next = next};
  }

  static constexpr Step fault(FaultKind kind, std::size_t needed) {
    return {.outcome = Outcome::fault,
            .fault_kind = kind,
            .fault_needed = static_cast<std::uint32_t>(needed)};
  }

  /// The fault for a header of which `needed` octets are not there: cut by the capture or never
  /// sent. Requires: !region.holds(needed).
  static constexpr Step too_short(Region region, std::size_t needed) {
    return fault(region.length < needed ? FaultKind::too_short : FaultKind::cut_short, needed);
  }

  /// For a header of fixed length that leads to the same thing whatever it says.
  static constexpr Step over(std::uint32_t header_octets, Region region, Selector next) {
    if (!region.holds(header_octets)) return too_short(region, header_octets);
    return {.header_length = header_octets, .payload = region.after(header_octets), .next = next};
  }
};

}  // namespace tapdeck
