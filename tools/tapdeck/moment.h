// A moment of a capture as users name it, and the packets that came until then.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "captures/packet.h"

namespace tapdeck {

struct WantedMoment {
  enum class Kind : std::uint8_t {
    end,       // of the capture
    frame,     // when the frame with this number was captured, itself included
    absolute,  // nanoseconds since the epoch
    relative,  // nanoseconds since the first packet, or from now
  };
  Kind kind{};
  std::uint64_t frame = 0;
  std::int64_t ns = 0;

  friend bool operator==(const WantedMoment&, const WantedMoment&) = default;
};

/// What an option takes that names a moment.
struct MomentForms {
  std::string_view option;
  std::string_view examples;  ///< For whoever wrote something else.
  bool of_capture = true;     ///< Its end and its frames have moments, too.
};

/// "2024-02-29T23:59:59.5Z" (RFC 3339), "1709251199.5" (seconds since the epoch); "12.5s",
/// "+1m30s", "+2.5" (relative); of a capture "end", "frame:1234" and "#1234" as well.
/// Failure(usage) for anything else.
[[nodiscard]] WantedMoment parse_moment(const std::string& text, const MomentForms& forms);

/// Passes the packets that came until then, and knows when no more will come.
class MomentGate {
 public:
  explicit MomentGate(const WantedMoment& wanted) : x_wanted(wanted) {}

  [[nodiscard]] bool admits(const Packet& packet);

  /// Frames stand out of order by less: all that follow came later.
  [[nodiscard]] bool is_past() const { return x_is_past; }

  /// Some packet came later.
  [[nodiscard]] bool has_later() const { return x_has_later; }

  /// The moment, where neither the end nor a frame was asked for; known with the first packet.
  [[nodiscard]] std::optional<std::int64_t> time_ns() const { return x_limit_ns; }
  [[nodiscard]] std::optional<std::int64_t> first_ns() const { return x_first_ns; }

 private:
  void begin(const Packet& first);

  WantedMoment x_wanted;
  std::optional<std::int64_t> x_first_ns;
  std::optional<std::int64_t> x_limit_ns;
  bool x_has_later = false;
  bool x_is_past = false;
};

}  // namespace tapdeck
